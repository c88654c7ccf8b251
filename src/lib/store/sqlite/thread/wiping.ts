import type { QueuedOperation } from '../../queue/queued-operation.ts'

const tryAgainMs = 1_000

/**
 * Empties the log after something was removed: that is overwritten in the database, but still in the log. Readers may
 * prevent this, so it is tried again from time to time.
 */
export class Wiping {
  readonly #wipe: () => boolean
  #timer: NodeJS.Timeout | undefined

  /** `wipe` returns whether it succeeded. */
  constructor(wipe: () => boolean) {
    this.#wipe = wipe
  }

  /** Call this after a batch was committed. */
  after(batch: readonly QueuedOperation[]): void {
    if (batch.some(({ name }) => name === 'erase' || name === 'purge')) this.later()
  }

  /** Tries at once, and again later if that fails. */
  now(): boolean {
    this.stop()
    const wiped = this.#wipe()
    if (!wiped) this.later()
    return wiped
  }

  /** Tries soon: a process that was killed may have left something in the log. */
  later(): void {
    this.#timer ??= setTimeout(() => this.now(), tryAgainMs).unref()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
