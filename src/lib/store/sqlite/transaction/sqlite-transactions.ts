import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { StoreUnavailableError } from '../../../delivery/store-unavailable-error.ts'
import { isBusy, type PreparedDatabase, prepareDatabase, reasonOf } from '../thread/batch.ts'
import { openOther, refuseToWait } from './other-connection.ts'
import { lendConnection, type TransactionHandle } from './transaction-handle.ts'
import { Turns } from './turns.ts'

/** A transaction that is open. */
export interface OpenTransaction {
  /** The connection that has it. */
  readonly connection: DatabaseSync
  /** Rejects where it has ended in another way, and where the lock of the database cannot be had in time. */
  commit(): Promise<void>
  /** Rolls back what was not committed, and lets the next one begin. */
  end(): void
}

const MOST_WAITING = 10_000
const TRY_AGAIN_MS = 5
/** So long a transaction may be open: nobody else can write meanwhile. */
const LONGEST_MS = 30_000

const ENDED =
  'The transaction has ended already: leave its commit and rollback to "store.transaction", where one that is open for longer than 30 s is rolled back'

/**
 * The transactions that handlers have in a database: one at a time, on a connection of its own, so that nothing else that
 * goes on becomes part of it. A database in memory has one connection only.
 */
export class SqliteTransactions {
  readonly #database: DatabaseSync
  readonly #turns = new Turns(MOST_WAITING)
  #prepared: PreparedDatabase | undefined
  #open: TransactionHandle | undefined
  #isClosing = false

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** What is prepared on the connection of the open transaction, if this is it. */
  preparedFor(connection: unknown): PreparedDatabase | undefined {
    return connection !== undefined && connection === this.#open?.connection ? this.#prepared : undefined
  }

  /** Whether the transaction that is open on the program's own connection is one of these. */
  get areOnOwnConnection(): boolean {
    return this.#open !== undefined && this.#prepared?.database === this.#database
  }

  /** Does something when no transaction is open and its turn has come; undefined where that takes longer than `waitMs`. */
  async between<T>(work: () => T, waitMs: number): Promise<T | undefined> {
    if (!(await this.#turns.take(waitMs))) return undefined
    try {
      return work()
    } finally {
      this.#turns.passOn()
    }
  }

  /** Begins one when those before it have ended. Rejects with `StoreUnavailableError` after `waitMs`. */
  async begin(waitMs: number): Promise<OpenTransaction> {
    const deadline = Date.now() + waitMs
    if (!(await this.#turns.take(waitMs)))
      throw new StoreUnavailableError('transactions of other requests took longer than the time limit')
    try {
      this.#isClosing = false
      await inTime(() => this.#begins(), deadline)
      return this.#opened(this.#prepared!.database, waitMs)
    } catch (error) {
      this.#turns.passOn()
      throw error instanceof StoreUnavailableError
        ? error
        : new StoreUnavailableError(reasonOf(error), { cause: error })
    }
  }

  /** Closes the connection as soon as no transaction is open. */
  close(): void {
    this.#isClosing = true
    if (this.#open !== undefined) return
    const { database } = this.#prepared ?? {}
    this.#prepared = undefined
    if (database !== undefined && database !== this.#database) database.close()
  }

  /** False while somebody else has the lock, or the only connection has a transaction of another. */
  #begins(): boolean {
    if (this.#prepared === undefined && !this.#prepares()) return false
    const { database } = this.#prepared!
    return !database.isTransaction && runs(database, 'begin immediate')
  }

  #prepares(): boolean {
    const other = openOther(this.#database)
    if (other === undefined && this.#database.isTransaction) return false
    try {
      this.#prepared = prepareDatabase(other ?? this.#database)
      return true
    } catch (error) {
      other?.close()
      if (isBusy(error)) return false
      throw error
    }
  }

  #opened(database: DatabaseSync, waitMs: number): OpenTransaction {
    const resumeWaiting = database === this.#database ? () => {} : refuseToWait(this.#database)
    const handle = lendConnection(database)
    this.#open = handle
    const finish = (): void => {
      if (this.#open !== handle) return
      clearTimeout(timer)
      handle.revoke()
      this.#open = undefined
      try {
        if (database.isTransaction) database.exec('rollback')
        resumeWaiting()
        if (this.#isClosing) this.close()
      } finally {
        this.#turns.passOn()
      }
    }
    const timer = setTimeout(finish, LONGEST_MS)
    return {
      connection: handle.connection,
      commit: async () => {
        if (this.#open !== handle || !database.isTransaction) throw new Error(ENDED)
        handle.revoke()
        await inTime(() => runs(database, 'commit'), Date.now() + waitMs)
      },
      end: finish,
    }
  }
}

/** Does something as soon as nobody else has the lock, without blocking the thread meanwhile. */
async function inTime(attempt: () => boolean, deadline: number): Promise<void> {
  while (!attempt()) {
    if (Date.now() >= deadline) throw new StoreUnavailableError('its lock was held by someone else')
    await delay(TRY_AGAIN_MS)
  }
}

/** False where somebody else has the lock. */
function runs(database: DatabaseSync, sql: string): boolean {
  try {
    database.exec(sql)
    return true
  } catch (error) {
    if (isBusy(error)) return false
    throw error
  }
}

const known = new WeakMap<DatabaseSync, SqliteTransactions>()

/** The transactions of a database, whichever store asks. */
export function transactionsOf(database: DatabaseSync): SqliteTransactions {
  const before = known.get(database)
  if (before !== undefined) return before
  const made = new SqliteTransactions(database)
  known.set(database, made)
  return made
}
