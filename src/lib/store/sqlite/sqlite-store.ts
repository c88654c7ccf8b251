import { resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import { checkStoreOptions } from '../check-store-options.ts'
import { queuedStore } from '../queue/queued-store.ts'
import type { SqliteStoreLimits } from './sqlite-store-limits.ts'
import { SqliteOwnConnection } from './thread/own-connection.ts'
import { type FileOptions, threadStore } from './thread/thread-store.ts'
import { type SqliteTransactionDependency, sqliteTransactionDependency } from './transaction/transaction-dependency.ts'

/** Which database to use, and how much may wait for it. */
export type SqliteStoreOptions = SqliteStoreLimits & (SqliteFile | SqliteDatabase)

/** A file of the store's own. */
export interface SqliteFile extends FileOptions {
  /** The database file. Its folder is made if there is none. */
  readonly path: string
  readonly database?: never
}

/** The database of the program. */
export interface SqliteDatabase {
  /**
   * Your own connection. The tables `ringback_…` are made in its database, and `transaction` takes this connection, or the
   * one that `store.transaction` gives.
   */
  readonly database: DatabaseSync
  readonly path?: never
}

/** A store in a database of yours. */
export interface SqliteStore extends DeliveryStore {
  /**
   * A dependency: a connection to the same file on which a transaction is open. It is committed when the handler has
   * returned, before the response goes out, and rolled back where the handler throws. What the handler sends is stored in it.
   */
  readonly transaction: SqliteTransactionDependency
}

type Names<Union> = Union extends unknown ? keyof Union : never

const STORE_NAMES: Readonly<Record<Names<SqliteStoreOptions>, true>> = {
  path: true,
  database: true,
  storeLimitBytes: true,
  log: true,
  queueLimit: true,
  waitLimitMs: true,
}

/**
 * Keeps deliveries in an SQLite database.
 *
 * With `path`, a thread of its own opens the file at the first use, in WAL mode with `synchronous = FULL`: what was
 * acknowledged survives a crash of the machine. Operations that come at the same time are committed together. Several
 * processes may share the file. If the file is locked or the disk is full, calls reject with `StoreUnavailableError`,
 * and the store recovers without a restart. A database that is not Ringback's, or that others could change, is refused
 * until that is fixed. With `database`, the same is done on your own connection, in your thread, and `store.transaction`
 * is a dependency that commits your rows and your deliveries together. Who may write to its file is then your
 * responsibility, and what is deleted on that connection is overwritten (`secure_delete`).
 *
 * @example
 * ```ts
 * import { createDelivery } from 'ringback/delivery'
 * import { generateSecret } from 'ringback/signature'
 * import { sqliteStore } from 'ringback/sqlite'
 *
 * const store = sqliteStore({ path: '.ringback/deliveries.sqlite' })
 * const delivery = createDelivery({ store, signing: { masterSecret: generateSecret() } })
 * await delivery.start()
 * await delivery.close()
 * ```
 */
export function sqliteStore(options: SqliteStoreLimits & SqliteDatabase): SqliteStore
export function sqliteStore(options: SqliteStoreOptions): DeliveryStore
export function sqliteStore(options: SqliteStoreOptions): DeliveryStore {
  checkStoreOptions(options, STORE_NAMES)
  if (options.path !== undefined) return threadStore(resolve(options.path), options)
  return connectionStore(options)
}

function connectionStore(options: SqliteStoreLimits & SqliteDatabase): SqliteStore {
  const own = new SqliteOwnConnection(options.database)
  const close = async () => own.close()
  const inTransaction: Pick<DeliveryStore, 'add' | 'useKeys'> = {
    add: async request => own.inTransaction(request, operations => operations.add(request)),
    useKeys: async request => own.inTransaction(request, operations => operations.useKeys(request)),
  }
  const location = options.database.location() || 'memory'
  const store = queuedStore({ location, commit: batch => own.commit(batch), inTransaction, close }, options)
  return { ...store, transaction: sqliteTransactionDependency(options.database, options.waitLimitMs ?? 5_000) }
}
