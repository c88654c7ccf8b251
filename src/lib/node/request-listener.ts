import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Application } from '../app/application.ts'
import { NodeRequestView } from './node-request-view.ts'
import { readTarget, type TargetRules } from './read-target.ts'
import { SlowBodies } from './slow-bodies.ts'
import { writeResponse } from './write-response.ts'

/** What Node calls with a request. */
export type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => void

/** What responds to Node's requests, and those that wait for "100 Continue". */
export interface RequestListeners {
  readonly request: Listener
  readonly checkContinue: Listener
  /** The bodies that are on their way. */
  readonly bodies: SlowBodies
}

/**
 * Responds from Node's own request where nothing needs the web platform's, and from the web `Request` that is made of it
 * where middleware stands on the path.
 */
export function requestListeners(
  internals: Application,
  textOf?: NonNullable<TargetRules['textOf']>,
): RequestListeners {
  const { isDirect, handle, bodyLimitOf, log, gate } = internals
  const { trustsHost, readForwarded } = gate
  const rules = { trustsHost, readForwarded, ...(textOf && { textOf }) }
  const bodies = new SlowBodies()
  const listener =
    (expectsContinue: boolean): Listener =>
    (incoming, outgoing) => {
      bodies.begun(outgoing)
      const target = readTarget(incoming, rules)
      if ('status' in target) return void writeResponse(target, outgoing, log)
      const view = new NodeRequestView(incoming, outgoing, target, expectsContinue)
      const moved = gate.redirectsToHttps ? gate.redirected(view.url) : undefined
      if (moved !== undefined) return void writeResponse(moved, outgoing, log)
      if (isDirect(view.method, view.path)) {
        void handle(view).then(response => writeResponse(response, outgoing, log))
        return
      }
      view.bodyLimitBytes = bodyLimitOf(view)
      void internals
        .fetchJudged(view.requestOfMiddleware, view.env)
        .then(response => writeResponse(response, outgoing, log))
    }
  return { bodies, request: listener(false), checkContinue: listener(true) }
}
