import type { AddRequest, AddResult, UseKeysRequest, UseKeysResult } from '../../../delivery/delivery-store.ts'
import { NotInTransactionError } from '../../../delivery/not-in-transaction-error.ts'
import { StoreUnavailableError } from '../../../delivery/store-unavailable-error.ts'
import { addAll } from '../add/add.ts'
import { useKeys } from '../keys.ts'
import { writeTally } from '../stats/tally-table.ts'
import type { WakeSignal } from '../wake/wake-signal.ts'
import { goOn, type TransactionParts } from './begin.ts'
import type { PostgresClient } from './postgres-client.ts'
import { hasNoTables, isConflict, isConnectionError, reasonOf } from './reasons.ts'
import { atServerTime, type RunTime } from './run-operations.ts'
import type { Transaction } from './transaction.ts'
import { transactionClient } from './transaction-client.ts'

/** What is done within transactions of the user's. */
export interface UserTransactionParts extends TransactionParts {
  readonly time: RunTime
  /** The id of the store, so that it is not taken for one in another database. */
  readonly storeId: () => Promise<string>
  readonly signal: WakeSignal | undefined
}

/** `add` and `useKeys` on a client that has a transaction open, which decides whether they happened. */
export function userTransactions(parts: UserTransactionParts) {
  return {
    add: (request: AddRequest): Promise<AddResult> =>
      inUserTransaction(parts, request, async (transaction, at) => {
        const [result] = await addAll(transaction, [at])
        // Not as this process: its worker was woken before the commit.
        await parts.signal?.tell(transaction, '')
        return result!
      }),
    useKeys: (request: UseKeysRequest): Promise<UseKeysResult> => inUserTransaction(parts, request, useKeys),
  }
}

const mostTries = 4

async function inUserTransaction<Request extends { readonly transaction?: unknown }, Result>(
  parts: UserTransactionParts,
  request: Request,
  work: (transaction: Transaction, request: Request) => Promise<Result>,
): Promise<Result> {
  const client = transactionClient(request.transaction)
  // First, as the tables may have to be made, which must not become part of the user's transaction.
  const storeId = await parts.storeId()
  for (let tries = 1; ; tries++) {
    await makeSavepoint(client)
    try {
      const transaction = await goOn(client, parts)
      if (transaction.engine.id !== storeId) throw new NotInTransactionError('it is a connection to another database')
      const at = parts.time === 'server' ? (atServerTime(request, transaction.engine.now) as Request) : request
      const result = await work(transaction, at)
      await writeTally(transaction)
      await client.query({ text: 'release savepoint ringback' })
      return result
    } catch (error) {
      await undo(client, error)
      if (isConflict(error) && tries < mostTries) continue
      if (hasNoTables(error)) throw new NotInTransactionError('it is a connection to another database')
      throw error instanceof NotInTransactionError
        ? error
        : new StoreUnavailableError(reasonOf(error), { cause: error })
    }
  }
}

/** A client without a transaction cannot have one. */
async function makeSavepoint(client: PostgresClient): Promise<void> {
  try {
    await client.query({ text: 'savepoint ringback' })
  } catch (error) {
    if (isConnectionError(error)) throw new StoreUnavailableError(reasonOf(error), { cause: error })
    throw new NotInTransactionError('no transaction is open on it, or it has failed already')
  }
}

/** Undoes what is ours and leaves the user's own as it is. */
async function undo(client: PostgresClient, error: unknown): Promise<void> {
  if (isConnectionError(error)) return
  try {
    await client.query({ text: 'rollback to savepoint ringback' })
    await client.query({ text: 'release savepoint ringback' })
  } catch (cause) {
    throw new StoreUnavailableError(`${reasonOf(error)}; your whole transaction has failed: start it again`, { cause })
  }
}
