import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener, type HttpBindings, RequestError } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { AppInternals } from '../app/ringback.ts'
import { webResponse } from '../app/web-response.ts'
import { problemAnswer } from '../http/problem-details.ts'
import { NodeRequestView } from './node-request-view.ts'
import { writeAnswer } from './write-answer.ts'

type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => void
type Fetch = (request: Request, env: HttpBindings) => Promise<Response>

/** What answers Node's requests, and those that wait for "100 Continue". */
export interface RequestListeners {
  readonly request: Listener
  readonly checkContinue: Listener
}

/**
 * Answers from Node's own request where nothing needs the web platform's; where middleware stands on the path, or the
 * target is unusual (an absolute URL, dot segments, characters that a URL parser would change), from a web `Request`.
 */
export function requestListeners({ answers, handle, log }: AppInternals, fetch: Fetch): RequestListeners {
  const write = (fetched: Promise<Response>, outgoing: ServerResponse): Promise<void> =>
    fetched.then(response => writeAnswer(response, outgoing, log))
  const overWeb = getRequestListener(
    async (request, env) => {
      const bindings = env as HttpBindings
      await write(fetch(request, bindings), bindings.outgoing)
      return RESPONSE_ALREADY_SENT
    },
    { overrideGlobalObjects: false, autoCleanupIncoming: false, hostname: 'localhost', errorHandler: requestRefused },
  )
  const direct = (view: NodeRequestView, outgoing: ServerResponse): void =>
    void handle(view).then(answered => writeAnswer(answered, outgoing, log))
  const refusesHost = ({ headers }: IncomingMessage, outgoing: ServerResponse): boolean => {
    if (isHost(headers.host || 'localhost')) return false
    void writeAnswer(problemAnswer(400, INVALID_TARGET), outgoing, log)
    return true
  }
  const isDirect = (incoming: IncomingMessage): boolean =>
    isPlain(incoming) && answers(incoming.method ?? 'GET', pathOf(incoming.url ?? '/'))
  return {
    request(incoming, outgoing) {
      if (refusesHost(incoming, outgoing)) return
      if (isDirect(incoming)) direct(new NodeRequestView(incoming, outgoing, false), outgoing)
      else void overWeb(incoming, outgoing)
    },
    checkContinue(incoming, outgoing) {
      if (refusesHost(incoming, outgoing)) return
      const view = new NodeRequestView(incoming, outgoing, true)
      if (isDirect(incoming)) direct(view, outgoing)
      else if (isPlain(incoming)) void write(fetch(view.request, { incoming, outgoing }), outgoing)
      else {
        outgoing.writeContinue()
        void overWeb(incoming, outgoing)
      }
    },
  }
}

const INVALID_TARGET = 'The target or the Host of the request is invalid'

function requestRefused(error: unknown): Response {
  if (error instanceof RequestError) return webResponse(problemAnswer(400, INVALID_TARGET), 'GET')
  throw error
}

const PLAIN_TARGET = /^\/[\w\-.~!$&'()*+,;=:@/%?[\]|]*$/
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:[/?]|$)/i
const PLAIN_HOST = /^[\w\-.]+(?::\d{1,5})?$|^\[[\da-f:.]+\](?::\d{1,5})?$/i

/** The Host that was last found to be one: most requests of a server have the same. */
let lastHost = 'localhost'

/** RFC 9112, section 3.2: any other is answered with 400. */
function isHost(host: string): boolean {
  if (host === lastHost) return true
  if (!URL.canParse(`http://${host}`)) return false
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

function pathOf(url: string): string {
  const queryStart = url.indexOf('?')
  return queryStart < 0 ? url : url.slice(0, queryStart)
}
