/**
 * One timer for everything that is waited for. It is set again only after it has run, so that operations that end in
 * time cost nothing. It keeps the process alive only while it is needed.
 */
export class SharedTimer {
  readonly #look: () => number | undefined
  #timer: NodeJS.Timeout | undefined

  /** `look` handles what is overdue, and returns the milliseconds until the next look, or nothing. */
  constructor(look: () => number | undefined) {
    this.#look = look
  }

  /** Looks after `delayMs`, or sooner if the timer is already running. */
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
      // First read the answers that came while the process was stopped or busy.
      setImmediate(() => {
        this.#timer = undefined
        const nextMs = this.#look()
        if (nextMs !== undefined) this.#set(nextMs)
      })
    }, delayMs)
  }
}
