import type { Socket } from 'node:net'
import type { OpenSockets } from './open-sockets.ts'

/** An exchange as its connection sees it. */
export interface CountedExchange {
  /** What has come of the answer's body. */
  readonly bodyBytes: number
  /** More came than belongs to any answer. */
  overflow(): void
}

/** What an answer may have beside its body: 1xx answers, header fields, trailers. */
const besideBodyBytes = 65_536
/** A body that comes byte by byte takes six: `1 CR LF a CR LF`. */
const bytesForBodyByte = 8

/**
 * One connection of a pool and the exchanges on it, one after the other. It counts every byte that comes in: undici tells
 * nothing of 1xx answers, chunk extensions or empty lines, and a receiver can send them without end.
 */
export class Connection {
  readonly #sockets: OpenSockets
  #socket: Socket | undefined
  #exchange: CountedExchange | undefined
  #bytesBefore = 0

  constructor(sockets: OpenSockets) {
    this.#sockets = sockets
  }

  /** `use` hands the socket to undici. */
  open(socket: Socket, use: () => void): void {
    this.#socket = socket
    this.#exchange = undefined
    this.#bytesBefore = 0
    // Node leaves a TLS connection open that broke after its handshake
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.#sockets.release(socket))
    use()
    if (this.#exchange === undefined) this.#sockets.idle(socket)
    // After undici's own listener: what it has read of the body is known then
    socket.on('readable', () => this.#count(socket))
  }

  /** Its answer is what comes in from now on, until the next one begins. */
  begin(exchange: CountedExchange): void {
    this.#exchange = exchange
    if (this.#socket === undefined) return
    this.#bytesBefore = this.#socket.bytesRead
    this.#sockets.busy(this.#socket)
  }

  /** The answer is complete. */
  end(): void {
    if (this.#socket !== undefined) this.#sockets.idle(this.#socket)
  }

  #count(socket: Socket): void {
    const limitBytes = besideBodyBytes + bytesForBodyByte * (this.#exchange?.bodyBytes ?? 0)
    if (socket.bytesRead - this.#bytesBefore <= limitBytes) return
    this.#exchange?.overflow()
    socket.destroy()
  }
}
