import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { cloneRawRequest } from 'hono/request'
import type { Variables } from '../http/request-view.ts'
import { withPreparedHeaders } from '../request/merge-headers.ts'

/** Middleware and its paths, as a Hono pattern. */
export interface PlacedMiddleware {
  readonly path: string
  readonly handlers: MiddlewareHandler[]
}

/** The application itself, inside of all middleware. */
export interface Inner {
  respond(request: Request, env: unknown, variables: () => Variables): Promise<Response>
  /** The response to an error that middleware threw. */
  failed(error: unknown, request: Request, env: unknown): Promise<Response>
}

/** The Hono application: all middleware in order, with the application inside of it. */
export function createHono(list: readonly PlacedMiddleware[], inner: Inner): Hono {
  const hono = new Hono()
  for (const { path, handlers } of list) hono.use(path, ...handlers)
  hono.all('*', async c => merged(c, await inner.respond(await unread(c), c.env, () => c.var)))
  hono.onError(async (error, c) => merged(c, await inner.failed(error, c.req.raw, c.env)))
  return hono
}

/** Hono adds headers that were set earlier to the responses it makes itself, and overwrites those of all others. */
function merged(c: Context, response: Response): Response {
  const whole = withPreparedHeaders(response, c.newResponse(null, 200).headers)
  c.res = undefined
  c.res = whole
  return whole
}

/** The request with its body, even where middleware has read that through Hono's own methods. */
async function unread({ req }: Context): Promise<Request> {
  return req.raw.bodyUsed ? cloneRawRequest(req) : req.raw
}
