import { connect, type Socket } from 'node:net'

/**
 * One kept connection that sends a request again and again. Written on a bare socket, so that the load costs little
 * compared to the measured server.
 */
export class HttpConnection {
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #responded: ((status: number) => void) | undefined
  #failed: ((error: Error) => void) | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', chunk => this.#receive(chunk))
    socket.on('error', error => this.#failed?.(error))
    socket.on('close', () => this.#failed?.(new Error('The server closed a connection')))
  }

  static open(port: number): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new HttpConnection(socket.off('error', reject))))
      socket.once('error', reject)
    })
  }

  /** Sends the bytes of one request and resolves to the status of its response. */
  send(request: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#responded = resolve
      this.#failed = reject
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#failed = undefined
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    const status = completeStatus(this.#received)
    if (status === undefined) return
    this.#received = Buffer.alloc(0)
    const responded = this.#responded
    this.#responded = undefined
    this.#failed = undefined
    responded?.(status)
  }
}

const lastChunk = Buffer.from('\r\n0\r\n\r\n')

/** The status of a complete response (RFC 9112, section 6.3: by length or in chunks). */
function completeStatus(bytes: Buffer): number | undefined {
  const headLength = bytes.indexOf('\r\n\r\n')
  if (headLength < 0) return undefined
  const head = bytes.toString('latin1', 0, headLength)
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  const bodyStart = headLength + 4
  const complete =
    length === undefined ? bytes.subarray(-7).equals(lastChunk) : bytes.length >= bodyStart + Number(length)
  return complete ? Number(head.slice(9, 12)) : undefined
}
