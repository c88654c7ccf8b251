import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import type { Dispatcher } from 'undici'
import { GrowingBytes } from '../../json/growing-bytes.ts'
import { NoResponse, ResponseOverflow } from './connect-failure.ts'
import type { Connection } from './connection.ts'
import type { CountedExchange } from './counted-exchange.ts'
import type { IncomingResponse, TransportOptions } from './transport.ts'

/** What an exchange needs beside the request itself. */
export interface ExchangeOptions extends Pick<TransportOptions, 'responseLimitBytes'> {
  readonly connection: Connection
  readonly method: string
  readonly encrypted: boolean
  /** Called right before the request is written; if it throws, nothing is written. */
  readonly beforeWrite: () => void
  readonly resolve: (response: IncomingResponse) => void
  readonly reject: (reason: unknown) => void
}

const requestTimeoutStatus = 408

/** One request on a connection. Collects the response up to its limit, and drops the connection beyond it. */
export class Exchange implements CountedExchange {
  readonly #options: ExchangeOptions
  readonly #body = new GrowingBytes()
  #status = 0
  #headers: IncomingHttpHeaders = {}
  #controller: Dispatcher.DispatchController | undefined
  #settled = false
  /** Whether a byte of a response has come. */
  #started = false

  constructor(options: ExchangeOptions) {
    this.#options = options
  }

  get isOver(): boolean {
    return this.#settled
  }

  get bodyBytes(): number {
    return this.#body.length
  }

  /**
   * Ends the exchange and its connection. If the head of the response is known, the exchange resolves with it and the
   * part of the body that came.
   */
  stop(reason: unknown): void {
    if (this.#settled) return
    this.#end(reason)
    this.#drop()
  }

  /** undici calls this right before it writes the request, once there is a connection. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#settled) {
      this.#drop()
      return
    }
    this.#options.connection.begin(this)
    try {
      this.#options.beforeWrite()
    } catch (error) {
      this.stop(error)
    }
  }

  /** undici calls this at the first byte of a response. */
  onResponseStarted(): void {
    this.#started = true
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (this.#settled) return
    // A server that closes an idle connection may say so with a 408, while our request is on its way (RFC 9110 section
    // 15.5.9)
    if (status === requestTimeoutStatus && this.#options.connection.isReused) {
      this.stop(new NoResponse())
      return
    }
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return
    const roomBytes = this.#options.responseLimitBytes - this.#body.length
    const kept = chunk.length > roomBytes ? chunk.subarray(0, roomBytes) : chunk
    this.#body.add(kept)
    if (kept.length === chunk.length) return
    this.#finish(true)
    this.#drop()
  }

  /**
   * Somebody in between may end a connection (RFC 9112 section 8). So over TLS only a response with a length is known
   * to be complete.
   */
  onResponseEnd(): void {
    this.#finish(this.#options.encrypted && this.#endsWithConnection)
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.#settled) return
    const wasClosed = this.#options.connection.isReused && !this.#started && error.name !== 'HTTPParserError'
    this.#end(wasClosed ? new NoResponse() : error)
  }

  /** Too much came beside the body. */
  overflow(): void {
    this.stop(new ResponseOverflow())
  }

  /** RFC 9112 section 6.3. */
  get #endsWithConnection(): boolean {
    if (this.#options.method === 'HEAD' || this.#status === 204 || this.#status === 304) return false
    const coding = this.#headers['transfer-encoding']
    return coding === undefined ? this.#headers['content-length'] === undefined : !/\bchunked\s*$/i.test(coding)
  }

  /** A receiver that has sent its status has decided about the request, whatever becomes of the rest. */
  #end(reason: unknown): void {
    if (this.#status >= 200) {
      this.#finish(true)
      return
    }
    this.#settled = true
    this.#options.reject(reason)
  }

  #finish(bodyTruncated: boolean): void {
    if (this.#settled) return
    this.#settled = true
    const { address } = this.#options.connection
    this.#options.resolve({
      status: this.#status,
      headers: joinRepeated(this.#headers),
      body: this.#body.taken(),
      bodyTruncated,
      address: isIP(address) === 0 ? undefined : address,
    })
  }

  #drop(): void {
    this.#controller?.abort(new Error('The exchange has ended'))
    this.#options.connection.close()
  }
}

function joinRepeated(headers: IncomingHttpHeaders): Record<string, string> {
  const joined: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) joined[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return joined
}
