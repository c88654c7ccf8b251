import type { QueuedOperation } from '../../queue/queued-operation.ts'

const tryAgainMs = 1_000

/**
 * Empties the log after something was removed, which is overwritten in the database but stays in the log. Who reads may hold
 * that up: then it is tried again from time to time.
 */
export class Wiping {
  readonly #wipe: () => boolean
  #timer: NodeJS.Timeout | undefined

  /** `wipe` says whether it could. */
  constructor(wipe: () => boolean) {
    this.#wipe = wipe
  }

  /** After a batch was committed. */
  after(batch: readonly QueuedOperation[]): void {
    if (batch.some(({ name }) => name === 'erase' || name === 'purge')) this.later()
  }

  /** Tries at once, and again later where it did not work. */
  now(): boolean {
    this.stop()
    const wiped = this.#wipe()
    if (!wiped) this.later()
    return wiped
  }

  /** Tries soon: a process that was killed may have left something. */
  later(): void {
    this.#timer ??= setTimeout(() => this.now(), tryAgainMs).unref()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
