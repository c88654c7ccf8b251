import { resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import { checkStoreOptions } from '../check-store-options.ts'
import { queuedStore } from '../queue/queued-store.ts'
import type { SqliteStoreLimits } from './sqlite-store-limits.ts'
import { SqliteOwnConnection } from './thread/own-connection.ts'
import { type FileOptions, threadStore } from './thread/thread-store.ts'

/** Which database, and how much may wait for it. */
export type SqliteStoreOptions = SqliteStoreLimits &
  (
    | ({
        /** The database file; its folder is made where there is none. */
        readonly path: string
        readonly database?: never
      } & FileOptions)
    | {
        /** Your own connection: the tables `ringback_…` are made in its database, and `transaction` takes it. */
        readonly database: DatabaseSync
        readonly path?: never
      }
  )

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
 * With `path` the file is opened at the first use by a thread of its own, in WAL mode with `synchronous = FULL`: what was
 * acknowledged outlives a crash of the machine. What is asked for at the same time is committed together. Several
 * processes may share the file. A locked file or a full disk makes calls reject with `StoreUnavailableError`, and is
 * recovered from without a restart. What is no database of Ringback's, or could be changed by others, is refused until it is
 * mended. With `database` the same is done on your own connection, in your thread; who may write there is left to you, and
 * what is deleted on that connection is overwritten (`secure_delete`).
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
export function sqliteStore(options: SqliteStoreOptions): DeliveryStore {
  checkStoreOptions(options, STORE_NAMES)
  if (options.path !== undefined) return threadStore(resolve(options.path), options)
  const own = new SqliteOwnConnection(options.database)
  const close = async () => own.close()
  const inTransaction: Pick<DeliveryStore, 'add' | 'useKeys'> = {
    add: async request => own.inTransaction(request, operations => operations.add(request)),
    useKeys: async request => own.inTransaction(request, operations => operations.useKeys(request)),
  }
  const location = options.database.location() || 'memory'
  return queuedStore({ location, commit: batch => own.commit(batch), inTransaction, close }, options)
}
