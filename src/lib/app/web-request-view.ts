import { type BodySource, requestBodySource } from '../http/body/body-source.ts'
import { limitedRequest } from '../http/body/limited-request.ts'
import { readBody } from '../http/body/read-body.ts'
import { clientAddressIn, forwardedIn } from '../http/client-address.ts'
import { requestIdOf } from '../http/request-id.ts'
import { NO_VARIABLES, type RequestView, type Variables } from '../http/request-view.ts'

/**
 * What a server may pass beside the request about its response: Node's response, under the name of `@hono/node-server`.
 */
interface ServerBindings {
  readonly outgoing?: { readonly closed: boolean; once(event: 'close', listener: () => void): unknown }
}

/**
 * A web `Request` as the pipeline sees it; `env` is what the server passed beside it. `isLimited` says that its body is
 * already limited; `variables` gives the values that middleware has set.
 */
export class WebRequestView implements RequestView {
  readonly method: string
  readonly path: string
  readonly queryText: string
  readonly url: string
  bodyLimitBytes = 0
  readonly #request: Request
  readonly #env: unknown
  readonly #variables: (() => Variables) | undefined
  #limited: Request | undefined
  #requestId: string | undefined
  /** What waits for the response; undefined once that has been made. */
  #waiting: (() => void)[] | undefined = []

  constructor(request: Request, env: unknown, isLimited: boolean, variables?: () => Variables) {
    const url = withoutFragment(request.url)
    const pathStart = url.indexOf('/', url.indexOf('//') + 2)
    const queryStart = url.indexOf('?', pathStart)
    this.method = request.method
    this.path = queryStart < 0 ? url.slice(pathStart) : url.slice(pathStart, queryStart)
    this.queryText = queryStart < 0 ? '' : url.slice(queryStart + 1)
    this.url = url
    this.#request = request
    this.#env = env
    this.#variables = variables
    this.#limited = isLimited ? request : undefined
  }

  header(name: string): string | undefined {
    return this.#request.headers.get(name) ?? undefined
  }

  get clientAddress(): string | undefined {
    return clientAddressIn(this.#env)
  }

  get requestId(): string {
    this.#requestId ??= requestIdOf(forwardedIn(this.#env), this.variables)
    return this.#requestId
  }

  get variables(): Variables {
    return this.#variables?.() ?? NO_VARIABLES
  }

  get env(): unknown {
    return this.#env
  }

  readBody(): Promise<Uint8Array> {
    return readBody(this.#limited ?? this.#request, this.bodyLimitBytes)
  }

  openBody(): BodySource {
    return requestBodySource(this.request)
  }

  get request(): Request {
    this.#limited ??= limitedRequest(this.#request, this.bodyLimitBytes)
    return this.#limited
  }

  get signal(): AbortSignal {
    return this.#request.signal
  }

  afterSent(fn: () => void): void {
    const { outgoing } = (this.#env ?? {}) as ServerBindings
    if (outgoing === undefined) {
      if (this.#waiting === undefined) setImmediate(fn)
      else this.#waiting.push(fn)
    } else if (outgoing.closed) fn()
    else outgoing.once('close', fn)
  }

  /** The response has been made: a web handler is not told when it has been sent. */
  responded(): void {
    for (const fn of this.#waiting ?? []) setImmediate(fn)
    this.#waiting = undefined
  }
}

function withoutFragment(url: string): string {
  const start = url.indexOf('#')
  return start < 0 ? url : url.slice(0, start)
}
