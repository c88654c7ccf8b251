import { StoreUnavailableError } from '../../delivery/store-unavailable-error.ts'
import { madeLast } from '../../operation/compiled/made-last.ts'
import { dependency } from '../../operation/dependency-definition.ts'
import { borrowClient } from './connection/borrow-client.ts'
import type { PooledPostgresClient, PostgresPool } from './connection/postgres-client.ts'
import { isConnectionError, reasonOf } from './connection/reasons.ts'

/** Where transactions are begun. */
export interface TransactionSource<Client extends PooledPostgresClient> {
  readonly pool: PostgresPool<Client>
  readonly waitLimitMs: number
  /** Makes the tables where they are missing, before a connection is taken. */
  readonly ready: () => Promise<unknown>
}

/** So long a handler may take: after that its connection is closed, so that it holds nothing for ever. */
const LONGEST_MS = 600_000

/**
 * A client on which a transaction is open while the handler runs. It is committed when the handler has returned, before
 * the client gets its response, and rolled back where the handler throws.
 */
export function transactionDependency<Client extends PooledPostgresClient>(source: TransactionSource<Client>) {
  const transaction = dependency({ scope: 'handler' }, async function* (): AsyncGenerator<Client, void, void> {
    const { pool, waitLimitMs, ready } = source
    await ready()
    const borrowed = await unavailableWhere(borrowClient(pool, { byMs: waitLimitMs, forMs: LONGEST_MS }))
    const { client, giveBack } = borrowed
    let isBroken = true
    try {
      await unavailableWhere(client.query({ text: 'begin' }))
      yield client
      await unavailableWhere(client.query({ text: 'commit' }))
      isBroken = false
    } catch (error) {
      isBroken = await client.query({ text: 'rollback' }).then(
        () => false,
        () => true,
      )
      throw error
    } finally {
      giveBack(isBroken)
    }
  })
  return madeLast(transaction)
}

/** The database being away is no fault of the handler's. */
async function unavailableWhere<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (isConnectionError(error)) throw new StoreUnavailableError(reasonOf(error), { cause: error })
    throw error
  }
}
