/**
 * One timer for all that is waited for. It is set anew only when it has run, so that what ends in time costs nothing, and
 * keeps the process alive only while it is needed.
 */
export class SharedTimer {
  readonly #look: () => number | undefined
  #timer: NodeJS.Timeout | undefined

  /** `look` sees to what is overdue, and gives the milliseconds until the next look, or nothing. */
  constructor(look: () => number | undefined) {
    this.#look = look
  }

  /** Looks after `delayMs`, or sooner where the timer runs already. */
  need(delayMs: number): void {
    if (this.#timer === undefined) this.#set(delayMs)
    else this.#timer.ref()
  }

  /** Nothing is waited for now. */
  rest(): void {
    this.#timer?.unref()
  }

  #set(delayMs: number): void {
    this.#timer = setTimeout(() => {
      // Answers that came while the process was stopped or busy are read first.
      setImmediate(() => {
        this.#timer = undefined
        const nextMs = this.#look()
        if (nextMs !== undefined) this.#set(nextMs)
      })
    }, delayMs)
  }
}
