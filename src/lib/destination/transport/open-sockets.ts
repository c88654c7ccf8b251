/**
 * The sockets of one transport, at most `limit`. A request for one more waits until an idle one has been closed for it.
 */
export class OpenSockets {
  readonly #limit: number
  readonly #closeIdle: () => boolean
  readonly #waiting = new Set<() => void>()
  #open = 0
  /** Idle sockets that are being closed for those that wait. */
  #closing = 0

  /** `closeIdle` begins to close the socket that has been idle for longest, and returns whether there was one. */
  constructor(limit: number, closeIdle: () => boolean) {
    this.#limit = limit
    this.#closeIdle = closeIdle
  }

  /**
   * Calls `open` as soon as there is room, perhaps at once; end the use with {@link release}. The returned function
   * stops waiting.
   */
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

  /** A socket was closed, or could not be opened. */
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

  /** Closes idle sockets if somebody waits. Called when one has become idle. */
  makeRoom(): void {
    while (this.#waiting.size > this.#closing && this.#closeIdle()) this.#closing++
  }
}
