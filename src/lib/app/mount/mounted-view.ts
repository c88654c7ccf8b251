import { type BodySource, requestBodySource } from '../../http/body/body-source.ts'
import { readBody } from '../../http/body/read-body.ts'
import type { RequestView, Variables } from '../../http/request-view.ts'

/** A request as what is mounted sees it: without the path that it is mounted at. */
export class MountedView implements RequestView {
  readonly path: string
  readonly #outer: RequestView
  #request: Request | undefined

  /** `path` is what follows the mount's own: empty, or it begins with a slash. */
  constructor(outer: RequestView, path: string) {
    this.#outer = outer
    this.path = path === '' ? '/' : path
  }

  get method(): string {
    return this.#outer.method
  }

  get queryText(): string {
    return this.#outer.queryText
  }

  get url(): string {
    const { url, queryText } = this.#outer
    const origin = url.slice(0, url.indexOf('/', url.indexOf('//') + 2))
    return `${origin}${this.path}${queryText === '' ? '' : `?${queryText}`}`
  }

  header(name: string): string | undefined {
    return this.#outer.header(name)
  }

  get clientAddress(): string | undefined {
    return this.#outer.clientAddress
  }

  get requestId(): string {
    return this.#outer.requestId
  }

  get variables(): Variables {
    return this.#outer.variables
  }

  get env(): unknown {
    return this.#outer.env
  }

  get bodyLimitBytes(): number {
    return this.#outer.bodyLimitBytes
  }

  set bodyLimitBytes(limit: number) {
    this.#outer.bodyLimitBytes = limit
  }

  readBody(): Promise<Uint8Array> {
    return this.#request === undefined ? this.#outer.readBody() : readBody(this.#request, this.bodyLimitBytes)
  }

  openBody(): BodySource {
    return this.#request === undefined ? this.#outer.openBody() : requestBodySource(this.#request)
  }

  get request(): Request {
    this.#request ??= movedRequest(this.#outer.request, this.url)
    return this.#request
  }

  get signal(): AbortSignal {
    return this.#outer.signal
  }

  afterSent(fn: () => void): void {
    this.#outer.afterSent(fn)
  }
}

/** The same request for another URL. */
function movedRequest(request: Request, url: string): Request {
  if (request.method !== 'TRACE') return new Request(url, request)
  // The web platform knows no TRACE.
  const { headers, signal } = request
  return Object.defineProperty(new Request(url, { headers, signal }), 'method', { value: 'TRACE' })
}
