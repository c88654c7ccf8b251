import { StoreOutcomeUnknownError } from '../../delivery/store-outcome-unknown-error.ts'
import { StoreUnavailableError } from '../../delivery/store-unavailable-error.ts'
import { afterQuietPass } from '../../quiet-pass.ts'
import type { OperationAnswer, QueuedOperation } from './queued-operation.ts'
import { SharedTimer } from './shared-timer.ts'

/** Does a batch in one commit, or each of its operations in its own. The answers have the same order. */
export type CommitBatch = (batch: readonly QueuedOperation[]) => Promise<readonly OperationAnswer[]>

/** The operation that undoes another one that was done after its caller had given up. */
export type UndoLate = (
  operation: QueuedOperation,
  value: unknown,
) => Pick<QueuedOperation, 'name' | 'request'> | undefined

interface Waiting {
  readonly operation: QueuedOperation
  readonly since: number
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** A batch that was handed over. The callers of its oldest `givenUp` operations have given up. */
interface Begun {
  readonly batch: readonly Waiting[]
  givenUp: number
}

/** A batch begins at most this long after its first operation came, however many follow. */
const gatherMs = 10
/**
 * How much later an answer may come. The other side keeps the time limit as well, and can then still report that
 * nothing was done.
 */
const answerMs = 1_000
/** Operations that become overdue within this time are given up together. */
const leastLookMs = 20

const noAnswer = 'the database does not answer; check its disk'

/** How much may wait, and how long. */
export interface CommitQueueLimits {
  readonly operations: number
  readonly waitMs: number
  readonly batch: number
}

/**
 * Commits in groups without a timer: while one batch is being committed, new operations are queued and form the next
 * batch. A commit costs far more than its contents, so a batch also waits for operations that are just arriving, until
 * one pass of the event loop brings no more. An operation that has waited too long, or finds the queue full, is refused
 * before it begins.
 *
 * A batch without an answer in time is given up, with an unknown outcome. Until its answer comes, everything else is
 * refused at once; then work goes on.
 */
export class CommitQueue {
  readonly #commit: CommitBatch
  readonly #limits: CommitQueueLimits
  readonly #undoLate: UndoLate
  readonly #timer = new SharedTimer(() => this.#look())
  #waiting: Waiting[] = []
  #begun: Begun | undefined
  #planned = false
  #idle: (() => void)[] = []

  constructor(commit: CommitBatch, limits: CommitQueueLimits, undoLate: UndoLate = () => undefined) {
    this.#commit = commit
    this.#limits = limits
    this.#undoLate = undoLate
  }

  add(name: QueuedOperation['name'], request: unknown): Promise<unknown> {
    if (this.#waiting.length >= this.#limits.operations)
      return Promise.reject(new StoreUnavailableError('too much is waiting to be stored'))
    if (this.#hangs) return Promise.reject(new StoreUnavailableError(noAnswer))
    return new Promise((resolve, reject) => {
      const operation = { name, request, deadline: Date.now() + this.#limits.waitMs }
      this.#waiting.push({ operation, since: performance.now(), resolve, reject })
      if (this.#begun === undefined) this.#plan()
    })
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    while (this.#begun !== undefined || this.#waiting.length > 0)
      await new Promise<void>(resolve => this.#idle.push(resolve))
  }

  /** Refuses what waits, and gives up what has begun. */
  abandon(reason: string): void {
    this.#refuse(this.#waiting.length, reason)
    if (this.#begun !== undefined) this.#giveUp(this.#begun, this.#begun.batch.length, reason)
  }

  /** Whether all callers of the current batch have given up. */
  get #hangs(): boolean {
    return this.#begun !== undefined && this.#begun.givenUp === this.#begun.batch.length
  }

  #plan(): void {
    if (this.#planned) return
    this.#planned = true
    const mayWait = () => this.#mayGrow()
    afterQuietPass(
      () => this.#waiting.length,
      mayWait,
      () => {
        this.#planned = false
        this.#next()
      },
    )
  }

  #mayGrow(): boolean {
    const [first] = this.#waiting
    return (
      this.#waiting.length < this.#limits.batch && first !== undefined && performance.now() - first.since < gatherMs
    )
  }

  async #next(): Promise<void> {
    if (this.#waiting.length === 0) return this.#rest()
    const batch = this.#waiting.slice(0, this.#limits.batch)
    this.#waiting = this.#waiting.slice(this.#limits.batch)
    const begun = { batch, givenUp: 0 }
    this.#begun = begun
    this.#timer.need(this.#limits.waitMs)
    const late = await this.#settle(begun)
    this.#begun = undefined
    for (const { name, request } of late) this.add(name, request).catch(() => {})
    if (this.#waiting.length > 0) this.#plan()
    else this.#rest()
  }

  #rest(): void {
    this.#timer.rest()
    const idle = this.#idle
    this.#idle = []
    for (const resolve of idle) resolve()
  }

  /** Resolves to the operations that undo results that came too late. */
  async #settle(begun: Begun): Promise<Pick<QueuedOperation, 'name' | 'request'>[]> {
    const { batch } = begun
    const late = []
    try {
      const answers = await this.#commit(batch.map(({ operation }) => operation))
      for (const [index, { operation, resolve, reject }] of batch.entries()) {
        const answer = answers[index] ?? { unavailable: 'it gave no answer' }
        if (!('value' in answer))
          reject(new StoreUnavailableError(answer.unavailable, { lasting: answer.lasting ?? false }))
        else if (index >= begun.givenUp) resolve(answer.value)
        else late.push(this.#undoLate(operation, answer.value))
      }
    } catch (cause) {
      for (const { reject } of batch) reject(errorOf(cause))
    }
    return late.filter(operation => operation !== undefined)
  }

  /** Gives up what is overdue, and returns the milliseconds until the next look. */
  #look(): number | undefined {
    const { waitMs } = this.#limits
    const now = performance.now()
    this.#refuse(countUntil(this.#waiting, now - waitMs), 'it did not get to this within the time limit')
    const begun = this.#begun
    if (begun !== undefined) this.#giveUp(begun, countUntil(begun.batch, now - waitMs - answerMs), noAnswer)
    const [waiting] = this.#waiting
    const oldest = begun?.batch[begun.givenUp]
    if (waiting === undefined && oldest === undefined) return undefined
    const dueAt = Math.min(
      (waiting?.since ?? Number.POSITIVE_INFINITY) + waitMs,
      (oldest?.since ?? Number.POSITIVE_INFINITY) + waitMs + answerMs,
      // Operations that come from now on may be due by then.
      now + waitMs,
    )
    return Math.max(dueAt - now, leastLookMs)
  }

  #refuse(count: number, reason: string): void {
    if (count === 0) return
    const refused = this.#waiting.slice(0, count)
    this.#waiting = this.#waiting.slice(count)
    for (const { reject } of refused) reject(new StoreUnavailableError(reason))
  }

  #giveUp(begun: Begun, count: number, reason: string): void {
    for (const { reject } of begun.batch.slice(begun.givenUp, count)) reject(new StoreOutcomeUnknownError(reason))
    begun.givenUp = Math.max(begun.givenUp, count)
    if (this.#hangs) this.#refuse(this.#waiting.length, reason)
  }
}

/** How many of them came no later than `time`; they are in the order in which they came. */
function countUntil(operations: readonly Waiting[], time: number): number {
  const later = operations.findIndex(({ since }) => since > time)
  return later === -1 ? operations.length : later
}

/** Why a batch has no answers. If it was not begun, nothing was done for sure. */
function errorOf(cause: unknown): Error {
  if (cause instanceof StoreOutcomeUnknownError) return cause
  return new StoreUnavailableError('the database thread cannot be reached', { cause })
}
