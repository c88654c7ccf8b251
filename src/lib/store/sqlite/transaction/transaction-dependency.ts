import type { DatabaseSync } from 'node:sqlite'
import { madeLast } from '../../../operation/compiled/made-last.ts'
import { type DependencyNeeds, dependency } from '../../../operation/dependency-definition.ts'
import type { Dependency } from '../../../operation/dependency-set.ts'
import type { NoHeaders, NoQuery } from '../../../operation/responses.ts'
import type { NoPart } from '../../../schema/schema.ts'
import { transactionsOf } from './sqlite-transactions.ts'

/** A dependency that is a connection in a transaction, and reads nothing of the request. */
export type SqliteTransactionDependency = Dependency<
  DatabaseSync,
  DependencyNeeds<NoPart<'params'>, NoQuery, NoHeaders, {}>
>

const known = new WeakMap<DatabaseSync, SqliteTransactionDependency>()

/**
 * A connection on which a transaction is open while the handler runs. It is committed when the handler has returned, before
 * the client gets its response, and rolled back where the handler throws. All stores of a database have the same.
 */
export function sqliteTransactionDependency(database: DatabaseSync, waitMs: number): SqliteTransactionDependency {
  const before = known.get(database)
  if (before !== undefined) return before
  const transactions = transactionsOf(database)
  const made = madeLast(
    dependency({ scope: 'handler' }, async function* (): AsyncGenerator<DatabaseSync, void, void> {
      const transaction = await transactions.begin(waitMs)
      try {
        yield transaction.connection
        await transaction.commit()
      } finally {
        transaction.end()
      }
    }),
  )
  known.set(database, made)
  return made
}
