import type { Clock } from '../../clock.ts'
import { setPatientTimer } from '../patient-timer.ts'
import { CallbackTimeoutError } from './callback-timeout-error.ts'

/**
 * The attempts that one signal ends. They share a single listener, because each further listener makes adding the next
 * one slower.
 */
interface SignalledLimits {
  readonly limits: Set<AttemptLimit>
  readonly abort: () => void
}

const limitsBySignal = new WeakMap<AbortSignal, SignalledLimits>()

/** What can end an attempt early: the total time limit, or the caller's signal. */
export class AttemptLimit {
  /** Set when the attempt was ended; it then rejects with this reason. */
  ended: { readonly reason: unknown } | undefined
  /**
   * Whether the request is written. After that, time during which the process stood still is not given back: the
   * response, if there is one, already waits in the socket.
   */
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

  /** Waits for one step of the attempt, but no longer than the attempt lasts. Only one step at a time. */
  wait<Result>(step: Promise<Result>): Promise<Result> {
    // If nobody waits any more, a failed step must not become an unhandled rejection
    if (this.ended) step.catch(() => {})
    return this.run((resolve, reject) => {
      step.then(resolve, reject)
    })
  }

  /** Starts one step of the attempt; `reject` is also called if the attempt ends first. Only one step at a time. */
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

  /** Called when the request is written: from now on the attempt waits for a response. */
  written(): void {
    this.#written = true
  }

  /** Lets go of the timer and the signal. */
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

/**
 * The last attempt removes the listener: Node keeps a signal of `AbortSignal.any` or `.timeout` alive for as long as it
 * has one.
 */
function unlisten(signal: AbortSignal, limit: AttemptLimit): void {
  const known = limitsBySignal.get(signal)
  known?.limits.delete(limit)
  if (known?.limits.size !== 0) return
  limitsBySignal.delete(signal)
  signal.removeEventListener('abort', known.abort)
}
