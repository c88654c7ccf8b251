import type { IncomingMessage, ServerResponse } from 'node:http'
import { plainAddress } from '../http/client-address.ts'
import { ContentTooLargeError } from '../http/content-too-large-error.ts'
import { limitedBody } from '../http/limited-body.ts'
import { announcedBytes } from '../http/limited-request.ts'
import { readBody } from '../http/read-body.ts'
import { NO_VARIABLES, type RequestView, type Variables } from '../http/request-view.ts'
import { collectBody, incomingBody } from './incoming-body.ts'

/**
 * Node's own request as the pipeline sees it. Nothing of the web platform is made until it is asked for: an eager
 * `Request` doubles the CPU of a small request.
 */
export class NodeRequestView implements RequestView {
  readonly method: string
  readonly path: string
  readonly queryText: string
  bodyLimitBytes = 0
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

  get variables(): Variables {
    return NO_VARIABLES
  }

  get clientAddress(): string | undefined {
    return plainAddress(this.#incoming.socket.remoteAddress)
  }

  header(name: string): string | undefined {
    const value = this.#incoming.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  readBody(): Promise<Uint8Array> {
    const { bodyLimitBytes } = this
    // Who has the request may have begun to read or clone its body.
    if (this.#request !== undefined) return readBody(this.#request, bodyLimitBytes)
    if (this.#announcedBytes > bodyLimitBytes) return Promise.reject(new ContentTooLargeError(bodyLimitBytes))
    this.#bodyRead = true
    this.#sendContinue()
    return collectBody(this.#incoming, bodyLimitBytes)
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

  get #announcedBytes(): number {
    return announcedBytes(this.#incoming.headers['content-length'])
  }

  #bodyStream(): ReadableStream<Uint8Array> {
    const open = () => {
      this.#sendContinue()
      return incomingBody(this.#incoming)
    }
    return limitedBody(open, this.#announcedBytes, this.bodyLimitBytes)
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
