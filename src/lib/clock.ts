/** The time as Ringback sees it: everything that reads or waits for time takes one, so that tests can move it. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number
  /**
   * Runs `fn` once, `delayMs` from now, and gives back a function that cancels it.
   * A waiting timer never keeps the process alive.
   */
  setTimer(fn: () => void, delayMs: number): () => void
}

/** The real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(fn, delayMs) {
    const timer = setTimeout(fn, delayMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
