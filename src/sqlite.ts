export { type SqliteStoreOptions, sqliteStore } from './lib/store/sqlite/sqlite-store.ts'
export type { SqliteStoreLimits } from './lib/store/sqlite/sqlite-store-limits.ts'
