import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { NotInTransactionError } from '../../../delivery/not-in-transaction-error.ts'
import { StoreUnavailableError } from '../../../delivery/store-unavailable-error.ts'
import type { OperationAnswer, QueuedOperation } from '../../queue/queued-operation.ts'
import type { SqliteOperations } from '../operations.ts'
import { refuseToWait, settingOf } from '../transaction/other-connection.ts'
import { type SqliteTransactions, transactionsOf } from '../transaction/sqlite-transactions.ts'
import {
  isBusy,
  type PreparedDatabase,
  prepareDatabase,
  reasonOf,
  runBatch,
  runThenWipe,
  unavailable,
} from './batch.ts'
import { Wiping } from './wiping.ts'

const tryAgainMs = 5

/** The user's own connection, which the store shares with the user's transactions. */
export class SqliteOwnConnection {
  readonly #database: DatabaseSync
  readonly #prepared: PreparedDatabase
  /** Those that handlers have by `store.transaction`. */
  readonly #transactions: SqliteTransactions
  readonly #wiping = new Wiping(() => this.#wipe())

  /** Makes the tables at once. If they were made within a transaction of the user's, a rollback would remove them. */
  constructor(database: DatabaseSync) {
    this.#database = database
    this.#transactions = transactionsOf(database)
    try {
      database.exec('pragma secure_delete = on')
      this.#prepared = prepareDatabase(database)
    } catch (error) {
      throw new StoreUnavailableError(reasonOf(error), { cause: error })
    }
  }

  /** Waits, without blocking the thread, while the user has a transaction open or another process holds the lock. */
  async commit(batch: readonly QueuedOperation[]): Promise<readonly OperationAnswer[]> {
    const deadline = Math.min(...batch.map(operation => operation.deadline))
    for (;;) {
      const attempt = () => this.#tryToCommit(batch)
      const answers = await this.#transactions.between(attempt, Math.max(deadline - Date.now(), 0))
      if (answers !== undefined && answers !== 'busy') return answers
      if (Date.now() >= deadline) return batch.map(() => ({ unavailable: 'its lock was held by someone else' }))
      await delay(tryAgainMs)
    }
  }

  /** Does nothing while a transaction of the user's is open across an await: our work must not become part of it. */
  #tryToCommit(batch: readonly QueuedOperation[]): OperationAnswer[] | 'busy' {
    try {
      if (this.#database.isTransaction) return 'busy'
      const run = (others: readonly QueuedOperation[]) => runBatch(this.#prepared, others)
      const answers = runThenWipe(batch, run, () => this.#wiping.now())
      this.#wiping.after(batch)
      return answers
    } catch (error) {
      return isBusy(error) ? 'busy' : batch.map(() => unavailable(error))
    }
  }

  /** Empties the log, if there is one; false while the user or somebody else is at work. */
  #wipe(): boolean {
    try {
      const wait = refuseToWait(this.#database)
      const busy = settingOf(this.#database, 'wal_checkpoint(truncate)')
      wait()
      return busy === 0
    } catch {
      return !this.#database.isOpen
    }
  }

  close(): void {
    this.#wiping.stop()
    this.#transactions.close()
  }

  /** Works within an open transaction of the user's, whose commit or rollback decides about it. */
  inTransaction<T>(request: { readonly transaction?: unknown }, work: (operations: SqliteOperations) => T): T {
    const prepared = this.#preparedFor(request.transaction)
    const { database, operations, counts } = prepared
    if (!database.isTransaction) throw new NotInTransactionError('no transaction is open on it')
    database.exec('savepoint ringback')
    try {
      prepared.check()
      const result = work(operations)
      counts.write()
      database.exec('release ringback')
      return result
    } catch (error) {
      counts.forget()
      throw new StoreUnavailableError(undone(database, reasonOf(error)), { cause: error })
    }
  }

  /** What is prepared on the connection that was given as `transaction`. */
  #preparedFor(transaction: unknown): PreparedDatabase {
    const open = this.#transactions.preparedFor(transaction)
    if (open !== undefined) return open
    if (transaction !== this.#database)
      throw new NotInTransactionError(
        'it is neither the connection that the store was made with nor one that "store.transaction" has open',
      )
    if (this.#transactions.areOnOwnConnection)
      throw new NotInTransactionError(
        'a transaction of "store.transaction" is open: give the connection that this dependency is',
      )
    return this.#prepared
  }
}

/**
 * Undoes our part. SQLite may have rolled back everything; then the message says so, because the user's own rows are
 * gone too.
 */
function undone(database: DatabaseSync, reason: string): string {
  if (!database.isTransaction) return `${reason}; your whole transaction was rolled back: start it again`
  database.exec('rollback to ringback; release ringback')
  return reason
}
