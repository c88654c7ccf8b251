import type { Clock } from './clock.ts'

/**
 * A clock that stands still until a test moves it. Starts at 2026-01-01T00:00:00Z unless told otherwise.
 *
 * @example
 * ```ts
 * import { ManualClock } from 'ringback/testing'
 *
 * const clock = new ManualClock()
 * clock.setTimer(() => console.log('five seconds later'), 5_000)
 * clock.advance({ seconds: 5 })
 * ```
 */
export class ManualClock implements Clock {
  #now: number
  #made = 0
  readonly #timers = new Map<number, { readonly at: number; readonly fn: () => void }>()

  constructor(startMs: number = Date.UTC(2026, 0, 1)) {
    this.#now = startMs
  }

  now(): number {
    return this.#now
  }

  setTimer(fn: () => void, delayMs: number): () => void {
    const number = ++this.#made
    this.#timers.set(number, { at: this.#now + Math.max(delayMs, 0), fn })
    return () => this.#timers.delete(number)
  }

  /**
   * Moves the clock on, by milliseconds or a `{ days, hours, minutes, seconds, ms }`, and runs the timers that come due,
   * each at its own time, in the order they are due. A timer that a timer sets runs too, if it is due by then.
   */
  advance(by: number | Duration): void {
    const until = this.#now + (typeof by === 'number' ? by : milliseconds(by))
    for (let timer = this.#next(until); timer !== undefined; timer = this.#next(until)) {
      const [number, { at, fn }] = timer
      this.#timers.delete(number)
      this.#now = Math.max(this.#now, at)
      fn()
    }
    this.#now = Math.max(this.#now, until)
  }

  #next(until: number) {
    const due = [...this.#timers].filter(([, { at }]) => at <= until)
    return due.sort(([a, { at: aAt }], [b, { at: bAt }]) => aAt - bAt || a - b)[0]
  }
}

/** A length of time; what is given is added up. */
export interface Duration {
  readonly days?: number
  readonly hours?: number
  readonly minutes?: number
  readonly seconds?: number
  readonly ms?: number
}

function milliseconds({ days = 0, hours = 0, minutes = 0, seconds = 0, ms = 0 }: Duration): number {
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + ms
}
