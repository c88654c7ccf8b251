import { AsyncLocalStorage } from 'node:async_hooks'
import type { CurrentDeliveries } from '../callback/callback-runtime.ts'
import { constantUrlCheck } from '../callback/constant-url-check.ts'
import { refuseHostAsBase } from '../callback/refuse-host-as-base.ts'
import { limitedRequest } from '../http/body/limited-request.ts'
import { LazySpool } from '../http/form/lazy-spool.ts'
import { asClientSent, hostOf, type ServedRequest } from '../http/forwarded-request.ts'
import type { AnyResponse, PlainResponse, RequestView } from '../http/request-view.ts'
import { compileTrustedHosts, type TrustsHost, wideTrustedHosts } from '../http/trusted-hosts.ts'
import { compileTrustedProxies, type ReadForwarded } from '../http/trusted-proxies.ts'
import { fittingLog } from '../log/fitting-log.ts'
import { consoleLog, type Log } from '../log/log.ts'
import type { AnyApp } from '../operation/any-app.ts'
import type { CompiledOperation } from '../operation/compiled/compiled-operation.ts'
import type { Dependency } from '../operation/dependency-set.ts'
import { webSocketLimits } from '../operation/socket/websocket-options.ts'
import { AppDependencies } from '../request/app-dependencies.ts'
import type { AppRuntime } from '../request/app-runtime.ts'
import { BackgroundTasks } from '../request/background-tasks.ts'
import type { BodyRules } from '../request/body-rules.ts'
import { ErrorHandlers } from '../request/errors/error-handlers.ts'
import { RequestErrorContext } from '../request/errors/request-error-context.ts'
import { responseToError } from '../request/errors/response-to-error.ts'
import { OpenStreams } from '../request/open-streams.ts'
import { handshakeIn } from '../request/socket/handshake.ts'
import { OpenSockets } from '../request/socket/open-sockets.ts'
import { inServerSpan } from '../request/telemetry/server-span.ts'
import { webResponse } from '../request/web-response.ts'
import { AppDelivery, type DeliveryStandIns } from './app-delivery.ts'
import { type CloseOptions, Closing, checkedCloseTimes } from './closing.ts'
import { dispatch } from './dispatch.ts'
import { Lifespan } from './lifespan.ts'
import { Middleware } from './middleware.ts'
import { OperationList } from './operation-list.ts'
import { ownOrigins } from './own-origins.ts'
import { refusedTarget } from './request-target.ts'
import type { RingbackOptions } from './ringback-options.ts'
import { type RequestHead, Routes } from './routes.ts'
import { dispatchHandshake } from './socket/dispatch-handshake.ts'
import { Handshakes } from './socket/handshakes.ts'
import { warnOfRisks } from './warn-of-risks.ts'
import { WebRequestView } from './web-request-view.ts'

/** How many responses may be streamed at once. */
const MOST_STREAMS = 10_000

/** How much disk the files of forms may take. */
const SPOOL_LIMIT_BYTES = 1_073_741_824

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
  readonly tasks: BackgroundTasks
  readonly streams: OpenStreams
  readonly sockets: OpenSockets
  readonly handshakes = new Handshakes(this)
  readonly files: LazySpool
  readonly errorHandlers = new ErrorHandlers()
  readonly bodyRules: BodyRules
  readonly overrides = new Map<Dependency, (context: object) => unknown>()
  readonly dependencies: AppDependencies
  readonly operations: OperationList
  readonly delivery: AppDelivery
  readonly middleware: Middleware
  readonly routes: Routes
  readonly readForwarded: ReadForwarded | undefined
  readonly #options: RingbackOptions
  readonly #lifespan: Lifespan
  #trustsHost: TrustsHost | undefined
  #onFailure: ((error: unknown) => void) | undefined
  #running = false

  constructor(options: RingbackOptions, app: AnyApp) {
    const { strictContentType = true, coerceJson = true } = options
    const current: CurrentDeliveries = new AsyncLocalStorage()
    this.#options = options
    this.app = app
    this.log = fittingLog(options.log ?? consoleLog)
    this.bodyRules = { strictContentType, coerceJson }
    this.tasks = new BackgroundTasks(this.log)
    this.streams = new OpenStreams(MOST_STREAMS)
    this.sockets = new OpenSockets(webSocketLimits(options.websockets), () => this.delivery.clock, this.log)
    this.files = new LazySpool(options.spoolLimitBytes ?? SPOOL_LIMIT_BYTES)
    this.dependencies = new AppDependencies(app, this.log, this.overrides, current)
    this.operations = new OperationList(options, operationCheck(options))
    this.delivery = new AppDelivery(options, this.operations, this.log, current)
    this.routes = new Routes(options, this.operations, () => this.delivery.engine.publicKeys)
    this.#lifespan = new Lifespan(options.lifespan)
    this.#trustsHost = trustsHost(options)
    this.readForwarded = options.trustedProxies && compileTrustedProxies(options.trustedProxies)
    for (const wide of wideTrustedHosts(options.trustedHosts ?? []))
      this.log.warn(`"trustedHosts" contains "${wide}", under which anybody can register a name`)
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
    return this.operations.haveCallbacks
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

  /** Whether the application handles requests for this host. */
  readonly trustsHost = (authority: string): boolean => this.#trustsHost?.(authority) ?? true

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

  /** Responds to a web request. Nobody can read more of its body than its route allows. */
  async fetch(given: Request, bindings?: unknown, context?: unknown): Promise<Response> {
    const { readForwarded } = this
    const direct = { request: given, env: bindings }
    const served = readForwarded === undefined ? direct : asClientSent(direct, readForwarded)
    const { request, env } = served
    const refused = this.#refused(served)
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

  async start(): Promise<void> {
    // A conflict in the document or among the paths fails the start, not the first request.
    this.routes.check()
    this.#running = true
    this.delivery.starting()
    this.streams.reopen()
    this.sockets.reopen()
    try {
      await this.#lifespan.start(this.app)
      await this.dependencies.start(this.operations.all.flatMap(({ allDependencies }) => allDependencies))
      if (!this.sends) return
      warnOfRisks(this.#options.delivery?.destinations?.allow ?? [], this.log)
      await this.delivery.start()
    } catch (error) {
      await this.close({ graceMs: 0 })
      throw error
    }
  }

  async close(options: CloseOptions): Promise<void> {
    const { graceMs, closeTimeoutMs } = checkedCloseTimes(options)
    const closing = new Closing(closeTimeoutMs, this.log)
    const endsAt = performance.now() + graceMs
    this.streams.endAll()
    this.sockets.closeAll()
    await using last = new AsyncDisposableStack()
    last.defer(() => {
      this.#running = false
    })
    last.defer(() => closing.step('The lifespan', () => this.#lifespan.end()))
    last.defer(() => closing.step('The files of forms', () => this.files.close()))
    last.defer(() => this.dependencies.close((name, end) => closing.step(name, end)))
    last.defer(() => {
      const leftMs = Math.max(0, endsAt - performance.now())
      return closing.step('The worker and store of deliveries', () => this.delivery.close(leftMs))
    })
    await Promise.all([this.sockets.drained(graceMs), this.tasks.drained(graceMs)])
    // The handler of a WebSocket may have begun more at its end.
    const leftMs = endsAt - performance.now()
    if (leftMs > 0) await this.tasks.drained(leftMs)
  }

  /** Puts stand-ins in place for a test whose requests are for `host`. */
  standIn(parts: StandIns | undefined): void {
    this.#onFailure = parts?.onFailure
    this.#trustsHost = trustsHost(this.#options, parts?.host)
    this.delivery.standIn(parts)
  }

  #refused(served: ServedRequest): PlainResponse | undefined {
    return refusedTarget(served.request.url, () => hostOf(served), this.#trustsHost)
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

/** A test's requests are for its own host. */
function trustsHost({ trustedHosts }: RingbackOptions, testHost?: string): TrustsHost | undefined {
  return trustedHosts && compileTrustedHosts(testHost === undefined ? trustedHosts : [...trustedHosts, testHost])
}
