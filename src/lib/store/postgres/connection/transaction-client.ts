import { NotInTransactionError } from '../../../delivery/not-in-transaction-error.ts'
import type { PostgresClient } from './postgres-client.ts'

/**
 * A transaction of another library than `pg`, as `send(body, { transaction })` takes it: what sends a statement in it, whose
 * values are `$1`, `$2` and so on.
 */
export interface PostgresTransaction {
  query(text: string, values: readonly unknown[]): Promise<{ readonly rows: readonly object[] }>
}

/** The client on which the user has a transaction open. Throws a `NotInTransactionError` for what cannot have one. */
export function transactionClient(transaction: unknown): PostgresClient {
  if (!hasQuery(transaction))
    throw new NotInTransactionError(
      'it is neither a client of "pg" nor an object with "query(text, values)" for the transaction of another library',
    )
  // Its next statement may run on another connection, and one that somebody has left in a transaction would do.
  if ('totalCount' in transaction)
    throw new NotInTransactionError('it is a pool: give the client of it on which you have begun the transaction')
  return 'on' in transaction ? (transaction as unknown as PostgresClient) : adapted(transaction)
}

function hasQuery(transaction: unknown): transaction is PostgresTransaction {
  if (typeof transaction !== 'object' || transaction === null || !('query' in transaction)) return false
  return typeof transaction.query === 'function'
}

function adapted(transaction: PostgresTransaction): PostgresClient {
  return {
    async query({ text, values = [] }) {
      try {
        const { rows } = await transaction.query(text, values)
        return { rows: rows.map(plainRow) }
      } catch (error) {
        // Some libraries put the server's error into one of their own.
        throw error instanceof Error && error.cause instanceof Error ? error.cause : error
      }
    },
  }
}

/** Other libraries read types in their own way: here they are as the store reads them from `pg`. */
function plainRow(row: object): object {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(name, value)]))
}

function plainValue(name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new RangeError(
      `The transaction reads "${name}" as a number, which is not exact: read bigint as text or BigInt`,
    )
  return value
}
