import { Hono, type MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'

/** What stands behind all middleware: the application's own answer. */
export interface Inner {
  answer(request: Request): Promise<Response>
  failed(error: unknown, request: Request): Response
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

  /** Whether any middleware has to see a request to this path. */
  standsOn(method: string, path: string): boolean {
    if (this.empty) return false
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
    hono.all('*', c => this.#inner.answer(c.req.raw))
    hono.onError((error, c) =>
      error instanceof HTTPException ? error.getResponse() : this.#inner.failed(error, c.req.raw),
    )
    return hono
  }
}
