import type { Socket } from 'node:net'
import type { Client, Dispatcher } from 'undici'
import { ConnectionGone } from './connect-failure.ts'
import type { CountedExchange } from './counted-exchange.ts'
import { exchangeByNode } from './exchange-by-node.ts'
import type { Destination } from './transport.ts'
import type { UndiciClient } from './undici-client.ts'

/** What a response may have beside its body: 1xx responses, header fields, trailers. */
const besideBodyBytes = 65_536
/** A body that comes byte by byte takes six: `1 CR LF a CR LF`. */
const bytesForBodyByte = 8
const keptIdleMs = 60_000
const idleClosed = Object.assign(new Error('Closed while it was idle'), { code: 'UND_ERR_INFO' })

/**
 * One connection to a judged address, and the exchanges on it, one after the other. It counts every byte that comes in:
 * undici tells nothing of 1xx responses, chunk extensions or empty lines, and a receiver can send them without end.
 */
export class Connection {
  readonly origin: string
  /** The judged address; a name where a proxy looks it up. */
  readonly address: string
  /** Whom it was last used for, and when that was over. */
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
        // undici connects again where a connection ends before its request is written
        if (given) callback(new ConnectionGone(socket.errored), null)
        else queueMicrotask(() => this.#give(() => callback(null, socket)))
        given = true
      },
      // The limit of the whole attempt holds for both
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveMaxTimeout: keptIdleMs,
    })
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed
  }

  /** Whether the exchange on it is not its first. */
  get isReused(): boolean {
    return this.#exchanges > 1
  }

  dispatch(request: Dispatcher.DispatchOptions, exchange: CountedExchange): void {
    this.#exchanges++
    this.#client.dispatch(request, exchange)
  }

  /** Where the receiver sends what undici does not read. */
  dispatchByNode(request: Dispatcher.DispatchOptions, exchange: CountedExchange): void {
    this.#exchanges++
    exchangeByNode({ socket: this.#socket, origin: this.origin }, request, exchange)
  }

  /** The response to the exchange is what comes in from now on. */
  begin(exchange: CountedExchange): void {
    this.#exchange = exchange
    this.#bytesBefore = this.#socket.bytesRead
  }

  /** Its exchange is over. */
  end(): void {
    this.#exchange = undefined
  }

  close(): void {
    this.#socket.destroy()
  }

  /** Closes it where nothing is on its way: undici need not make an error for nobody. */
  closeIdle(): void {
    this.#socket.destroy(idleClosed)
  }

  onClose(listener: () => void): void {
    this.#socket.once('close', listener)
  }

  #give(give: () => void): void {
    give()
    // After undici's own listener: what it has read of the body is known then, and what came unasked has closed it
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
