import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener, type HttpBindings, RequestError } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'

/** What Node calls with a request. */
export type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => void

/** What to do with a web `Request`, and what to answer where none can be made of Node's. */
export interface WebAnswers {
  answer(request: Request, bindings: HttpBindings): Promise<void>
  invalidTarget(): Response
}

/** Answers Node's requests from web `Request`s that it makes of them, whatever their target. */
export function webListener({ answer, invalidTarget }: WebAnswers): Listener {
  return getRequestListener(
    async (request, env) => {
      await answer(request, env as HttpBindings)
      return RESPONSE_ALREADY_SENT
    },
    {
      overrideGlobalObjects: false,
      autoCleanupIncoming: false,
      hostname: 'localhost',
      errorHandler(error) {
        if (error instanceof RequestError) return invalidTarget()
        throw error
      },
    },
  )
}
