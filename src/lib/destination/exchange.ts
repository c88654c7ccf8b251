import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
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
  readonly #chunks: Buffer[] = []
  #lengthBytes = 0
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
    const roomBytes = this.#options.answerLimitBytes - this.#lengthBytes
    const kept = chunk.length > roomBytes ? chunk.subarray(0, roomBytes) : chunk
    this.#chunks.push(kept)
    this.#lengthBytes += kept.length
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
      body: joinChunks(this.#chunks, this.#lengthBytes),
      bodyTruncated,
      address: this.#options.address,
    })
  }

  #drop(): void {
    this.#controller?.abort(new Error('The exchange has ended'))
  }
}

/** The bytes in memory of their own: a chunk is a small part of a large block, which would be kept with it. */
function joinChunks(chunks: readonly Buffer[], lengthBytes: number): Uint8Array {
  const joined = new Uint8Array(lengthBytes)
  let offset = 0
  for (const chunk of chunks) {
    joined.set(chunk, offset)
    offset += chunk.length
  }
  return joined
}

function joinRepeated(headers: IncomingHttpHeaders): Record<string, string> {
  const joined: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) joined[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return joined
}
