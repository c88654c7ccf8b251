import type { Clock } from '../../clock.ts'
import { CallbackTimeoutError } from '../../destination/transport/callback-timeout-error.ts'
import type { Concurrency } from '../check-concurrency.ts'
import { TooManyCallsError } from './too-many-calls-error.ts'

/** What the line needs to know of a call. */
export interface LinedCall {
  readonly origin: string
  /** For waiting and sending together. */
  readonly timeoutMs: number
  /** How much memory the call keeps while it waits. */
  readonly bytes: number
}

interface WaitingCall {
  readonly bytes: number
  readonly begin: () => void
}

/** The calls to one origin. */
interface Lane {
  readonly origin: string
  running: number
  /** In the order in which they arrived. */
  readonly waiting: Set<WaitingCall>
}

/** How much may wait in all. */
const waitLimit = { calls: 10_000, bytes: 64 * 1_048_576 }

/** Limits how many calls go out at the same time. The others wait, and their origins take turns. */
export class CallLine {
  readonly #clock: Clock
  readonly #concurrency: Concurrency
  readonly #lanes = new Map<string, Lane>()
  /** Lanes with a waiting call and room for it, the next one first. */
  readonly #turns = new Set<Lane>()
  #running = 0
  #waiting = 0
  #waitingBytes = 0

  constructor(clock: Clock, concurrency: Concurrency) {
    this.#clock = clock
    this.#concurrency = concurrency
  }

  /**
   * Waits for its turn, then calls `send` with the time that is left. Rejects with `CallbackTimeoutError` if the turn
   * does not come in time, and with `TooManyCallsError` if too many calls already wait.
   */
  async run<Result>(call: LinedCall, send: (leftMs: number) => Promise<Result>): Promise<Result> {
    const lane = this.#laneOf(call.origin)
    if (this.#isFull || lane.running >= this.#concurrency.perOrigin) {
      const leftMs = await this.#wait(lane, call)
      return this.#send(lane, () => withinWholeTime(call, send(leftMs)))
    }
    this.#begin(lane)
    return this.#send(lane, () => send(call.timeoutMs))
  }

  get #isFull(): boolean {
    return this.#running >= this.#concurrency.total
  }

  async #send<Result>(lane: Lane, send: () => Promise<Result>): Promise<Result> {
    try {
      return await send()
    } finally {
      this.#end(lane)
    }
  }

  /** Waits for the call's turn. Resolves to the time that is left. */
  #wait(lane: Lane, { origin, timeoutMs, bytes }: LinedCall): Promise<number> {
    if (this.#waiting >= waitLimit.calls || this.#waitingBytes + bytes > waitLimit.bytes) {
      this.#forget(lane)
      throw new TooManyCallsError(this.#waiting)
    }
    const clock = this.#clock
    const since = clock.now()
    return new Promise((resolve, reject) => {
      const cancelTimer = clock.setTimer(() => {
        this.#leave(lane, waiting)
        this.#forget(lane)
        reject(new CallbackTimeoutError(origin, timeoutMs))
      }, timeoutMs)
      const begin = (): void => {
        cancelTimer()
        const passedMs = Math.max(clock.now() - since, 0)
        resolve(Math.max(Math.ceil(timeoutMs - passedMs), 1))
      }
      const waiting = { bytes, begin }
      this.#join(lane, waiting)
    })
  }

  #begin(lane: Lane): void {
    this.#running++
    lane.running++
  }

  #end(lane: Lane): void {
    this.#running--
    lane.running--
    this.#takeTurn(lane)
    this.#forget(lane)
    for (const next of this.#turns) {
      if (this.#isFull) return
      this.#next(next)
    }
  }

  /** Begins the call that has waited longest in the lane, and moves the lane to the end. */
  #next(lane: Lane): void {
    const [waiting] = lane.waiting
    if (waiting === undefined) return
    this.#leave(lane, waiting)
    this.#begin(lane)
    this.#turns.delete(lane)
    this.#takeTurn(lane)
    waiting.begin()
  }

  #takeTurn(lane: Lane): void {
    if (lane.waiting.size > 0 && lane.running < this.#concurrency.perOrigin) this.#turns.add(lane)
  }

  #join(lane: Lane, waiting: WaitingCall): void {
    lane.waiting.add(waiting)
    this.#waiting++
    this.#waitingBytes += waiting.bytes
    this.#takeTurn(lane)
  }

  #leave(lane: Lane, waiting: WaitingCall): void {
    lane.waiting.delete(waiting)
    this.#waiting--
    this.#waitingBytes -= waiting.bytes
    if (lane.waiting.size === 0) this.#turns.delete(lane)
  }

  #laneOf(origin: string): Lane {
    const known = this.#lanes.get(origin)
    if (known !== undefined) return known
    const lane = { origin, running: 0, waiting: new Set<WaitingCall>() }
    this.#lanes.set(origin, lane)
    return lane
  }

  #forget(lane: Lane): void {
    if (lane.running === 0 && lane.waiting.size === 0) this.#lanes.delete(lane.origin)
  }
}

/** A call that has waited was sent with less time than it was given. Its error names the whole time. */
async function withinWholeTime<Result>({ origin, timeoutMs }: LinedCall, sent: Promise<Result>): Promise<Result> {
  try {
    return await sent
  } catch (error) {
    if (error instanceof CallbackTimeoutError) throw new CallbackTimeoutError(origin, timeoutMs, { cause: error })
    throw error
  }
}
