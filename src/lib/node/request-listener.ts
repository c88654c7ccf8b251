import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { AppInternals } from '../app/ringback.ts'
import { NodeRequestView } from './node-request-view.ts'
import { writeAnswer } from './write-answer.ts'

type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => void

/** What answers Node's requests, and those that wait for "100 Continue". */
export interface RequestListeners {
  readonly request: Listener
  readonly checkContinue: Listener
}

/**
 * Answers from Node's own request where nothing needs the web platform's; where middleware stands on the path, or the
 * target is unusual (an absolute URL, dot segments, characters that a URL parser would change), from a web `Request`.
 */
export function requestListeners(
  { answers, handle, log }: AppInternals,
  fetch: (request: Request) => Promise<Response>,
): RequestListeners {
  const overWeb = getRequestListener(fetch, { overrideGlobalObjects: false })
  const direct = (incoming: IncomingMessage, outgoing: ServerResponse, expectsContinue: boolean): void => {
    handle(new NodeRequestView(incoming, outgoing, expectsContinue))
      .then(answered => writeAnswer(answered, outgoing))
      .catch((error: unknown) => {
        log.error('An answer could not be written', { error })
        outgoing.destroy()
      })
  }
  const isDirect = (incoming: IncomingMessage): boolean =>
    isPlain(incoming) && answers(incoming.method ?? 'GET', pathOf(incoming.url ?? '/'))
  return {
    request(incoming, outgoing) {
      if (isDirect(incoming)) direct(incoming, outgoing, false)
      else void overWeb(incoming, outgoing)
    },
    checkContinue(incoming, outgoing) {
      if (isDirect(incoming)) return direct(incoming, outgoing, true)
      outgoing.writeContinue()
      void overWeb(incoming, outgoing)
    },
  }
}

const PLAIN_TARGET = /^\/[\w\-.~!$&'()*+,;=:@/%?[\]|"]*$/
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:[/?]|$)/i
const PLAIN_HOST = /^[\w\-.]+(?::\d{1,5})?$|^\[[\da-f:.]+\](?::\d{1,5})?$/i

/** Whether target and Host mean the same to a URL parser as they stand here. */
function isPlain({ url = '', headers: { host = '' } }: IncomingMessage): boolean {
  return PLAIN_TARGET.test(url) && !DOT_SEGMENT.test(url) && PLAIN_HOST.test(host)
}

function pathOf(url: string): string {
  const queryStart = url.indexOf('?')
  return queryStart < 0 ? url : url.slice(0, queryStart)
}
