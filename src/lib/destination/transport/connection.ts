import type { Socket } from 'node:net'
import type { Client, Dispatcher } from 'undici'
import { ConnectionGone } from './connect-failure.ts'
import type { CountedExchange } from './counted-exchange.ts'
import { exchangeByNode } from './exchange-by-node.ts'
import type { Destination } from './transport.ts'
import type { UndiciClient } from './undici-client.ts'

/** How much a response may send beside its body: 1xx responses, header fields, trailers. */
const besideBodyBytes = 65_536
/** A body that comes byte by byte needs six for each: `1 CR LF a CR LF`. */
const bytesForBodyByte = 8
const keptIdleMs = 60_000
/** undici's messages about bytes that belong to no request, whether they came together with a response or after it. */
const unasked = /^HTTPParserError|bad response/
const idleClosed = Object.assign(new Error('Closed while it was idle'), { code: 'UND_ERR_INFO' })

/**
 * One connection to a judged address, and the exchanges on it, one after the other. It counts every byte that comes in:
 * undici does not report 1xx responses, chunk extensions or empty lines, and a receiver can send them without end.
 */
export class Connection {
  readonly origin: string
  /** The judged address; the name if a proxy looks it up. */
  readonly address: string
  /** The destination it was last used for. `idleSinceMs` says when that use ended. */
  destination: Destination | undefined
  idleSinceMs = 0
  readonly #socket: Socket
  readonly #client: Client
  #exchange: CountedExchange | undefined
  #exchanges = 0
  #bytesBefore = 0

  constructor(undici: UndiciClient, socket: Socket, { origin, address }: { origin: string; address: string }) {
    this.origin = origin
    this.address = address
    this.#socket = socket
    // Node leaves a TLS connection open that broke after its handshake
    socket.on('error', () => socket.destroy())
    let given = false
    this.#client = new undici.Client(origin, {
      connect: (_, callback) => {
        // undici connects again if a connection ends before its request is written
        if (given) callback(new ConnectionGone(socket.errored), null)
        else queueMicrotask(() => this.#give(() => callback(null, socket)))
        given = true
      },
      // The limit of the whole attempt covers both
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveMaxTimeout: keptIdleMs,
    })
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed
  }

  /** Whether the current exchange is not the first on this connection. */
  get isReused(): boolean {
    return this.#exchanges > 1
  }

  /** Whether it was closed because, after its exchange, an unasked response came, or bytes that are not HTTP. */
  get endedUnasked(): boolean {
    return this.#exchange?.isOver !== false && unasked.test(String(this.#socket.errored))
  }

  dispatch(request: Dispatcher.DispatchOptions, exchange: CountedExchange): void {
    this.#exchanges++
    this.#client.dispatch(request, exchange)
  }

  /** For a receiver that sends what undici does not read. */
  dispatchByNode(request: Dispatcher.DispatchOptions, exchange: CountedExchange): void {
    this.#exchanges++
    exchangeByNode(this.#socket, { ...request, origin: this.origin }, exchange)
  }

  /** From now on, what comes in is the response to this exchange. */
  begin(exchange: CountedExchange): void {
    this.#exchange = exchange
    this.#bytesBefore = this.#socket.bytesRead
  }

  /** The exchange is over. */
  end(): void {
    this.#exchange = undefined
  }

  close(): void {
    this.#socket.destroy()
  }

  /** Closes an idle connection with a shared error, so that undici need not make one that nobody sees. */
  closeIdle(): void {
    this.#socket.destroy(idleClosed)
  }

  onClose(listener: () => void): void {
    this.#socket.once('close', listener)
  }

  #give(give: () => void): void {
    give()
    // Runs after undici's own listener: by then undici has counted the bytes of the body, and has closed the connection
    // if something came unasked
    this.#socket.on('readable', () => this.#count())
  }

  #count(): void {
    const { bytesRead } = this.#socket
    const limitBytes = besideBodyBytes + bytesForBodyByte * (this.#exchange?.bodyBytes ?? 0)
    if (bytesRead - this.#bytesBefore <= limitBytes) return
    this.#exchange?.overflow()
    this.close()
  }
}
