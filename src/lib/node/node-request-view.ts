import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { ContentTooLargeError } from '../http/content-too-large-error.ts'
import { type BodyReader, drain, incompleteBody, readBody } from '../http/read-body.ts'
import type { RequestView } from '../http/request-view.ts'

/**
 * Node's own request as the pipeline sees it. Nothing of the web platform is made until it is asked for: an eager
 * `Request` doubles the CPU of a small request.
 */
export class NodeRequestView implements RequestView {
  readonly method: string
  readonly path: string
  readonly queryText: string
  readonly #incoming: IncomingMessage
  readonly #outgoing: ServerResponse
  #expectsContinue: boolean
  #bodyRead = false
  #controller: AbortController | undefined
  #request: Request | undefined

  constructor(incoming: IncomingMessage, outgoing: ServerResponse, expectsContinue: boolean) {
    const url = incoming.url ?? '/'
    const queryStart = url.indexOf('?')
    this.method = incoming.method ?? 'GET'
    this.path = queryStart < 0 ? url : url.slice(0, queryStart)
    this.queryText = queryStart < 0 ? '' : url.slice(queryStart + 1)
    this.#incoming = incoming
    this.#outgoing = outgoing
    this.#expectsContinue = expectsContinue
  }

  get url(): string {
    const scheme = 'encrypted' in this.#incoming.socket ? 'https' : 'http'
    return `${scheme}://${this.#incoming.headers.host ?? 'localhost'}${this.#incoming.url}`
  }

  header(name: string): string | undefined {
    const value = this.#incoming.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  readBody(limitBytes: number): Promise<Uint8Array> {
    // Who has the request may have begun to read or clone its body.
    if (this.#request !== undefined) return readBody(this.#request, limitBytes)
    if (Number(this.#incoming.headers['content-length'] ?? 0) > limitBytes)
      return Promise.reject(new ContentTooLargeError(limitBytes))
    this.#bodyRead = true
    this.#sendContinue()
    return collect(this.#incoming, limitBytes)
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController()
      this.#controller = controller
      const abort = (): void => {
        if (!this.#outgoing.writableFinished) controller.abort(new DOMException('The client went away', 'AbortError'))
      }
      if (this.#outgoing.closed) abort()
      else this.#outgoing.once('close', abort)
    }
    return this.#controller.signal
  }

  get request(): Request {
    this.#request ??= this.#makeRequest()
    return this.#request
  }

  afterSent(fn: () => void): void {
    if (this.#outgoing.closed) fn()
    else this.#outgoing.once('close', fn)
  }

  #makeRequest(): Request {
    const init = { method: this.method, headers: headersOf(this.#incoming), signal: this.signal }
    if (this.method === 'GET' || this.method === 'HEAD') return new Request(this.url, init)
    const body = { body: this.#bodyRead ? new Uint8Array() : this.#bodyStream(), duplex: 'half' }
    const request = new Request(this.url, { ...init, ...body })
    // What was read as the declared body is used up for everyone.
    if (this.#bodyRead) void request.arrayBuffer()
    return request
  }

  /** Touches Node's request only when someone reads. */
  #bodyStream(): ReadableStream<Uint8Array> {
    const incoming = this.#incoming
    let reader: BodyReader | undefined
    const begin = (): BodyReader => {
      this.#sendContinue()
      return (Readable.toWeb(incoming) as ReadableStream<Uint8Array>).getReader()
    }
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          if (reader === undefined && incoming.destroyed) throw incompleteBody()
          reader ??= begin()
          const { done, value } = await reader.read()
          if (done) controller.close()
          else controller.enqueue(value)
        },
        cancel: () => void (reader && drain(reader)),
      },
      { highWaterMark: 0 },
    )
  }

  #sendContinue(): void {
    if (this.#expectsContinue && !this.#outgoing.headersSent) this.#outgoing.writeContinue()
    this.#expectsContinue = false
  }
}

function headersOf(incoming: IncomingMessage): Headers {
  const headers = new Headers()
  for (let index = 0; index < incoming.rawHeaders.length; index += 2)
    headers.append(incoming.rawHeaders[index]!, incoming.rawHeaders[index + 1]!)
  return headers
}

function collect(incoming: IncomingMessage, limitBytes: number): Promise<Uint8Array> {
  // Nothing would ever be heard of a client that went away before.
  if (incoming.destroyed) return Promise.reject(incompleteBody())
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const take = (chunk: Buffer): void => {
      length += chunk.length
      if (length <= limitBytes) {
        chunks.push(chunk)
        return
      }
      incoming.off('data', take)
      // What still comes is read and dropped, so that the client gets to read the answer.
      incoming.resume()
      reject(new ContentTooLargeError(limitBytes))
    }
    incoming.on('data', take)
    incoming.on('end', () => {
      // Node would do it with all listeners at once, which turns their table into a slow one.
      incoming.off('data', take)
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length))
    })
    incoming.on('error', cause => reject(incompleteBody(cause)))
  })
}
