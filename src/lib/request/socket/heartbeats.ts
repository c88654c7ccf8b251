import type { Clock } from '../../clock.ts'

/** Something that must give a sign of life. */
export interface Beating {
  /** Asks for one; false where it has ended. */
  beat(): boolean
}

/** Asks many for a sign of life, each in its own time, with one timer for all. */
export class Heartbeats {
  /** When each is asked next: the one that has waited longest is first. */
  readonly #due = new Map<Beating, number>()
  readonly #everyMs: number
  readonly #clock: () => Clock
  #cancel: (() => void) | undefined

  constructor(everyMs: number, clock: () => Clock) {
    this.#everyMs = everyMs
    this.#clock = clock
  }

  add(beating: Beating): void {
    this.#due.set(beating, this.#clock().now() + this.#everyMs)
    this.#arm()
  }

  delete(beating: Beating): void {
    this.#due.delete(beating)
    if (this.#due.size > 0) return
    this.#cancel?.()
    this.#cancel = undefined
  }

  #arm(): void {
    const [first] = this.#due.values()
    if (first === undefined || this.#cancel !== undefined) return
    const clock = this.#clock()
    const delayMs = Math.min(this.#everyMs, Math.max(0, first - clock.now()))
    this.#cancel = clock.setTimer(() => {
      this.#cancel = undefined
      this.#beat(clock.now())
      this.#arm()
    }, delayMs)
  }

  #beat(now: number): void {
    for (const [beating, due] of this.#due) {
      // Further away than a whole time it can only be because the clock was set back.
      if (due > now && due - now <= this.#everyMs) break
      this.#due.delete(beating)
      if (beating.beat()) this.#due.set(beating, now + this.#everyMs)
    }
  }
}
