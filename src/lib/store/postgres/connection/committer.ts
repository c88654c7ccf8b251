import { setTimeout as delay } from 'node:timers/promises'
import { StoreOutcomeUnknownError } from '../../../delivery/store-outcome-unknown-error.ts'
import { StoreUnavailableError } from '../../../delivery/store-unavailable-error.ts'
import type { OperationAnswer, QueuedOperation } from '../../queue/queued-operation.ts'
import { lineOf } from '../line-of.ts'
import { migrate } from '../schema.ts'
import { writeTally } from '../stats/tally-table.ts'
import { makesDue, type WakeSignal } from '../wake/wake-signal.ts'
import { begin, type TransactionParts, type TransactionUse } from './begin.ts'
import { type BorrowedClient, borrowClient } from './borrow-client.ts'
import type { PooledPostgresClient, PostgresPool } from './postgres-client.ts'
import { hasNoTables, isConflict, isConnectionError, isLasting, reasonOf } from './reasons.ts'
import { type RunTime, runOperations } from './run-operations.ts'
import type { Transaction } from './transaction.ts'

/** What commits batches of operations. */
export interface CommitterParts extends TransactionParts {
  readonly pool: PostgresPool
  readonly schema: string
  readonly time: RunTime
  /** Undefined where workers only look from time to time. */
  readonly signal: WakeSignal | undefined
}

/** So often a transaction is done again that others were in the way of. */
const mostTries = 12
const mostPauseMs = 100
const simple: TransactionUse = { byKeys: false, claims: false }
/** A batch that has begun may go on so long after its time. */
const answerMs = 500

/** Commits batches, each in one transaction, on connections of a pool. */
export class Committer {
  readonly #parts: CommitterParts
  #migrating: Promise<void> | undefined

  constructor(parts: CommitterParts) {
    this.#parts = parts
  }

  /** Does operations in one transaction, in their order; where one of them cannot be done, each in one of its own. */
  async commit(batch: readonly QueuedOperation[]): Promise<readonly OperationAnswer[]> {
    const deadline = Math.min(...batch.map(each => each.deadline))
    try {
      const use = {
        byKeys: batch.every(({ name }) => lineOf(name) !== 'other'),
        claims: batch.some(({ name }) => name === 'claim'),
      }
      return await this.transact(transaction => this.#run(transaction, batch), deadline, use)
    } catch (error) {
      if (error instanceof StoreOutcomeUnknownError) throw error
      if (batch.length === 1 || isConnectionError(error) || error instanceof StoreUnavailableError)
        return batch.map(() => ({ unavailable: reasonOf(error), lasting: isLasting(error) }))
      const answers: OperationAnswer[] = []
      for (const operation of batch) answers.push(...(await this.commit([operation])))
      return answers
    }
  }

  async #run(transaction: Transaction, batch: readonly QueuedOperation[]): Promise<OperationAnswer[]> {
    const { time, signal } = this.#parts
    const answers = await runOperations(transaction, batch, time)
    if (signal !== undefined && batch.some(makesDue)) transaction.atEnd.push(signal.telling(signal.own))
    return answers
  }

  /** Does work in a transaction, again where others were in its way or its connection had died. */
  async transact<T>(work: (transaction: Transaction) => Promise<T>, deadline: number, use = simple): Promise<T> {
    for (let tries = 1; ; tries++)
      try {
        return await this.#once(work, deadline, use)
      } catch (error) {
        if (error instanceof StoreOutcomeUnknownError || tries === mostTries || Date.now() >= deadline) throw error
        if (hasNoTables(error)) await this.migrate(deadline)
        else if (isConflict(error)) await delay(Math.random() * Math.min(2 ** tries, mostPauseMs))
        else if (!isConnectionError(error) || tries > 2) throw error
      }
  }

  /** Makes the tables, or brings them to this version. */
  async migrate(deadline: number): Promise<void> {
    const { pool, statements, schema } = this.#parts
    this.#migrating ??= this.#withClient({ pool, deadline }, ({ client }) =>
      migrate(client, statements, schema),
    ).finally(() => {
      this.#migrating = undefined
    })
    await this.#migrating
  }

  async #once<T>(work: (transaction: Transaction) => Promise<T>, deadline: number, use: TransactionUse): Promise<T> {
    const { pool, statements } = this.#parts
    return this.#withClient({ pool, deadline }, async ({ client }) => {
      let isCommitting = false
      try {
        const transaction = await begin(client, this.#parts, use)
        const result = await work(transaction)
        isCommitting = true
        await writeTally(transaction, [...transaction.atEnd, { text: 'commit', values: undefined }])
        return result
      } catch (error) {
        if (!isConnectionError(error)) await statements.script(client, 'rollback')
        else if (isCommitting) throw new StoreOutcomeUnknownError(reasonOf(error), { cause: error })
        throw error
      }
    })
  }

  async #withClient<T>(
    { pool, deadline }: { readonly pool: PostgresPool; readonly deadline: number },
    work: (borrowed: BorrowedClient<PooledPostgresClient>) => Promise<T>,
  ): Promise<T> {
    const byMs = Math.max(deadline - Date.now(), 0) + answerMs
    const borrowed = await borrowClient(pool, { byMs, forMs: byMs })
    let isBroken = true
    try {
      const result = await work(borrowed)
      isBroken = false
      return result
    } catch (error) {
      isBroken = isConnectionError(error) || error instanceof StoreOutcomeUnknownError
      throw error
    } finally {
      borrowed.giveBack(isBroken)
    }
  }
}
