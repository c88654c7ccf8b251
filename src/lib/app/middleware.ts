import type { Hono, MiddlewareHandler } from 'hono'
import { checkMiddleware } from './check-arguments.ts'
import type { Inner, PlacedMiddleware } from './create-hono.ts'

/**
 * The Hono middleware of an application. Hono is loaded at first use and runs it; the operations are not registered
 * there.
 */
export class Middleware {
  readonly #list: PlacedMiddleware[] = []
  readonly #inner: Inner
  #hono: Hono | undefined

  constructor(inner: Inner) {
    this.#inner = inner
  }

  use(path: string, handlers: MiddlewareHandler[]): void {
    checkMiddleware(handlers)
    this.#list.push({ path, handlers })
    this.#hono = undefined
  }

  get empty(): boolean {
    return this.#list.length === 0
  }

  /**
   * Whether any middleware has to see a request to this path. A path with escapes is left to Hono, which decodes it in
   * its own way.
   */
  standsOn(method: string, path: string): boolean {
    if (this.empty) return false
    // Until Hono is loaded, a request goes through it, so that its router is ready for the next one.
    if (this.#hono === undefined || path.includes('%')) return true
    return this.#hono.router.match(method, path)[0].length > 1
  }

  /** Runs the middleware of the request's path, and the application inside of it. */
  async fetch(request: Request, env?: unknown, context?: unknown): Promise<Response> {
    const hono = this.#hono ?? (await this.#create())
    return hono.fetch(request, env as object, context as Parameters<Hono['fetch']>[2])
  }

  async #create(): Promise<Hono> {
    const { createHono } = await import('./create-hono.ts')
    this.#hono ??= createHono(this.#list, this.#inner)
    return this.#hono
  }
}
