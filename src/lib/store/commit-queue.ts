import { StoreUnavailableError } from '../delivery/store-unavailable-error.ts'
import { afterQuietPass } from '../quiet-pass.ts'
import type { OperationAnswer, QueuedOperation } from './sqlite-batch.ts'

/** Does a batch in one commit, or each of its operations in its own; answers in their order. */
export type CommitBatch = (batch: readonly QueuedOperation[]) => Promise<readonly OperationAnswer[]>

interface Waiting {
  readonly operation: QueuedOperation
  readonly since: number
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** A batch begins no later than this after its first operation came, however many follow. */
const gatherMs = 10

/** How much may wait, and how long. */
export interface CommitQueueLimits {
  readonly operations: number
  readonly waitMs: number
  readonly batch: number
}

/**
 * Group commit without a timer: while one batch is being committed whatever comes is queued, and goes together in the next
 * one. A commit costs far more than what is in it, so a batch also waits for those who are just coming: until a pass of
 * the event loop asks for nothing more. What has waited too long, or finds the queue full, is refused before it is begun.
 */
export class CommitQueue {
  readonly #commit: CommitBatch
  readonly #limits: CommitQueueLimits
  #waiting: Waiting[] = []
  #committing = false
  #planned = false
  #idle: (() => void)[] = []

  constructor(commit: CommitBatch, limits: CommitQueueLimits) {
    this.#commit = commit
    this.#limits = limits
  }

  add(name: QueuedOperation['name'], request: unknown): Promise<unknown> {
    if (this.#waiting.length >= this.#limits.operations)
      return Promise.reject(new StoreUnavailableError('too much is waiting to be stored'))
    return new Promise((resolve, reject) => {
      const since = Date.now()
      const operation = { name, request, deadline: since + this.#limits.waitMs }
      this.#waiting.push({ operation, since, resolve, reject })
      if (!this.#committing) this.#plan()
    })
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    while (this.#committing || this.#waiting.length > 0) await new Promise<void>(resolve => this.#idle.push(resolve))
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
    return this.#waiting.length < this.#limits.batch && first !== undefined && Date.now() - first.since < gatherMs
  }

  async #next(): Promise<void> {
    const batch = this.#waiting.slice(0, this.#limits.batch)
    this.#waiting = this.#waiting.slice(this.#limits.batch)
    this.#committing = true
    await this.#settle(batch)
    this.#committing = false
    if (this.#waiting.length > 0) return this.#plan()
    const idle = this.#idle
    this.#idle = []
    for (const resolve of idle) resolve()
  }

  async #settle(batch: readonly Waiting[]): Promise<void> {
    try {
      const answers = await this.#commit(batch.map(({ operation }) => operation))
      for (const [index, { resolve, reject }] of batch.entries()) {
        const answer = answers[index] ?? { unavailable: 'it gave no answer' }
        if ('value' in answer) resolve(answer.value)
        else reject(new StoreUnavailableError(answer.unavailable))
      }
    } catch (cause) {
      for (const { reject } of batch) reject(new StoreUnavailableError('the thread of the database stopped', { cause }))
    }
  }
}
