import type { ConnectionListener, SocketConnection, SocketMessage } from '../../request/socket/socket-connection.ts'

/** What the client's end of a connection is told. */
export interface ClientEnd {
  message(message: SocketMessage): void
  closed(code: number, reason: string): void
}

/** A WebSocket without a network: the server's end, and what the client does with it. */
export class MemoryConnection implements SocketConnection {
  readonly waitingBytes = 0
  readonly #client: ClientEnd
  readonly #messageLimitBytes: number
  /** What has come before anybody listened, and while the server does not read. */
  readonly #unread: (() => void)[] = []
  #listener: ConnectionListener | undefined
  #isPaused = false
  #isClosed = false

  constructor(client: ClientEnd, messageLimitBytes: number) {
    this.#client = client
    this.#messageLimitBytes = messageLimitBytes
  }

  listen(listener: ConnectionListener): void {
    this.#listener = listener
    this.#read()
  }

  async send(message: SocketMessage): Promise<void> {
    if (this.#isClosed) throw new Error('The connection is closed')
    this.#client.message(copyOf(message))
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    this.#read()
  }

  /** A client of a test is always there. */
  ping(): void {
    this.#listener?.alive()
  }

  close(code: number, reason: string): void {
    this.#close(code, reason)
  }

  terminate(): void {
    this.#close(1006, '')
  }

  /** The client sends a message. */
  fromClient(message: SocketMessage): void {
    if (this.#isClosed) return
    if (Buffer.byteLength(message) > this.#messageLimitBytes) this.#close(1009, 'Max payload size exceeded')
    else this.#come(() => this.#listener?.message(copyOf(message)))
  }

  /** The client closes. */
  closeFromClient(code: number, reason: string): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#come(() => this.#listener?.closed(code, reason))
    this.#client.closed(code, reason)
  }

  #close(code: number, reason: string): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#unread.length = 0
    this.#client.closed(code, reason)
    queueMicrotask(() => this.#listener?.closed(code, reason))
  }

  #come(tell: () => void): void {
    this.#unread.push(tell)
    this.#read()
  }

  #read(): void {
    while (!this.#isPaused && this.#listener !== undefined && this.#unread.length > 0) this.#unread.shift()!()
  }
}

/** Both ends have bytes of their own, as over a network. */
const copyOf = (message: SocketMessage): SocketMessage =>
  typeof message === 'string' ? message : new Uint8Array(message)
