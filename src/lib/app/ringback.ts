import type { MiddlewareHandler } from 'hono'
import { DefinitionError } from '../definition-error.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { DeliveryEvents, DeliveryListener } from '../delivery/delivery-events.ts'
import { limitedRequest } from '../http/limited-request.ts'
import type { Answered, RequestView } from '../http/request-view.ts'
import { consoleLog, type Log } from '../log.ts'
import { createDocument, type OpenApiDocument } from '../openapi/create-document.ts'
import { DEFAULT_BODY_LIMITS, givenBodyLimits } from '../operation/body-limits.ts'
import type { Bound } from '../operation/bound-callback.ts'
import type { AnyCallback, CallbackSet } from '../operation/check-callbacks.ts'
import type { AnyApp } from '../operation/context.ts'
import type { Dependency, DependencySet } from '../operation/dependency-definition.ts'
import { AppDelivery, type DeliveryStandIns } from './app-delivery.ts'
import { AppDependencies } from './app-dependencies.ts'
import type { AppRuntime } from './app-runtime.ts'
import { BackgroundTasks } from './background-tasks.ts'
import { type DispatchRules, dispatch } from './dispatch.ts'
import { documentRoutes } from './document-routes.ts'
import { answerToError, ErrorHandlers } from './error-handlers.ts'
import { keyRoutes } from './key-routes.ts'
import { Lifespan } from './lifespan.ts'
import { Middleware } from './middleware.ts'
import { OperationList } from './operation-list.ts'
import { restoreCallback } from './restore-callback.ts'
import type { RingbackOptions } from './ringback-options.ts'
import { createRouteTable, type RouteTable } from './route-table.ts'
import { type Registration, Router } from './router.ts'
import { WebRequestView } from './web-request-view.ts'
import { webResponse } from './web-response.ts'

/** What the rest of the package does with an application; not part of its public face. */
export interface AppInternals {
  /** Whether no middleware stands on this path, so that `handle` may answer. */
  answers(method: string, path: string): boolean
  /** Answers a request inside of all middleware. Never rejects. */
  handle(view: RequestView): Promise<Answered>
  /** Answers a web request whose body nobody can read beyond `bodyLimitOf` it. */
  fetchLimited(request: Request, env: unknown): Promise<Response>
  /** How much of its body anyone may read. */
  bodyLimitOf(request: Pick<Request, 'method' | 'url'>): number
  readonly log: Log
  readonly delivery: AppDelivery
  readonly docsPath: string | undefined
  standIn(parts: DeliveryStandIns | undefined): void
  clearOverrides(): void
}

let internals: (app: Ringback) => AppInternals

/** The inner side of an application, for `ringback/node` and `ringback/testing`. */
export const appInternals = (app: AnyApp): AppInternals => internals(app as Ringback)

/**
 * An API: path operations with their callbacks, served as a web-standard handler by `fetch`, or by `serve` of
 * `ringback/node`. What is declared on an operation is validated, documented at `/openapi.json` and `/docs`, and its
 * callbacks are delivered.
 *
 * Definitions that cannot be are refused with a `DefinitionError` when they are registered.
 *
 * @example
 * ```ts
 * import { Ringback } from 'ringback'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * app.post('/invoices/', { body: z.object({ total: z.number() }), response: z.object({ msg: z.string() }) }, async ({ body }) => {
 *   return { msg: `Invoice over ${body.total} received` }
 * })
 *
 * const headers = { 'content-type': 'application/json' }
 * const response = await app.fetch(new Request('http://localhost/invoices/', { method: 'POST', headers, body: '{"total": 7}' }))
 * console.log(await response.json()) // { msg: 'Invoice over 7 received' }
 * ```
 */
export class Ringback<RC extends CallbackSet = {}, RD extends DependencySet = {}>
  extends Router<'', RC, RD>
  implements AnyApp
{
  readonly #options: RingbackOptions<RC, RD>
  readonly #operations: OperationList
  readonly #middleware: Middleware
  readonly #errorHandlers = new ErrorHandlers()
  readonly #overrides = new Map<Dependency, (context: object) => unknown>()
  readonly #appDependencies: AppDependencies
  readonly #tasks: BackgroundTasks
  readonly #delivery: AppDelivery
  readonly #lifespan: Lifespan
  readonly #rules: DispatchRules
  readonly #log: Log
  readonly #runtime: AppRuntime
  #routes: RouteTable | undefined
  #document: OpenApiDocument | undefined

  static {
    internals = app => ({
      answers: (method, path) => !app.#middleware.standsOn(method, path),
      handle: app.#handle,
      fetchLimited: (request, env) =>
        app.#middleware.empty ? app.#respond(request, env, true) : app.#middleware.fetch(request, env),
      bodyLimitOf: request => app.#bodyLimitOf(request),
      log: app.#log,
      delivery: app.#delivery,
      docsPath: app.#docsPath(),
      standIn: parts => app.#delivery.standIn(parts),
      clearOverrides: () => app.#overrides.clear(),
    })
  }

  constructor(options: RingbackOptions<RC, RD>) {
    super(routerOptions(options))
    if (!options.title || !options.version)
      throw new DefinitionError('An application needs a "title" and a "version", which its document shows')
    this.#options = options
    this.#rules = {
      redirectSlashes: options.redirectSlashes ?? true,
      basePath: options.basePath ?? '',
      bodyLimitBytes: options.bodyLimitBytes ?? DEFAULT_BODY_LIMITS.bodyLimitBytes,
    }
    this.#log = options.log ?? consoleLog
    this.#operations = new OperationList(options.generateOperationId)
    this.#appDependencies = new AppDependencies(this.#log, this.#overrides)
    this.#tasks = new BackgroundTasks(this.#log)
    this.#delivery = new AppDelivery(options.delivery ?? {}, ownOrigins(options.servers), this.#operations, this.#log)
    this.#lifespan = new Lifespan(options.lifespan)
    this.#middleware = new Middleware({
      answer: (request, env, variables) => this.#respond(request, env, true, variables),
      failed: async (error, { method, url }) => {
        const fields = { method, path: new URL(url).pathname }
        return webResponse(await answerToError(error, this.#errorHandlers, this.#log, fields), method)
      },
    })
    this.#runtime = {
      app: this,
      log: this.#log,
      tasks: this.#tasks,
      errorHandlers: this.#errorHandlers,
      bodyRules: {
        strictContentType: options.strictContentType ?? true,
        coerceJson: options.coerceJson ?? true,
      },
      dependencies: { appDependencies: this.#appDependencies, overrides: this.#overrides },
      callbacks: this.#delivery.runtime,
    }
  }

  /** The whole application as a web-standard handler. Deliveries are sent once `start` has been called. */
  readonly fetch = async (request: Request, env?: unknown, context?: unknown): Promise<Response> =>
    this.#middleware.empty
      ? this.#respond(request, env, false)
      : this.#middleware.fetch(limitedRequest(request, this.#bodyLimitOf(request)), env, context)

  /** Adds Hono middleware (CORS, compression, logging and so on), for all paths or for those of a Hono pattern. */
  use(path: string, ...middleware: MiddlewareHandler[]): void
  use(...middleware: MiddlewareHandler[]): void
  use(first: string | MiddlewareHandler, ...rest: MiddlewareHandler[]): void {
    if (typeof first === 'string') this.#middleware.use(first, rest)
    else this.#middleware.use('*', [first, ...rest])
  }

  /**
   * Answers errors of a class in a way of your own, those of middleware and Ringback's own `HttpError`s among them; a
   * class registered later is asked first. Where it throws or returns no response, the log says so, and the error is
   * answered as if nothing were registered.
   */
  onError<E extends Error>(
    errorClass: abstract new (...args: never[]) => E,
    answer: (error: E) => Response | Promise<Response>,
  ): void {
    this.#errorHandlers.add(errorClass, answer)
  }

  /** Puts a function in place of a dependency, for tests; gives back what undoes it. */
  override<V>(dependency: Dependency<V>, fn: () => V | Promise<V>): () => void {
    this.#overrides.set(dependency, fn)
    return () => this.#overrides.delete(dependency)
  }

  /** The OpenAPI document of the operations registered so far. */
  openapi(): OpenApiDocument {
    this.#document ??= this.#createDocument()
    return this.#document
  }

  /** What was stored, with all attempts. */
  get deliveries(): Deliveries {
    return this.#delivery.runtime().engine.deliveries
  }

  /** Registers a listener of delivery events, and gives back what removes it. */
  on<Name extends keyof DeliveryEvents>(name: Name, listener: DeliveryListener<Name>): () => void {
    return this.#delivery.on(name, listener)
  }

  /** The secret that signs what this recipient gets: show it only to someone known to be that recipient. */
  secretFor(recipient: string): string {
    return this.#delivery.runtime().engine.secretFor(recipient)
  }

  /** Gives the callback back that `toJSON` made the data of, also days later in another process. Throws `CallbackDataError`. */
  restore<C extends AnyCallback>(definition: C, data: unknown): Bound<C> {
    const restored: object = restoreCallback(definition, data, this.#operations, this.#delivery.runtime())
    return restored as Bound<C>
  }

  /** Starts lifespan, dependencies of scope "app" and the delivery worker. `serve` does it. */
  async start(): Promise<void> {
    // What clashes in the document or among the paths refuses the start, not the first request.
    this.openapi()
    this.#routes ??= this.#createRoutes()
    try {
      await this.#lifespan.start(this)
      await this.#appDependencies.start(this.#operations.all.flatMap(({ allDependencies }) => allDependencies))
      if (this.#hasCallbacks()) await this.#delivery.runtime().engine.start()
    } catch (error) {
      await this.close({ graceMs: 0 })
      throw error
    }
  }

  /**
   * Ends what `start` began, in the reverse order: background work, then attempts on their way (together for `graceMs`,
   * 10,000), dependencies, lifespan.
   */
  async close({ graceMs = 10_000 }: { readonly graceMs?: number } = {}): Promise<void> {
    const endsAt = performance.now() + graceMs
    await using closing = new AsyncDisposableStack()
    closing.defer(() => this.#lifespan.end())
    closing.defer(() => this.#appDependencies.close())
    closing.defer(() => this.#delivery.close(Math.max(0, endsAt - performance.now())))
    await this.#tasks.drained(graceMs)
  }

  protected override registered(registration: Registration): void {
    this.#operations.add(registration)
    this.#routes = undefined
    this.#document = undefined
  }

  readonly #handle = (view: RequestView): Promise<Answered> => {
    this.#routes ??= this.#createRoutes()
    return dispatch(view, this.#routes, this.#runtime, this.#rules)
  }

  /** What anyone may read of a request's body, also before its operation is asked. */
  #bodyLimitOf({ method, url }: Pick<Request, 'method' | 'url'>): number {
    this.#routes ??= this.#createRoutes()
    const route = this.#routes.match(method, new URL(url).pathname)?.route
    return route?.kind === 'operation' ? route.operation.bodyLimits.bodyLimitBytes : this.#rules.bodyLimitBytes
  }

  async #respond(...[request, ...given]: ConstructorParameters<typeof WebRequestView>): Promise<Response> {
    return webResponse(await this.#handle(new WebRequestView(request, ...given)), request.method)
  }

  #createRoutes(): RouteTable {
    const { title, docs = {} } = this.#options
    const operations = this.#operations.all.map(operation => ({
      kind: 'operation' as const,
      method: operation.method.toUpperCase(),
      template: operation.template,
      operation,
    }))
    const pages = documentRoutes({ title, docs, document: () => this.openapi() })
    const keys = this.#hasCallbacks() ? keyRoutes(() => this.#delivery.runtime().engine.publicKeys) : []
    return createRouteTable([...operations, ...pages, ...keys])
  }

  #hasCallbacks(): boolean {
    return this.#operations.all.some(({ callbacks }) => callbacks.length > 0)
  }

  #createDocument(): OpenApiDocument {
    const { basePath } = this.#options
    const servers = this.#options.servers ?? (basePath === undefined ? undefined : [{ url: basePath }])
    const document = createDocument(this.#operations.all, { ...this.#options, servers })
    return this.#options.extendDocument?.(document) ?? document
  }

  #docsPath(): string | undefined {
    const { openapi, swagger = '/docs' } = this.#options.docs ?? {}
    return swagger === false || openapi === false ? undefined : swagger
  }
}

const routerOptions = <RC extends CallbackSet, RD extends DependencySet>(options: RingbackOptions<RC, RD>) => ({
  ...givenBodyLimits(options, 'the application'),
  ...(options.callbacks !== undefined && { callbacks: options.callbacks }),
  ...(options.dependencies !== undefined && { dependencies: options.dependencies }),
  ...(options.responses !== undefined && { responses: options.responses }),
})

const ownOrigins = (servers: RingbackOptions['servers'] = []): string[] =>
  servers.map(({ url }) => url).filter(url => URL.canParse(url))
