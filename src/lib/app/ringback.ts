import { AsyncLocalStorage } from 'node:async_hooks'
import type { MiddlewareHandler } from 'hono'
import { constantUrlCheck } from '../callback/constant-url-check.ts'
import { refuseHostAsBase } from '../callback/refuse-host-as-base.ts'
import type { CurrentDeliveries } from '../callback/request-deliveries.ts'
import { restoreCallback } from '../callback/restore-callback.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { DeliveryEvents, DeliveryListener } from '../delivery/delivery-events.ts'
import { limitedRequest } from '../http/limited-request.ts'
import type { Answer, Answered, RequestView } from '../http/request-view.ts'
import { compileTrustedHosts, type TrustsHost, wideTrustedHosts } from '../http/trusted-hosts.ts'
import { consoleLog, type Log } from '../log/log.ts'
import { createDocument, type OpenApiDocument } from '../openapi/create-document.ts'
import { checkReceivers } from '../openapi/receiving.ts'
import type { AnyApp } from '../operation/any-app.ts'
import { DEFAULT_BODY_LIMITS, givenBodyLimits } from '../operation/body-limits.ts'
import type { Bound } from '../operation/bound-callback.ts'
import type { AnyCallback, CallbackSet } from '../operation/check-callbacks.ts'
import type { Dependency, DependencySet } from '../operation/dependency-set.ts'
import { AppDependencies } from '../request/app-dependencies.ts'
import type { AppRuntime } from '../request/app-runtime.ts'
import { BackgroundTasks } from '../request/background-tasks.ts'
import { answerToError, ErrorHandlers } from '../request/error-handlers.ts'
import { AppDelivery, type DeliveryStandIns } from './app-delivery.ts'
import { checkErrorHandler, checkOverride } from './check-arguments.ts'
import { checkedRingbackOptions } from './check-ringback-options.ts'
import { type CloseOptions, Closing, checkedCloseTimes } from './closing.ts'
import { type DispatchRules, dispatch } from './dispatch.ts'
import { documentRoutes } from './document-routes.ts'
import { keyRoutes } from './key-routes.ts'
import { Lifespan } from './lifespan.ts'
import { Middleware } from './middleware.ts'
import { OperationList } from './operation-list.ts'
import { refusedTarget } from './request-target.ts'
import type { RingbackOptions } from './ringback-options.ts'
import { createRouteTable, type RouteTable } from './route-table.ts'
import { type Registration, Router } from './router.ts'
import { warnOfRisks } from './warn-of-risks.ts'
import { WebRequestView } from './web-request-view.ts'
import { webResponse } from './web-response.ts'

/** What the rest of the package does with an application; not part of its public face. */
export interface AppInternals {
  /** Whether requests for this host are answered at all. */
  trustsHost(authority: string): boolean
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
  readonly tasks: BackgroundTasks
  /** Whether it was started and has not ended. */
  readonly running: boolean
  readonly docsPath: string | undefined
  /** Puts stand-ins in place for a test whose requests are for `host`. */
  standIn(parts: (DeliveryStandIns & { readonly host: string }) | undefined): void
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
  readonly #current: CurrentDeliveries = new AsyncLocalStorage()
  readonly #appDependencies: AppDependencies
  readonly #tasks: BackgroundTasks
  readonly #delivery: AppDelivery
  readonly #lifespan: Lifespan
  readonly #rules: DispatchRules
  readonly #log: Log
  readonly #runtime: AppRuntime
  #trustsHost: TrustsHost | undefined
  #routes: RouteTable | undefined
  #document: OpenApiDocument | undefined
  #running = false

  static {
    internals = app => ({
      trustsHost: authority => app.#trustsHost?.(authority) ?? true,
      answers: (method, path) => !app.#middleware.standsOn(method, path),
      handle: app.#handle,
      fetchLimited: async (request, env) => {
        const refused = app.#refused(request)
        if (refused !== undefined) return webResponse(refused, request.method)
        return app.#middleware.empty ? app.#respond(request, env, true) : app.#middleware.fetch(request, env)
      },
      bodyLimitOf: request => app.#bodyLimitOf(request),
      log: app.#log,
      delivery: app.#delivery,
      tasks: app.#tasks,
      running: app.#running,
      docsPath: app.#docsPath(),
      standIn(parts) {
        app.#trustsHost = trustsHost(app.#options, parts?.host)
        app.#delivery.standIn(parts)
      },
      clearOverrides: () => app.#overrides.clear(),
    })
  }

  constructor(options: RingbackOptions<RC, RD>) {
    super(routerOptions(checkedRingbackOptions(options)))
    if (options.docs) checkReceivers(options.docs.receivers)
    this.#options = options
    this.#rules = {
      redirectSlashes: options.redirectSlashes ?? true,
      basePath: options.basePath ?? '',
      bodyLimitBytes: options.bodyLimitBytes ?? DEFAULT_BODY_LIMITS.bodyLimitBytes,
    }
    this.#log = options.log ?? consoleLog
    this.#trustsHost = trustsHost(options)
    for (const wide of wideTrustedHosts(options.trustedHosts ?? []))
      this.#log.warn(`"trustedHosts" contains "${wide}", under which anybody can register a name`)
    const checkUrls = constantUrlCheck(options.delivery?.destinations, ownOrigins(options.servers))
    this.#operations = new OperationList(options, operation => {
      checkUrls(operation)
      if (options.trustedHosts === undefined) refuseHostAsBase(operation)
    })
    this.#appDependencies = new AppDependencies(this, this.#log, this.#overrides, this.#current)
    this.#tasks = new BackgroundTasks(this.#log)
    this.#delivery = new AppDelivery(
      options.delivery ?? {},
      ownOrigins(options.servers),
      this.#operations,
      this.#log,
      this.#current,
    )
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
      sends: () => this.#operations.haveCallbacks,
      current: this.#current,
      callbacks: this.#delivery.runtime,
      isOwnLoop: cdnLoop => this.#operations.haveCallbacks && this.#delivery.runtime().engine.isOwnLoop(cdnLoop),
    }
  }

  /** The whole application as a web-standard handler. Deliveries are sent once `start` has been called. */
  readonly fetch = async (request: Request, env?: unknown, context?: unknown): Promise<Response> => {
    const refused = this.#refused(request)
    if (refused !== undefined) return webResponse(refused, request.method)
    return this.#middleware.empty
      ? this.#respond(request, env, false)
      : this.#middleware.fetch(limitedRequest(request, this.#bodyLimitOf(request)), env, context)
  }

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
    checkErrorHandler(errorClass, answer)
    this.#errorHandlers.add(errorClass, answer)
  }

  /** Puts a function in place of a dependency, for tests; gives back what undoes it. */
  override<V>(dependency: Dependency<V>, fn: () => V | Promise<V>): () => void {
    checkOverride(dependency, fn)
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
    return this.#delivery.deliveries
  }

  /** Registers a listener of delivery events, and gives back what removes it. */
  on<Name extends keyof DeliveryEvents>(name: Name, listener: DeliveryListener<Name>): () => void {
    return this.#delivery.on(name, listener)
  }

  /**
   * The newest secret of a recipient, whose `v1` signatures it verifies: of a tenant as `delivery.recipient` or `send`
   * names it, else of the base URL that the receiver gave. Show it only to someone known to be that recipient.
   *
   * @example
   * ```ts
   * import { Ringback } from 'ringback'
   *
   * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
   * console.log(await app.secretFor('customer-17')) // whsec_…
   * ```
   */
  secretFor(recipient: string): Promise<string> {
    return this.#delivery.runtime().engine.secretFor(recipient)
  }

  /**
   * Gives a recipient another secret, and resolves to it. The one before signs as well for `overlapSeconds` (default
   * 86,400; 0 for one that leaked and must end at once). Throws a `RangeError` for an overlap that is negative or longer
   * than a year.
   *
   * @example
   * ```ts
   * import { Ringback } from 'ringback'
   *
   * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
   * const secret = await app.rotateSecret('customer-17', { overlapSeconds: 3_600 })
   * console.log(secret === (await app.secretFor('customer-17'))) // true
   * ```
   */
  rotateSecret(recipient: string, options?: { readonly overlapSeconds?: number }): Promise<string> {
    return this.#delivery.runtime().engine.rotateSecret(recipient, options)
  }

  /**
   * Gives the callback back that `toJSON` made the data of, also days later in another process. What is sent with it in a
   * handler or a dependency joins the deliveries of that request, anywhere else it is stored at once. Throws
   * `CallbackDataError`.
   */
  restore<C extends AnyCallback>(definition: C, data: unknown): Bound<C> {
    const restored: object = restoreCallback(
      definition,
      data,
      this.#operations,
      this.#delivery.runtime(),
      this.#current,
    )
    return restored as Bound<C>
  }

  /** Starts lifespan, dependencies of scope "app" and the delivery worker. `serve` does it. */
  async start(): Promise<void> {
    // What clashes in the document or among the paths refuses the start, not the first request.
    this.openapi()
    this.#routes ??= this.#createRoutes()
    this.#running = true
    try {
      await this.#lifespan.start(this)
      await this.#appDependencies.start(this.#operations.all.flatMap(({ allDependencies }) => allDependencies))
      if (this.#operations.haveCallbacks) {
        warnOfRisks(this.#options.delivery?.destinations?.allow ?? [], this.#log)
        await this.#delivery.start()
      }
    } catch (error) {
      await this.close({ graceMs: 0 })
      throw error
    }
  }

  /**
   * Ends what `start` began, in the reverse order: background work, then attempts on their way (together for `graceMs`,
   * 10,000), dependencies, lifespan. What has not ended after `closeTimeoutMs` (15,000) is abandoned, and named in the log.
   */
  async close(options: CloseOptions = {}): Promise<void> {
    const { graceMs, closeTimeoutMs } = checkedCloseTimes(options)
    const closing = new Closing(closeTimeoutMs, this.#log)
    const endsAt = performance.now() + graceMs
    await using last = new AsyncDisposableStack()
    last.defer(() => {
      this.#running = false
    })
    last.defer(() => closing.step('The lifespan', () => this.#lifespan.end()))
    last.defer(() => this.#appDependencies.close((name, end) => closing.step(name, end)))
    last.defer(() => {
      const leftMs = Math.max(0, endsAt - performance.now())
      return closing.step('The worker and store of deliveries', () => this.#delivery.close(leftMs))
    })
    await this.#tasks.drained(graceMs)
  }

  protected override includedNothing(prefix: string): void {
    this.#log.warn(
      `A router without operations was included${prefix && ` under "${prefix}"`}: register its operations before you include it, because later ones are refused`,
    )
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

  #refused(request: Request): Answer | undefined {
    return refusedTarget(request.url, () => request.headers.get('host'), this.#trustsHost)
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
    const keys = this.#operations.haveCallbacks ? keyRoutes(() => this.#delivery.runtime().engine.publicKeys) : []
    return createRouteTable([...operations, ...pages, ...keys])
  }

  #createDocument(): OpenApiDocument {
    const { basePath } = this.#options
    const servers = this.#options.servers ?? (basePath === undefined ? undefined : [{ url: basePath }])
    const { docs, delivery } = this.#options
    const { retryDelaysSeconds, timeoutMs } = delivery ?? {}
    const receiving = { retryDelaysSeconds, timeoutMs, receivers: docs === false ? undefined : docs?.receivers }
    const document = createDocument(this.#operations.all, { ...this.#options, servers }, receiving)
    return this.#options.extendDocument?.(document) ?? document
  }

  #docsPath(): string | undefined {
    const { docs = {} } = this.#options
    if (docs === false) return undefined
    const { openapi, swagger = '/docs' } = docs
    return swagger === false || openapi === false ? undefined : swagger
  }
}

const routerOptions = <RC extends CallbackSet, RD extends DependencySet>(options: RingbackOptions<RC, RD>) => ({
  ...givenBodyLimits(options, 'the application'),
  ...(options.callbacks !== undefined && { callbacks: options.callbacks }),
  ...(options.dependencies !== undefined && { dependencies: options.dependencies }),
  ...(options.responses !== undefined && { responses: options.responses }),
})

/** A test's own requests are for a host of its own. */
function trustsHost({ trustedHosts }: RingbackOptions, testHost?: string): TrustsHost | undefined {
  return trustedHosts && compileTrustedHosts(testHost === undefined ? trustedHosts : [...trustedHosts, testHost])
}

const ownOrigins = (servers: RingbackOptions['servers'] = []): string[] =>
  servers.map(({ url }) => url).filter(url => URL.canParse(url))
