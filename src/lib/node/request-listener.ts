import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import type { Application } from '../app/application.ts'
import { withForeignHost, withUserInfo } from '../app/request-target.ts'
import { announcedBytes, limitedRequest } from '../http/limited-request.ts'
import { problemResponse } from '../http/problem-details.ts'
import type { PlainResponse } from '../http/request-view.ts'
import { isAuthority } from '../http/trusted-hosts.ts'
import { webResponse } from '../request/web-response.ts'
import { incomingBody } from './incoming-body.ts'
import { NodeRequestView } from './node-request-view.ts'
import { SlowBodies } from './slow-bodies.ts'
import type { Listener, WebAnswers } from './web-listener.ts'
import { writeResponse } from './write-response.ts'

/** What answers Node's requests, and those that wait for "100 Continue". */
export interface RequestListeners {
  readonly request: Listener
  readonly checkContinue: Listener
  /** The bodies that are on their way. */
  readonly bodies: SlowBodies
}

/**
 * Answers from Node's own request where nothing needs the web platform's; where middleware stands on the path, or the
 * target is unusual (an absolute URL, dot segments, characters that a URL parser would change), from a web `Request`.
 */
export function requestListeners(internals: Application): RequestListeners {
  const { isDirect, handle, log } = internals
  const fromWeb = (request: Request, bindings: HttpBindings): Promise<void> =>
    internals
      .fetchLimited(limited(request, bindings, internals), bindings)
      .then(response => writeResponse(response, bindings.outgoing, log))
  const overWeb = loadedWebListener({ answer: fromWeb, invalidTarget: () => webResponse(invalidTarget(), 'GET') })
  const direct = (view: NodeRequestView, outgoing: ServerResponse): void =>
    void handle(view).then(answered => writeResponse(answered, outgoing, log))
  const refuses = (incoming: IncomingMessage, outgoing: ServerResponse): boolean => {
    const refused = refusedRequest(incoming, internals)
    if (refused !== undefined) void writeResponse(refused, outgoing, log)
    return refused !== undefined
  }
  const bodies = new SlowBodies()
  return {
    bodies,
    request(incoming, outgoing) {
      bodies.begun(outgoing)
      if (refuses(incoming, outgoing)) return
      const view = new NodeRequestView(incoming, outgoing, false)
      if (isPlain(incoming) && isDirect(view.method, view.path)) direct(view, outgoing)
      else overWeb(incoming, outgoing)
    },
    checkContinue(incoming, outgoing) {
      bodies.begun(outgoing)
      if (refuses(incoming, outgoing)) return
      const view = new NodeRequestView(incoming, outgoing, true)
      if (!isPlain(incoming)) {
        outgoing.writeContinue()
        overWeb(incoming, outgoing)
      } else if (isDirect(view.method, view.path)) direct(view, outgoing)
      else {
        view.bodyLimitBytes = internals.bodyLimitOf(view)
        void internals
          .fetchLimited(view.request, { incoming, outgoing })
          .then(response => writeResponse(response, outgoing, log))
      }
    },
  }
}

/** Node sees to it that a body is no longer than its content length, so most need nothing more. */
function limited(request: Request, { incoming }: HttpBindings, { bodyLimitOf }: Application): Request {
  const { 'content-length': length, 'transfer-encoding': encoding } = incoming.headers
  if (length === undefined && encoding === undefined) return request
  const limitBytes = bodyLimitOf(request)
  if (encoding === undefined && announcedBytes(length) <= limitBytes) return withBytes(request)
  return limitedRequest(request, limitBytes, () => incomingBody(incoming as IncomingMessage))
}

/** The request that was made of Node's knows all ways of reading but this one. */
const withBytes = (request: Request): Request =>
  Object.defineProperty(request, 'bytes', { value: async () => new Uint8Array(await request.arrayBuffer()) })

/** Loaded with the first request that needs it: most need nothing of the web platform. */
function loadedWebListener(answers: WebAnswers): Listener {
  let loading: Promise<Listener> | undefined
  return (incoming, outgoing) => {
    loading ??= import('./web-listener.ts').then(({ webListener }) => webListener(answers))
    // Of a client that left meanwhile it would never hear.
    void loading.then(listener => outgoing.closed || listener(incoming, outgoing))
  }
}

const invalidTarget = (): PlainResponse => problemResponse(400, 'The target or Host of the request is invalid')

/** The answer to a request that is refused before anyone looks at it: of a wrong Host, or of a wrong absolute target. */
function refusedRequest(
  { headers, url = '' }: IncomingMessage,
  { trustsHost }: Application,
): PlainResponse | undefined {
  const host = headers.host || 'localhost'
  if (!isHost(host)) return invalidTarget()
  if (!trustsHost(host)) return withForeignHost()
  if (url.startsWith('/')) return undefined
  if (USER_INFO.test(url)) return withUserInfo()
  const target = URL.parse(url)
  return target === null || trustsHost(target.host) ? undefined : withForeignHost()
}

/** A user name in an absolute target, also an empty one, which a URL parser would drop. */
const USER_INFO = /^[a-z][a-z\d+\-.]*:[/\\]*[^/\\?#]*@/i
const PLAIN_TARGET = /^\/[\w\-.~!$&'()*+,;=:@/%?[\]|]*$/
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:[/?]|$)/i
const PLAIN_HOST = /^[\w\-.]+(?::\d{1,5})?$|^\[[\da-f:.]+\](?::\d{1,5})?$/i

/** The Host that was last found to be one: most requests of a server have the same. */
let lastHost = 'localhost'

/** RFC 9112, section 3.2: any other is answered with 400. */
function isHost(host: string): boolean {
  if (host === lastHost) return true
  if (!isAuthority(host)) return false
  lastHost = host
  return true
}

/** Whether target and Host mean the same to a URL parser as they stand here. */
function isPlain({ method, url = '', headers: { host = 'localhost' } }: IncomingMessage): boolean {
  // The web platform has no TRACE; the maker of the web request knows a way.
  return method !== 'TRACE' && PLAIN_TARGET.test(url) && !hasDotSegment(url) && isPlainHost(host)
}

/** Looks for what a dot segment needs before it looks for one: most targets have neither. */
const hasDotSegment = (url: string): boolean => (url.includes('/.') || url.includes('/%2')) && DOT_SEGMENT.test(url)

/** The Host that was last found to be plain. */
let lastPlainHost = 'localhost'

function isPlainHost(host: string): boolean {
  if (host === lastPlainHost) return true
  if (!PLAIN_HOST.test(host)) return false
  lastPlainHost = host
  return true
}
