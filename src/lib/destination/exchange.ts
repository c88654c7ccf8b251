import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import { GrowingBytes } from '../growing-bytes.ts'
import type { IncomingResponse, TransportOptions } from './transport.ts'

/** What one exchange of request and answer needs beside the request. */
export interface ExchangeOptions extends Pick<TransportOptions, 'answerLimitBytes' | 'beforeConnect'> {
  readonly address: string
  readonly resolve: (response: IncomingResponse) => void
  readonly reject: (reason: unknown) => void
}

/** One request on an undici pool: gathers the answer up to its limit, and drops the connection beyond it. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions
  readonly #body = new GrowingBytes()
  #status = 0
  #headers: IncomingHttpHeaders = {}
  #controller: Dispatcher.DispatchController | undefined
  #settled = false

  constructor(options: ExchangeOptions) {
    this.#options = options
  }

  /** Ends the exchange, and its connection where it has one already. */
  stop(reason: unknown): void {
    if (this.#settled) return
    this.#settled = true
    this.#options.reject(reason)
    this.#drop()
  }

  /** undici calls this right before it writes the request, when the connection stands. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#settled) {
      this.#drop()
      return
    }
    try {
      this.#options.beforeConnect?.()
    } catch (error) {
      this.stop(error)
    }
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return
    const roomBytes = this.#options.answerLimitBytes - this.#body.length
    const kept = chunk.length > roomBytes ? chunk.subarray(0, roomBytes) : chunk
    this.#body.add(kept)
    if (kept.length === chunk.length) return
    this.#finish(true)
    this.#drop()
  }

  onResponseEnd(): void {
    this.#finish(false)
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.#settled) return
    this.#settled = true
    this.#options.reject(error)
  }

  #finish(bodyTruncated: boolean): void {
    if (this.#settled) return
    this.#settled = true
    this.#options.resolve({
      status: this.#status,
      headers: joinRepeated(this.#headers),
      body: this.#body.taken(),
      bodyTruncated,
      address: this.#options.address,
    })
  }

  #drop(): void {
    this.#controller?.abort(new Error('The exchange has ended'))
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
