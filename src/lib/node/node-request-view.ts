import type { IncomingMessage } from 'node:http'
import { type BodySource, requestBodySource } from '../http/body/body-source.ts'
import { ContentTooLargeError } from '../http/body/content-too-large-error.ts'
import { limitedBody, limitedSource } from '../http/body/limited-body.ts'
import { announcedBytes, WITHOUT_BODY } from '../http/body/limited-request.ts'
import { readBody } from '../http/body/read-body.ts'
import { FORWARDED, plainAddress } from '../http/client-address.ts'
import { requestIdOf } from '../http/request-id.ts'
import { NO_VARIABLES, type RequestView, type Variables } from '../http/request-view.ts'
import { collectBody, incomingBody } from './incoming-body.ts'
import { headerOf, originOf, type Target } from './read-target.ts'

/** The response as the view of its request sees it: Node's own, or what stands for it during the handshake of a WebSocket. */
export interface Outgoing {
  /** Whether it has been sent or abandoned. */
  readonly closed: boolean
  readonly headersSent: boolean
  readonly writableFinished: boolean
  /** Present where what follows outlives the response. */
  readonly signal?: AbortSignal
  once(event: 'close', listener: () => void): unknown
  writeContinue(): void
}

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
  readonly #outgoing: Outgoing
  readonly #target: Target
  #expectsContinue: boolean
  #bodyRead = false
  #controller: AbortController | undefined
  #request: Request | undefined
  #requestId: string | undefined

  constructor(incoming: IncomingMessage, outgoing: Outgoing, target: Target, expectsContinue = false) {
    const { text } = target
    const queryStart = text.indexOf('?')
    this.method = incoming.method ?? 'GET'
    this.path = queryStart < 0 ? text : text.slice(0, queryStart)
    this.queryText = queryStart < 0 ? '' : text.slice(queryStart + 1)
    this.#target = target
    this.#incoming = incoming
    this.#outgoing = outgoing
    this.#expectsContinue = expectsContinue
  }

  get url(): string {
    return `${this.#target.origin ?? originOf(this.#incoming)}${this.#target.text}`
  }

  get requestId(): string {
    this.#requestId ??= requestIdOf(this.#target.forwarded)
    return this.#requestId
  }

  get variables(): Variables {
    return NO_VARIABLES
  }

  get env(): object {
    return { incoming: this.#incoming, outgoing: this.#outgoing, [FORWARDED]: this.#target.forwarded }
  }

  get clientAddress(): string | undefined {
    return this.#target.forwarded?.clientAddress ?? plainAddress(this.#incoming.socket.remoteAddress)
  }

  header(name: string): string | undefined {
    return headerOf(this.#incoming, name)
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

  openBody(): BodySource {
    if (this.#request !== undefined) return requestBodySource(this.#request)
    this.#bodyRead = true
    return limitedSource(() => this.#open(), this.#announcedBytes, this.bodyLimitBytes)
  }

  get signal(): AbortSignal {
    const { signal } = this.#outgoing
    if (signal !== undefined) return signal
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
    this.#request ??= this.#makeRequest(this.signal)
    return this.#request
  }

  /**
   * The request for middleware, which seldom asks for the signal: to tie it to a request costs a fifth of one behind
   * middleware. One with a body has it tied all the same, since middleware may wrap the body into a request of its own.
   */
  get requestOfMiddleware(): Request {
    if (!WITHOUT_BODY.has(this.method)) return this.request
    this.#request ??= Object.defineProperty(this.#makeRequest(), 'signal', { get: () => this.signal })
    return this.#request
  }

  afterSent(fn: () => void): void {
    if (this.#outgoing.closed) fn()
    else this.#outgoing.once('close', fn)
  }

  #makeRequest(signal?: AbortSignal): Request {
    const { method } = this
    const hasBody = !WITHOUT_BODY.has(method)
    const init = hasBody && { body: this.#bodyRead ? new Uint8Array() : this.#bodyStream(), duplex: 'half' }
    // The web platform knows no TRACE.
    const known = method === 'TRACE' ? 'GET' : method
    const request = new Request(this.url, { method: known, ...(signal && { signal }), ...init })
    if (method === 'TRACE') Object.defineProperty(request, 'method', { value: method })
    const { rawHeaders } = this.#incoming
    // To fill the list that is there costs half of giving one.
    for (let index = 0; index < rawHeaders.length; index += 2)
      request.headers.append(rawHeaders[index]!, rawHeaders[index + 1]!)
    // What was read as the declared body is used up for everyone.
    if (hasBody && this.#bodyRead) void request.arrayBuffer()
    return request
  }

  get #announcedBytes(): number {
    return announcedBytes(this.#incoming.headers['content-length'])
  }

  #bodyStream(): ReadableStream<Uint8Array> {
    return limitedBody(() => this.#open(), this.#announcedBytes, this.bodyLimitBytes)
  }

  #open(): BodySource {
    this.#sendContinue()
    return incomingBody(this.#incoming)
  }

  #sendContinue(): void {
    if (this.#expectsContinue && !this.#outgoing.headersSent) this.#outgoing.writeContinue()
    this.#expectsContinue = false
  }
}
