import type { Clock } from '../clock.ts'
import { CallbackTimeoutError } from './callback-timeout-error.ts'

/** What ends one attempt before its time: the total time limit, or the caller's signal. */
export class AttemptLimit {
  /** Set when the attempt was ended; what it then rejects with. */
  ended: { readonly reason: unknown } | undefined
  #stopStep: ((reason: unknown) => void) | undefined
  readonly #cancelTimer: () => void
  readonly #signal: AbortSignal | undefined
  readonly #onAbort = () => this.#end(this.#signal?.reason)

  constructor(clock: Clock, origin: string, { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal }) {
    this.#signal = signal
    signal?.throwIfAborted()
    signal?.addEventListener('abort', this.#onAbort)
    this.#cancelTimer = clock.setTimer(() => this.#end(new CallbackTimeoutError(origin, timeoutMs)), timeoutMs)
  }

  /** Waits for one step of the attempt, but no longer than the attempt lasts. One step at a time. */
  wait<Result>(step: Promise<Result>): Promise<Result> {
    // Even where nobody waits any more, its failure must not become an unhandled rejection
    if (this.ended) step.catch(() => {})
    return this.run((resolve, reject) => {
      step.then(resolve, reject)
    })
  }

  /** Starts one step of the attempt; `reject` is called as well when the attempt ends first. One step at a time. */
  run<Result>(
    start: (resolve: (result: Result) => void, reject: (reason: unknown) => void) => ((reason: unknown) => void) | void,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.ended) {
        reject(this.ended.reason)
        return
      }
      this.#stopStep = reject
      this.#stopStep = start(resolve, reject) ?? reject
    })
  }

  /** Lets go of timer and signal. */
  release(): void {
    this.#stopStep = undefined
    this.#cancelTimer()
    this.#signal?.removeEventListener('abort', this.#onAbort)
  }

  #end(reason: unknown): void {
    if (this.ended) return
    this.ended = { reason }
    this.#stopStep?.(reason)
  }
}
