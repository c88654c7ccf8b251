export {
  type SqliteDatabase,
  type SqliteFile,
  type SqliteStore,
  type SqliteStoreOptions,
  sqliteStore,
} from './lib/store/sqlite/sqlite-store.ts'
export type { SqliteStoreLimits } from './lib/store/sqlite/sqlite-store-limits.ts'
export type { SqliteTransactionDependency } from './lib/store/sqlite/transaction/transaction-dependency.ts'
