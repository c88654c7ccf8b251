import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A response as it came over the wire. */
export interface RawResponse {
  readonly status: number
  /** Names in lower case; values of one name joined by ", ". */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const HEAD_END = '\r\n\r\n'

/** A client that sends exactly the bytes it is given, and reads responses one by one. */
export class RawConnection implements AsyncDisposable {
  readonly socket: Socket
  /** Resolves when the server has closed the connection, or the connection broke. */
  readonly closed: Promise<void>
  #received = Buffer.alloc(0)
  #isClosed = false
  #changed = Promise.withResolvers<void>()

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#change()
    })
    this.closed = new Promise(resolve => {
      socket.once('close', () => {
        this.#isClosed = true
        this.#change()
        resolve()
      })
    })
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect({ port, host: '127.0.0.1' })
    await once(socket, 'connect')
    return new RawConnection(socket)
  }

  /** Sends text (as bytes of Latin-1, so that any byte can be written as "\xff") or bytes. */
  write(data: string | Uint8Array): void {
    if (typeof data === 'string') this.socket.write(data, 'latin1')
    else this.socket.write(data)
  }

  /** What has arrived and has not been read yet. */
  get unread(): string {
    return this.#received.toString('latin1')
  }

  /**
   * The next response to a request of this method, even a "100 Continue"; undefined where the connection ended before
   * it.
   */
  async response(method = 'GET'): Promise<RawResponse | undefined> {
    const head = await this.#until(HEAD_END)
    if (head === undefined) return undefined
    const [statusLine = '', ...lines] = head.split('\r\n')
    const status = Number(statusLine.split(' ')[1])
    const headers: Record<string, string> = {}
    for (const line of lines) {
      const colon = line.indexOf(':')
      const name = line.slice(0, colon).toLowerCase()
      const value = line.slice(colon + 1).trim()
      headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
    }
    const withoutBody = method === 'HEAD' || status < 200 || status === 204 || status === 304
    return { status, headers, body: withoutBody ? '' : await this.#body(headers) }
  }

  /** Everything up to the text, which is removed as well; undefined where the connection ended before it. */
  async #until(text: string): Promise<string | undefined> {
    for (;;) {
      const end = this.#received.indexOf(text, 0, 'latin1')
      if (end >= 0) return this.#take(end + text.length).slice(0, -text.length)
      if (this.#isClosed) return undefined
      await this.#changed.promise
    }
  }

  async #body(headers: Readonly<Record<string, string>>): Promise<string> {
    if (headers['transfer-encoding'] === 'chunked') return this.#chunks()
    const length = Number(headers['content-length'] ?? Number.POSITIVE_INFINITY)
    while (this.#received.length < length && !this.#isClosed) await this.#changed.promise
    return this.#take(Math.min(length, this.#received.length))
  }

  /** A body that ends too early ends with "(broken off)". */
  async #chunks(): Promise<string> {
    let body = ''
    for (;;) {
      const size = await this.#until('\r\n')
      if (size === undefined) return `${body}(broken off)`
      const length = Number.parseInt(size, 16)
      while (this.#received.length < length + 2 && !this.#isClosed) await this.#changed.promise
      const chunk = this.#take(length + 2).slice(0, -2)
      if (length === 0) return body
      body += chunk
    }
  }

  #take(length: number): string {
    const taken = this.#received.subarray(0, length).toString()
    this.#received = this.#received.subarray(length)
    return taken
  }

  #change(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy()
    await this.closed
  }
}
