const MOST = 10
const WINDOW_MS = 60_000

/** How many tests of its endpoints an owner may send in a minute: ten, in this process. */
export class TestLimit {
  /** When each owner's latest tests were sent, the oldest first. */
  readonly #sent = new Map<string, readonly number[]>()
  #sweepAt = 1_000

  /** Takes one test. Gives the seconds to wait where there have been too many. */
  take(owner: string, now: number): number | undefined {
    const sent = (this.#sent.get(owner) ?? []).filter(time => time > now - WINDOW_MS && time <= now)
    if (sent.length >= MOST) return Math.max(1, Math.ceil((sent[0]! + WINDOW_MS - now) / 1_000))
    this.#sent.set(owner, [...sent, now])
    if (this.#sent.size >= this.#sweepAt) this.#sweep(now)
    return undefined
  }

  /** Owners who have not tested for a minute are forgotten. */
  #sweep(now: number): void {
    for (const [owner, times] of this.#sent) if (times.at(-1)! <= now - WINDOW_MS) this.#sent.delete(owner)
    this.#sweepAt = Math.max(1_000, 2 * this.#sent.size)
  }
}
