import { constantUrlCheck } from '../callback/constant-url-check.ts'
import { refuseHostAsBase } from '../callback/refuse-host-as-base.ts'
import { bindWebhooks, type SendableWebhooks } from '../callback/webhook/bind-webhooks.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import { limitedRequest } from '../http/body/limited-request.ts'
import type { LazySpool } from '../http/form/lazy-spool.ts'
import type { AnyResponse, RequestView } from '../http/request-view.ts'
import { fittingLog } from '../log/fitting-log.ts'
import { consoleLog, type Log } from '../log/log.ts'
import type { OpenApiDocument } from '../openapi/create-document.ts'
import type { AnyApp } from '../operation/any-app.ts'
import type { CompiledOperation } from '../operation/compiled/compiled-operation.ts'
import type { CompiledWebhook } from '../operation/compiled/compiled-webhook.ts'
import type { AppDependencies } from '../request/app-dependencies.ts'
import type { AppRuntime } from '../request/app-runtime.ts'
import type { BackgroundTasks } from '../request/background-tasks.ts'
import type { BodyRules } from '../request/body-rules.ts'
import { ErrorHandlers } from '../request/errors/error-handlers.ts'
import { RequestErrorContext } from '../request/errors/request-error-context.ts'
import { responseToError } from '../request/errors/response-to-error.ts'
import type { OpenStreams } from '../request/open-streams.ts'
import { handshakeIn } from '../request/socket/handshake.ts'
import type { OpenSockets } from '../request/socket/open-sockets.ts'
import { inServerSpan } from '../request/telemetry/server-span.ts'
import { webResponse } from '../request/web-response.ts'
import type { AppDelivery, DeliveryStandIns } from './app-delivery.ts'
import { dispatch } from './dispatch.ts'
import { DocsParts } from './docs/docs-parts.ts'
import { type CloseOptions, Closing, checkedCloseTimes } from './life/closing.ts'
import { Lifespan } from './life/lifespan.ts'
import { SharedParts } from './life/shared-parts.ts'
import { Middleware } from './middleware.ts'
import type { RequestHead } from './mount/mount-route.ts'
import { OperationList } from './operation-list.ts'
import { ownOrigins } from './own-origins.ts'
import { RequestGate } from './request-gate.ts'
import type { RingbackOptions } from './ringback-options.ts'
import { Routes } from './routes.ts'
import { dispatchHandshake } from './socket/dispatch-handshake.ts'
import { Handshakes } from './socket/handshakes.ts'
import { warnOfRisks } from './warn-of-risks.ts'
import { WebRequestView } from './web-request-view.ts'

/** The stand-ins of a test. */
interface StandIns extends DeliveryStandIns {
  readonly host: string
  readonly onFailure?: ((error: unknown) => void) | undefined
}

/**
 * The inside of an application: its parts, as the steps of a request and the rest of the package see them. `Ringback`
 * is its public face.
 */
export class Application implements AppRuntime {
  readonly app: AnyApp
  readonly log: Log
  readonly handshakes = new Handshakes(this)
  readonly errorHandlers = new ErrorHandlers()
  readonly bodyRules: BodyRules
  readonly operations: OperationList
  readonly middleware: Middleware
  readonly routes: Routes
  readonly docs: DocsParts
  readonly gate: RequestGate
  readonly #options: RingbackOptions
  readonly #lifespan: Lifespan
  readonly #mounted: Application[] = []
  /** Where this one is mounted. */
  #outer: { readonly application: Application; readonly path: string } | undefined
  /** Where this one is mounted, the parts of the outermost application. */
  #shared: SharedParts
  #onFailure: ((error: unknown) => void) | undefined
  #running = false
  /** The webhooks that were bound last, and to what. */
  #bound: { readonly all: object; readonly delivery: AppDelivery; readonly webhooks: SendableWebhooks } | undefined

  constructor(options: RingbackOptions, app: AnyApp) {
    const { strictContentType = true, coerceJson = true } = options
    this.#options = options
    this.app = app
    this.log = fittingLog(options.log ?? consoleLog)
    this.bodyRules = { strictContentType, coerceJson }
    this.operations = new OperationList(options, operationCheck(options))
    this.#shared = new SharedParts(options, this.operations, app, this.log)
    this.routes = new Routes(options, this.operations, {
      publicKeys: () => this.delivery.engine.publicKeys,
      panel: () => this.docs.panel,
      docsRoutes: () => this.docs.routes,
    })
    this.docs = new DocsParts(options, this)
    this.#lifespan = new Lifespan(options.lifespan)
    this.gate = new RequestGate(options, this.log, () => this.basePath)
    this.middleware = new Middleware({
      respond: (request, env, variables) => this.#respond(new WebRequestView(request, env, true, variables), env),
      failed: async (error, request, env) => {
        const context = new RequestErrorContext(new WebRequestView(request, env, true), this)
        return webResponse(await responseToError(error, this, context), request.method)
      },
    })
  }

  /** Whether a handler may send anything. */
  get sends(): boolean {
    return this.operations.send
  }

  get tasks(): BackgroundTasks {
    return this.#shared.tasks
  }

  get streams(): OpenStreams {
    return this.#shared.streams
  }

  get sockets(): OpenSockets {
    return this.#shared.sockets
  }

  get files(): LazySpool {
    return this.#shared.files
  }

  get overrides(): SharedParts['overrides'] {
    return this.#shared.overrides
  }

  get dependencies(): AppDependencies {
    return this.#shared.dependencies
  }

  get delivery(): AppDelivery {
    return this.#shared.delivery
  }

  /** What is put before the operationIds that deliveries are named after. */
  get operationPrefix(): string {
    return this.operations.prefix
  }

  /** What a proxy has removed from the beginning of each path. */
  get basePath(): string {
    return this.routes.basePath
  }

  /** Whether it has been started and not closed. */
  get running(): boolean {
    return this.#running
  }

  get onFailure(): ((error: unknown) => void) | undefined {
    return this.#onFailure
  }

  /** Whether this path has no middleware, so that `handle` may respond. */
  readonly isDirect = (method: string, path: string): boolean => !this.middleware.standsOn(method, path)

  /** The limit of a request's body for every reader. */
  readonly bodyLimitOf = (request: RequestHead): number => this.routes.bodyLimitOf(request)

  /** Responds to a request inside of all middleware. Never rejects. */
  readonly handle = (view: RequestView): Promise<AnyResponse> =>
    inServerSpan(
      () => view,
      () => dispatch(view, this.routes, this),
    )

  /** Responds to a request that the application which mounts this one has passed on. */
  handleMounted(view: RequestView): AnyResponse | Promise<AnyResponse> {
    const refused = this.gate.refusedMounted(view)
    if (refused !== undefined) return refused
    if (this.isDirect(view.method, view.path)) return this.handle(view)
    view.bodyLimitBytes = this.bodyLimitOf(view)
    return this.fetchJudged(view.request, view.env)
  }

  /** Responds to a web request. Nobody can read more of its body than its route allows. */
  async fetch(given: Request, bindings?: unknown, context?: unknown): Promise<Response> {
    const served = this.gate.asClientSent({ request: given, env: bindings })
    const { request, env } = served
    const refused = this.gate.refused(served)
    if (refused !== undefined) return webResponse(refused, request.method)
    if (this.middleware.empty) return this.#respond(new WebRequestView(request, env, false), env)
    const limited = limitedRequest(request, this.bodyLimitOf(headOf(request)))
    return inServerSpan(
      () => new WebRequestView(request, env, true),
      () => this.middleware.fetch(limited, env, context),
    )
  }

  /** Responds to a request for a path with middleware, whose target and host are judged and whose body is limited. */
  fetchJudged(request: Request, env: unknown): Promise<Response> {
    return inServerSpan(
      () => new WebRequestView(request, env, true),
      () => this.middleware.fetch(request, env),
    )
  }

  /** Mounts another application: it keeps its operations and their document, and shares the life of this one. */
  mount(inner: Application, path: string): void {
    this.operations.join(inner.operations, path)
    this.#mounted.push(inner)
    inner.#outer = { application: this, path }
    inner.#share()
    this.changed()
  }

  /** Says which of its options count no more once it is mounted. */
  warnOfUnused(path: string): void {
    const { recipient: _kept, ...delivery } = this.#options.delivery ?? {}
    const names = Object.keys(delivery)
    if (names.length > 0)
      this.log.warn(
        `The application mounted at "${path}" sends by the deliveries of the one that mounts it: "delivery" of its own does not count`,
        { options: names },
      )
  }

  get webhooks(): readonly CompiledWebhook[] {
    return this.operations.webhooks.own
  }

  /** The same, ready to be sent. */
  get webhooksToSend(): SendableWebhooks {
    const { delivery } = this
    const { all } = this.operations.webhooks
    if (this.#bound?.all !== all || this.#bound.delivery !== delivery)
      this.#bound = { all, delivery, webhooks: bindWebhooks(this.webhooks, delivery) }
    return this.#bound.webhooks
  }

  get document(): OpenApiDocument {
    return this.routes.document
  }

  /** Lets whoever works on this machine use the console and the panel, where no `docs.authorize` says who may. */
  develop(): void {
    for (const { docs, routes } of this.#family) {
      docs.access.develop()
      routes.changed()
    }
  }

  /** Where it is mounted; undefined where it is not. */
  get mountedAt(): string | undefined {
    return this.#outer?.path
  }

  /** This one, and before it all that mount it. */
  get outermost(): Application {
    return this.#outer?.application.outermost ?? this
  }

  /** Its operations have changed. */
  changed(): void {
    this.routes.changed()
    this.#outer?.application.changed()
  }

  #share(): void {
    const { application, path } = this.#outer!
    this.#shared = application.#shared
    this.routes.moveTo(application.basePath + path)
    this.operations.moveTo(this.#mountPath || '/')
    for (const inner of this.#mounted) inner.#share()
  }

  get #mountPath(): string {
    return this.#outer === undefined ? '' : this.#outer.application.#mountPath + this.#outer.path
  }

  /** This one, and after it all that it mounts. */
  get #family(): readonly Application[] {
    return [this, ...this.#mounted.flatMap(inner => inner.#family)]
  }

  async start(): Promise<void> {
    if (this.#outer !== undefined)
      throw new DefinitionError(
        `"${this.#options.title}" is mounted at "${this.#outer.path}" and starts with the application that mounts it: start that one`,
      )
    const all = this.#family
    // A conflict in the document or among the paths fails the start, not the first request.
    for (const { routes } of all) routes.check()
    for (const application of all) application.#running = true
    this.#shared.reopen()
    try {
      for (const application of all) await application.#lifespan.start(application.app)
      const operations = all.flatMap(application => application.operations.all)
      await this.dependencies.start(operations.flatMap(({ allDependencies }) => allDependencies))
      if (!this.sends) return
      warnOfRisks(this.#options.delivery?.destinations?.allow ?? [], this.log)
      await this.delivery.start()
    } catch (error) {
      await this.close({ graceMs: 0 })
      throw error
    }
  }

  /** A mounted application ends with the one that mounts it. */
  async close(options: CloseOptions): Promise<void> {
    if (this.#outer !== undefined) return
    const { graceMs, closeTimeoutMs } = checkedCloseTimes(options)
    const closing = new Closing(closeTimeoutMs, this.log)
    await using last = new AsyncDisposableStack()
    for (const application of this.#family) {
      last.defer(() => {
        application.#running = false
      })
      last.defer(() => closing.step('The lifespan', () => application.#lifespan.end()))
    }
    await this.#shared.close(closing, graceMs)
  }

  /** Puts stand-ins in place for a test whose requests are for `host`. */
  standIn(parts: StandIns | undefined): void {
    for (const application of this.#family) {
      application.#onFailure = parts?.onFailure
      application.gate.standIn(parts?.host)
    }
    this.delivery.standIn(parts)
  }

  async #respond(view: WebRequestView, env: unknown): Promise<Response> {
    const handshake = handshakeIn(env)
    if (handshake !== undefined) return handshake.asWeb(await dispatchHandshake(view, handshake, this), view.method)
    const response = webResponse(await this.handle(view), view.method)
    view.responded()
    return response
  }
}

const headOf = ({ method, url, headers }: Request): RequestHead => ({
  method,
  path: new URL(url).pathname,
  header: name => headers.get(name) ?? undefined,
})

/** The checks of an operation's callbacks for this application. */
function operationCheck({ delivery, servers, trustedHosts }: RingbackOptions): (operation: CompiledOperation) => void {
  const checkUrls = constantUrlCheck(delivery?.destinations, ownOrigins(servers))
  return operation => {
    checkUrls(operation)
    if (trustedHosts === undefined) refuseHostAsBase(operation)
  }
}
