import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { cloneRawRequest } from 'hono/request'

/** What stands behind all middleware: the application's own answer. */
export interface Inner {
  answer(request: Request, env: unknown): Promise<Response>
  /** The answer to what a middleware threw. */
  failed(error: unknown, request: Request): Promise<Response>
}

/** The Hono middleware of an application. Hono runs it; the operations are not registered there. */
export class Middleware {
  readonly #list: { readonly path: string; readonly handlers: MiddlewareHandler[] }[] = []
  readonly #inner: Inner
  #hono: Hono | undefined

  constructor(inner: Inner) {
    this.#inner = inner
  }

  use(path: string, handlers: MiddlewareHandler[]): void {
    this.#list.push({ path, handlers })
    this.#hono = undefined
  }

  get empty(): boolean {
    return this.#list.length === 0
  }

  /** Whether any middleware has to see a request to this path. Hono decodes a path with escapes in its own way. */
  standsOn(method: string, path: string): boolean {
    if (this.empty) return false
    if (path.includes('%')) return true
    this.#hono ??= this.#build()
    return this.#hono.router.match(method, path)[0].length > 1
  }

  /** Runs the middleware on the path of the request, and the application inside of it. */
  async fetch(request: Request, env?: unknown, context?: unknown): Promise<Response> {
    this.#hono ??= this.#build()
    return this.#hono.fetch(request, env as object, context as Parameters<Hono['fetch']>[2])
  }

  #build(): Hono {
    const hono = new Hono()
    for (const { path, handlers } of this.#list) hono.use(path, ...handlers)
    hono.all('*', async c => this.#inner.answer(await unread(c), c.env))
    hono.onError((error, c) =>
      error instanceof HTTPException ? error.getResponse() : this.#inner.failed(error, c.req.raw),
    )
    return hono
  }
}

/** The request with its body, also where a middleware has read it through Hono's own methods. */
async function unread({ req }: Context): Promise<Request> {
  return req.raw.bodyUsed ? cloneRawRequest(req) : req.raw
}
