import type { Clock } from '../../clock.ts'
import { setPatientTimer } from '../patient-timer.ts'
import { CallbackTimeoutError } from './callback-timeout-error.ts'

/** The attempts that a signal ends: it has one listener for all of them, since each more costs the next ones time. */
interface SignalledLimits {
  readonly limits: Set<AttemptLimit>
  readonly abort: () => void
}

const limitsBySignal = new WeakMap<AbortSignal, SignalledLimits>()

/** What ends one attempt before its time: the total time limit, or the caller's signal. */
export class AttemptLimit {
  /** Set when the attempt was ended; what it then rejects with. */
  ended: { readonly reason: unknown } | undefined
  /** Whether the request is written: then a response lies in the socket, or there is none. */
  #written = false
  #stopStep: ((reason: unknown) => void) | undefined
  readonly #cancelTimer: () => void
  readonly #signal: AbortSignal | undefined

  constructor(clock: Clock, origin: string, { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal }) {
    signal?.throwIfAborted()
    this.#signal = signal
    if (signal) listen(signal, this)
    const end = (): void => this.end(new CallbackTimeoutError(origin, timeoutMs))
    this.#cancelTimer = setPatientTimer(clock, end, timeoutMs, () => !this.#written)
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

  /** From now on a response is waited for. */
  written(): void {
    this.#written = true
  }

  /** Lets go of timer and signal. */
  release(): void {
    this.#stopStep = undefined
    this.#cancelTimer()
    if (this.#signal) unlisten(this.#signal, this)
  }

  /** Ends the attempt now. */
  end(reason: unknown): void {
    if (this.ended) return
    this.ended = { reason }
    this.#stopStep?.(reason)
  }
}

function listen(signal: AbortSignal, limit: AttemptLimit): void {
  const known = limitsBySignal.get(signal)
  if (known !== undefined) {
    known.limits.add(limit)
    return
  }
  const limits = new Set([limit])
  const abort = (): void => {
    for (const each of limits) each.end(signal.reason)
  }
  limitsBySignal.set(signal, { limits, abort })
  signal.addEventListener('abort', abort)
}

/** The last attempt takes the listener away: Node keeps a signal of `AbortSignal.any` or `.timeout` for as long as it has one. */
function unlisten(signal: AbortSignal, limit: AttemptLimit): void {
  const known = limitsBySignal.get(signal)
  known?.limits.delete(limit)
  if (known?.limits.size !== 0) return
  limitsBySignal.delete(signal)
  signal.removeEventListener('abort', known.abort)
}
