import type { SocketConnection, SocketMessage } from './socket-connection.ts'

/** So much may have come before it is asked for; then the client has to wait. */
const MOST_MESSAGES = 16
const MOST_BYTES = 65_536

/** The messages that have come and were not yet taken. */
export class Inbox {
  readonly #connection: Pick<SocketConnection, 'pause' | 'resume'>
  readonly #messages: SocketMessage[] = []
  readonly #takers: ((message: SocketMessage | undefined) => void)[] = []
  #length = 0
  #isPaused = false
  #hasPaused = false
  #hasEnded = false

  constructor(connection: Pick<SocketConnection, 'pause' | 'resume'>) {
    this.#connection = connection
  }

  /** Whether the client has had to wait since this was last asked, so that a sign of life of it may not have been read. */
  hasPaused(): boolean {
    const hasPaused = this.#hasPaused
    this.#hasPaused = this.#isPaused
    return hasPaused
  }

  put(message: SocketMessage): void {
    if (this.#hasEnded) return
    const taker = this.#takers.shift()
    if (taker !== undefined) {
      taker(message)
      return
    }
    this.#messages.push(message)
    this.#length += message.length
    if (this.#isPaused || (this.#messages.length < MOST_MESSAGES && this.#length < MOST_BYTES)) return
    this.#isPaused = true
    this.#hasPaused = true
    this.#connection.pause()
  }

  /** The next message, undefined behind the last one. */
  async take(): Promise<SocketMessage | undefined> {
    const message = this.#messages.shift()
    if (message === undefined) return this.#hasEnded ? undefined : new Promise(resolve => this.#takers.push(resolve))
    this.#length -= message.length
    if (this.#messages.length === 0) this.#resume()
    return message
  }

  /** No further message comes. With `drop`, those that wait are forgotten. */
  end(drop: boolean): void {
    this.#hasEnded = true
    if (drop) this.#messages.length = 0
    for (const taker of this.#takers.splice(0)) taker(undefined)
    // What comes before the end has to be read, or the end would never come.
    this.#resume()
  }

  #resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#connection.resume()
  }
}
