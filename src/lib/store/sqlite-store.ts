import { resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { AddRequest, AddResult, DeliveryStore } from '../delivery/delivery-store.ts'
import { NotInTransactionError } from '../delivery/not-in-transaction-error.ts'
import { type CommitBatch, CommitQueue } from './commit-queue.ts'
import type { OperationName, OperationRequest, OperationResult } from './sqlite-operations.ts'
import { SqliteOwnConnection } from './sqlite-own-connection.ts'
import { SqliteThreadClient } from './sqlite-thread-client.ts'

/** Which database, and how much may wait for it. */
export type SqliteStoreOptions = SqliteStoreLimits &
  (
    | {
        /** The database file; its folder is made where there is none. */
        readonly path: string
        readonly database?: never
      }
    | {
        /** Your own connection: the tables `ringback_…` are made in its database, and `transaction` takes it. */
        readonly database: DatabaseSync
        readonly path?: never
      }
  )

/** See {@link SqliteStoreOptions}. */
export interface SqliteStoreLimits {
  /** Operations that may wait; more are refused with `StoreUnavailableError`. Default: 10,000. */
  readonly queueLimit?: number
  /** How long an operation may wait, from its call on, for the queue and for a lock. Default: 5,000. */
  readonly waitLimitMs?: number
}

/** One transaction is to stay short, so that others get their turn. */
const batchLimit = 1_000

/**
 * Keeps deliveries in an SQLite database.
 *
 * With `path` the file is opened at the first use by a thread of its own, in WAL mode with `synchronous = FULL`: what was
 * acknowledged outlives a crash of the machine. What is asked for at the same time is committed together. Several
 * processes may share the file. A locked file or a full disk makes calls reject with `StoreUnavailableError`, and is
 * recovered from without a restart. With `database` the same is done on your own connection, in your thread.
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
  const own = options.database && new SqliteOwnConnection(options.database)
  const thread = options.path === undefined ? undefined : new SqliteThreadClient(resolve(options.path))
  const commit: CommitBatch = batch => (own ?? thread)?.commit(batch) ?? Promise.resolve([])
  const { queueLimit = 10_000, waitLimitMs = 5_000 } = options
  const queue = new CommitQueue(commit, { operations: queueLimit, waitMs: waitLimitMs, batch: batchLimit })
  const operation =
    <Name extends OperationName>(name: Name) =>
    // The thread answers what the operation of this name returned.
    (request: OperationRequest<Name>) =>
      queue.add(name, request) as Promise<OperationResult<Name>>
  const add = operation('add')
  const addInTransaction = async (request: AddRequest): Promise<AddResult> => {
    if (own === undefined)
      throw new NotInTransactionError('the store has a connection of its own; make it with sqliteStore({ database })')
    return own.addInTransaction(request)
  }
  return {
    location: options.path === undefined ? (options.database.location() ?? 'memory') : resolve(options.path),
    add: (request: AddRequest): Promise<AddResult> =>
      request.transaction === undefined ? add(request) : addInTransaction(request),
    find: operation('find'),
    claim: operation('claim'),
    settle: operation('settle'),
    release: operation('release'),
    claimResponses: operation('claimResponses'),
    acknowledgeResponses: operation('acknowledgeResponses'),
    list: operation('list'),
    get: operation('get'),
    counts: () => operation('counts')(undefined),
    replay: operation('replay'),
    cancel: operation('cancel'),
    erase: operation('erase'),
    purge: operation('purge'),
    async close() {
      await queue.drained()
      await thread?.close()
    },
  }
}
