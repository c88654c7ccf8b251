import { addressOf } from '../http/client-address.ts'
import { limitedRequest } from '../http/limited-request.ts'
import { readBody } from '../http/read-body.ts'
import { NO_VARIABLES, type RequestView, type Variables } from '../http/request-view.ts'

/** What a server may say of the answer beside the request: Node's response, as `@hono/node-server` names it. */
interface ServerBindings {
  readonly outgoing?: { readonly closed: boolean; once(event: 'close', listener: () => void): unknown }
}

/**
 * A web `Request` as the pipeline sees it; `env` is what the server gave beside it. `isLimited` says that nobody can read
 * too much of its body anyway; `variables` gives what middleware has set.
 */
export function webRequestView(
  request: Request,
  env: unknown,
  isLimited: boolean,
  variables: () => Variables = () => NO_VARIABLES,
): RequestView {
  const url = withoutFragment(request.url)
  const pathStart = url.indexOf('/', url.indexOf('//') + 2)
  const queryStart = url.indexOf('?', pathStart)
  let limited = isLimited ? request : undefined
  return {
    bodyLimitBytes: 0,
    method: request.method,
    path: queryStart < 0 ? url.slice(pathStart) : url.slice(pathStart, queryStart),
    queryText: queryStart < 0 ? '' : url.slice(queryStart + 1),
    url,
    get clientAddress() {
      return addressOf(env)
    },
    get variables() {
      return variables()
    },
    header: name => request.headers.get(name) ?? undefined,
    readBody() {
      return readBody(limited ?? request, this.bodyLimitBytes)
    },
    get request() {
      limited ??= limitedRequest(request, this.bodyLimitBytes)
      return limited
    },
    get signal() {
      return request.signal
    },
    afterSent(fn) {
      const { outgoing } = (env ?? {}) as ServerBindings
      // A web handler is not told when its Response has been sent.
      if (outgoing === undefined) setImmediate(fn)
      else if (outgoing.closed) fn()
      else outgoing.once('close', fn)
    },
  }
}

function withoutFragment(url: string): string {
  const start = url.indexOf('#')
  return start < 0 ? url : url.slice(0, start)
}
