import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { cloneRawRequest } from 'hono/request'

/** Middleware and where it stands, as a Hono pattern. */
export interface PlacedMiddleware {
  readonly path: string
  readonly handlers: MiddlewareHandler[]
}

/** What stands behind all middleware: the application's own answer. */
export interface Inner {
  answer(request: Request, env: unknown): Promise<Response>
  /** The answer to what a middleware threw. */
  failed(error: unknown, request: Request): Promise<Response>
}

/** Middleware in its order, with the application inside of it, as Hono runs it. */
export function createHono(list: readonly PlacedMiddleware[], inner: Inner): Hono {
  const hono = new Hono()
  for (const { path, handlers } of list) hono.use(path, ...handlers)
  hono.all('*', async c => inner.answer(await unread(c), c.env))
  hono.onError((error, c) => (error instanceof HTTPException ? error.getResponse() : inner.failed(error, c.req.raw)))
  return hono
}

/** The request with its body, also where a middleware has read it through Hono's own methods. */
async function unread({ req }: Context): Promise<Request> {
  return req.raw.bodyUsed ? cloneRawRequest(req) : req.raw
}
