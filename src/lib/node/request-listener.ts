import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AppInternals } from '../app/ringback.ts'
import { NodeRequestView } from './node-request-view.ts'
import { readTarget } from './read-target.ts'
import { SlowBodies } from './slow-bodies.ts'
import { writeAnswer } from './write-answer.ts'

/** What Node calls with a request. */
export type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => void

/** What answers Node's requests, and those that wait for "100 Continue". */
export interface RequestListeners {
  readonly request: Listener
  readonly checkContinue: Listener
  /** The bodies that are on their way. */
  readonly bodies: SlowBodies
}

/**
 * Answers from Node's own request where nothing needs the web platform's, and from the web `Request` that is made of it
 * where middleware stands on the path.
 */
export function requestListeners(internals: AppInternals): RequestListeners {
  const { answers, handle, fetchLimited, bodyLimitOf, log } = internals
  const bodies = new SlowBodies()
  const listener =
    (expectsContinue: boolean): Listener =>
    (incoming, outgoing) => {
      bodies.begun(outgoing)
      const target = readTarget(incoming, internals.trustsHost)
      if ('status' in target) return void writeAnswer(target, outgoing, log)
      const view = new NodeRequestView(incoming, outgoing, target, expectsContinue)
      if (answers(view.method, view.path)) {
        void handle(view).then(answered => writeAnswer(answered, outgoing, log))
        return
      }
      view.bodyLimitBytes = bodyLimitOf(view)
      void fetchLimited(view.requestOfMiddleware, { incoming, outgoing }).then(response =>
        writeAnswer(response, outgoing, log),
      )
    }
  return { bodies, request: listener(false), checkContinue: listener(true) }
}
