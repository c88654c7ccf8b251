import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { NotInTransactionError } from '../../../delivery/not-in-transaction-error.ts'
import { StoreUnavailableError } from '../../../delivery/store-unavailable-error.ts'
import type { OperationAnswer, QueuedOperation } from '../../queue/queued-operation.ts'
import type { SqliteOperations } from '../operations.ts'
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
  readonly #wiping = new Wiping(() => this.#wipe())

  /** Makes the tables at once. If they were made within a transaction of the user's, a rollback would remove them. */
  constructor(database: DatabaseSync) {
    this.#database = database
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
      const answers = this.#tryToCommit(batch)
      if (answers !== 'busy') return answers
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
      const { timeout } = this.#database.prepare('pragma busy_timeout').get() ?? {}
      this.#database.exec('pragma busy_timeout = 0')
      const busy = this.#database.prepare('pragma wal_checkpoint(truncate)').get()?.['busy']
      this.#database.exec(`pragma busy_timeout = ${timeout}`)
      return busy === 0
    } catch {
      return !this.#database.isOpen
    }
  }

  close(): void {
    this.#wiping.stop()
  }

  /** Works within the user's open transaction, whose commit or rollback decides about it. */
  inTransaction<T>(request: { readonly transaction?: unknown }, work: (operations: SqliteOperations) => T): T {
    if (request.transaction !== this.#database)
      throw new NotInTransactionError('it is not the connection that the store was made with')
    if (!this.#database.isTransaction) throw new NotInTransactionError('no transaction is open on it')
    this.#database.exec('savepoint ringback')
    try {
      this.#prepared.check()
      const result = work(this.#prepared.operations)
      this.#prepared.counts.write()
      this.#database.exec('release ringback')
      return result
    } catch (error) {
      this.#prepared.counts.forget()
      throw new StoreUnavailableError(this.#undone(reasonOf(error)), { cause: error })
    }
  }

  /**
   * Undoes our part. SQLite may have rolled back everything; then the message says so, because the user's own rows are
   * gone too.
   */
  #undone(reason: string): string {
    if (!this.#database.isTransaction) return `${reason}; your whole transaction was rolled back: start it again`
    this.#database.exec('rollback to ringback; release ringback')
    return reason
  }
}
