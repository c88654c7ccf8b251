export { type SqliteStoreLimits, type SqliteStoreOptions, sqliteStore } from './lib/store/sqlite-store.ts'
