/** The sockets of one transport: no more than `limit`. Who wants one more waits until an idle one has been closed for it. */
export class OpenSockets {
  readonly #limit: number
  readonly #closeIdle: () => boolean
  readonly #waiting = new Set<() => void>()
  #open = 0
  /** Idle ones that are being closed for those that wait. */
  #closing = 0

  /** `closeIdle` begins to close the socket that has been idle for longest, and says whether there was one. */
  constructor(limit: number, closeIdle: () => boolean) {
    this.#limit = limit
    this.#closeIdle = closeIdle
  }

  /** Calls `open` when there is room, at once if it can; end it by {@link release}. What it returns waits no longer. */
  acquire(open: () => void): () => void {
    if (this.#open < this.#limit) {
      this.#open++
      open()
    } else {
      this.#waiting.add(open)
      this.makeRoom()
    }
    return () => this.#waiting.delete(open)
  }

  /** One of them is closed, or did not come about. */
  release(): void {
    if (this.#closing > 0) this.#closing--
    const [next] = this.#waiting
    if (next === undefined) {
      this.#open--
      return
    }
    this.#waiting.delete(next)
    next()
  }

  /** Closes idle ones where somebody waits; called when one has become idle. */
  makeRoom(): void {
    while (this.#waiting.size > this.#closing && this.#closeIdle()) this.#closing++
  }
}
