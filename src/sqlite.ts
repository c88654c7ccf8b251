export { type SqliteStoreOptions, sqliteStore } from './lib/store/sqlite-store.ts'
export type { SqliteStoreLimits } from './lib/store/sqlite-store-limits.ts'
