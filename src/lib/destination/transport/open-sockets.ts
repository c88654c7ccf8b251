import type { Socket } from 'node:net'

/** The sockets of one transport: no more than `limit`. Who wants one more waits until an idle one has been closed for it. */
export class OpenSockets {
  readonly #limit: number
  readonly #waiting: (() => void)[] = []
  /** The one that has been idle for longest first. */
  readonly #idle = new Set<Socket>()
  #open = 0
  #closing = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Calls `open` when there is room, at once if it can; end it by {@link release}. */
  acquire(open: () => void): void {
    if (this.#open < this.#limit) {
      this.#open++
      open()
      return
    }
    this.#waiting.push(open)
    this.#closeIdle()
  }

  /** One of them is closed, or did not come about. */
  release(socket?: Socket): void {
    if (socket !== undefined) this.#idle.delete(socket)
    const next = this.#waiting.shift()
    if (next === undefined) this.#open--
    else next()
  }

  /** Nothing is on its way on it now. */
  idle(socket: Socket): void {
    this.#idle.add(socket)
    // undici still has to end the exchange
    if (this.#waiting.length > this.#closing) queueMicrotask(() => this.#closeIdle())
  }

  /** It is used again. */
  busy(socket: Socket): void {
    this.#idle.delete(socket)
  }

  #closeIdle(): void {
    for (const socket of this.#idle) {
      if (this.#waiting.length <= this.#closing) return
      this.#idle.delete(socket)
      this.#closing++
      socket.once('close', () => this.#closing--)
      socket.destroy()
    }
  }
}
