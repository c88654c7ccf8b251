import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { cloneRawRequest } from 'hono/request'
import type { Variables } from '../http/request-view.ts'
import { withPreparedHeaders } from '../request/merge-headers.ts'

/** Middleware and where it stands, as a Hono pattern. */
export interface PlacedMiddleware {
  readonly path: string
  readonly handlers: MiddlewareHandler[]
}

/** What stands behind all middleware: the application's own response. */
export interface Inner {
  answer(request: Request, env: unknown, variables: () => Variables): Promise<Response>
  /** The answer to what a middleware threw. */
  failed(error: unknown, request: Request): Promise<Response>
}

/** Middleware in its order, with the application inside of it, as Hono runs it. */
export function createHono(list: readonly PlacedMiddleware[], inner: Inner): Hono {
  const hono = new Hono()
  for (const { path, handlers } of list) hono.use(path, ...handlers)
  hono.all('*', async c => merged(c, await inner.answer(await unread(c), c.env, () => c.var)))
  hono.onError(async (error, c) => merged(c, await inner.failed(error, c.req.raw)))
  return hono
}

/** Hono puts headers that were set before into the responses that it makes itself, and over those of all others. */
function merged(c: Context, response: Response): Response {
  const whole = withPreparedHeaders(response, c.newResponse(null, 200).headers)
  c.res = undefined
  c.res = whole
  return whole
}

/** The request with its body, also where a middleware has read it through Hono's own methods. */
async function unread({ req }: Context): Promise<Request> {
  return req.raw.bodyUsed ? cloneRawRequest(req) : req.raw
}
