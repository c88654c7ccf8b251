import type { MiddlewareHandler } from 'hono'
import { restoreCallback } from '../callback/restore-callback.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { DeliveryEvents, DeliveryListener } from '../delivery/delivery-events.ts'
import type { Destinations } from '../delivery/destinations.ts'
import type { Endpoints } from '../delivery/endpoints/endpoint.ts'
import type { WebhookMessages } from '../delivery/endpoints/messages.ts'
import type { OpenApiDocument } from '../openapi/create-document.ts'
import { checkReceivers } from '../openapi/receiving.ts'
import type { AnyApp } from '../operation/any-app.ts'
import { givenBodyLimits } from '../operation/body-limits.ts'
import type { Bound } from '../operation/bound-callback.ts'
import type { AnyCallback, CallbackSet } from '../operation/check-callbacks.ts'
import type { Dependency, DependencySet } from '../operation/dependency-set.ts'
import type { ErrorContext } from '../operation/error-context.ts'
import type { BoundWebhooks, EventName } from '../operation/webhook/bound-webhook.ts'
import type { WebhookSet } from '../operation/webhook-definition.ts'
import { Application } from './application.ts'
import { checkErrorHandler, checkOverride } from './check-arguments.ts'
import { checkedRingbackOptions } from './check-ringback-options.ts'
import type { CloseOptions } from './life/closing.ts'
import type { Mountable } from './mount/fetch-mount.ts'
import { type MountOptions, mountOn } from './mount/mount-on.ts'
import { staticMount } from './mount/static-mount.ts'
import type { StaticOptions } from './mount/static-options.ts'
import type { RingbackOptions } from './ringback-options.ts'
import { type Registration, Router } from './router.ts'

let inner: (app: Ringback) => Application

/** The applications whose `fetch` a function is, so that it is mounted as what it is. */
const owners = new WeakMap<object, Application>()

/** The inside of an application, for `ringback/node` and `ringback/testing`. */
export const appInternals = (app: AnyApp): Application => inner(app as Ringback)

/**
 * An API: path operations with their callbacks, served as a web-standard handler by `fetch`, or by `serve` of
 * `ringback/node`. What an operation declares is validated and documented at `/openapi.json` and `/docs`, and its
 * callbacks are delivered.
 *
 * An invalid definition is refused with a `DefinitionError` when it is registered.
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
export class Ringback<RC extends CallbackSet = {}, RD extends DependencySet = {}, W extends WebhookSet = {}>
  extends Router<'', RC, RD, W>
  implements AnyApp
{
  readonly #application: Application

  static {
    inner = app => app.#application
  }

  constructor(options: RingbackOptions<RC, RD, W>) {
    super(routerOptions(checkedRingbackOptions(options)))
    if (options.docs) checkReceivers(options.docs.receivers)
    this.#application = new Application(options as RingbackOptions, this)
    owners.set(this.fetch, this.#application)
  }

  /** The whole application as a web-standard handler. Deliveries are sent once `start` has been called. */
  readonly fetch = (request: Request, env?: unknown, context?: unknown): Promise<Response> =>
    this.#application.fetch(request, env, context)

  /** Adds Hono middleware (CORS, compression, logging and so on), for all paths or for those of a Hono pattern. */
  use(path: string, ...middleware: MiddlewareHandler[]): void
  use(...middleware: MiddlewareHandler[]): void
  use(first: string | MiddlewareHandler, ...rest: MiddlewareHandler[]): void {
    if (typeof first === 'string') this.#application.middleware.use(first, rest)
    else this.#application.middleware.use('*', [first, ...rest])
  }

  /**
   * Mounts another application at a path and everywhere below it, for what no operation of this one takes. A `Ringback`
   * application keeps its own document and pages there; its lifespan, its dependencies of scope "app" and its deliveries
   * belong to this one. Anything else is a function that takes a web `Request` and returns a `Response`, such as `fetch` of
   * a Hono application, or what `fromNodeHandler` of `ringback/node` gives. Both see paths without that of the mount.
   *
   * Throws a `DefinitionError` for a path with names, one where something is mounted already, and an application that runs
   * or is mounted elsewhere.
   *
   * @example
   * ```ts
   * import { Ringback } from 'ringback'
   * import { z } from 'zod'
   *
   * const admin = new Ringback({ title: 'Administration', version: '1.0.0' })
   * admin.get('/users', { response: z.array(z.string()) }, () => ['Rick', 'Morty'])
   *
   * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
   * app.mount('/admin', admin)
   * app.mount('/legacy', request => new Response(new URL(request.url).pathname))
   *
   * console.log(await (await app.fetch(new Request('http://localhost/admin/users'))).json()) // [ 'Rick', 'Morty' ]
   * console.log(await (await app.fetch(new Request('http://localhost/legacy/a'))).text()) // /a
   * console.log(admin.openapi().servers) // [ { url: '/admin' } ]
   * ```
   */
  mount(path: string, target: Mountable, options: MountOptions = {}): void {
    const owner = target instanceof Ringback ? inner(target) : owners.get(target)
    mountOn(path, owner ?? target, options, this.#application)
  }

  /**
   * Serves the files of a directory below a path, for what no operation takes: with parts (`range`), `etag`, conditional
   * requests, HEAD, and compressed forms that stand beside a file (`app.js.br`, `app.js.gz`) for clients that take them. A
   * relative path is one below the working directory.
   *
   * Nothing outside of the directory is served, and no name that begins with a dot. A symbolic link counts where it leads
   * to something inside. Of a directory `index.html` is served; nothing lists it. Throws a `DefinitionError`, also at the
   * start where the directory does not exist.
   *
   * @example
   * ```ts
   * import { mkdtempSync, writeFileSync } from 'node:fs'
   * import { tmpdir } from 'node:os'
   * import { join } from 'node:path'
   * import { Ringback } from 'ringback'
   *
   * const directory = mkdtempSync(join(tmpdir(), 'public-'))
   * writeFileSync(join(directory, 'index.html'), '<h1>Invoices</h1>')
   *
   * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
   * app.static('/', directory, { fallback: 'index.html' })
   * const headers = { accept: 'text/html' }
   * const response = await app.fetch(new Request('http://localhost/invoices/7', { headers }))
   * console.log(response.status, await response.text()) // 200 <h1>Invoices</h1>
   * ```
   */
  static(path: string, directory: string | URL, options: StaticOptions = {}): void {
    const { routes } = this.#application
    routes.mount(staticMount(path, directory, options, () => routes.basePath))
  }

  /**
   * Handles errors of a class, including those of middleware and Ringback's own: `RequestValidationError` is a request
   * that does not fit its operation. The second argument is the request, as far as it was read. The handler that was
   * registered last is asked first. If it throws its error again, the client gets the response it would get without a
   * handler; so it does if it throws another one or returns no response, and then the log says so.
   */
  onError<E extends Error>(
    errorClass: abstract new (...args: never[]) => E,
    respond: (error: E, context: ErrorContext) => Response | Promise<Response>,
  ): void {
    checkErrorHandler(errorClass, respond)
    this.#application.errorHandlers.add(errorClass, respond)
  }

  /** Replaces a dependency by a function, for tests. Gives a function that undoes it. */
  override<V>(dependency: Dependency<V>, fn: () => V | Promise<V>): () => void {
    checkOverride(dependency, fn)
    const { overrides } = this.#application
    overrides.set(dependency, fn)
    return () => overrides.delete(dependency)
  }

  /** The OpenAPI document of the operations registered so far. */
  openapi(): OpenApiDocument {
    return this.#application.routes.document
  }

  /** What was stored, with all attempts. */
  get deliveries(): Deliveries {
    return this.#application.delivery.deliveries
  }

  /** Where deliveries go: how each destination is doing, and pausing, resuming and limiting it. */
  get destinations(): Destinations {
    return this.#application.delivery.destinations
  }

  /**
   * The webhooks of the application, ready to be sent. What is sent during a request is stored with all else of it; anywhere
   * else it is stored at once.
   *
   * @example
   * ```ts
   * import { Ringback, webhook } from 'ringback'
   * import { testClient } from 'ringback/testing'
   * import { z } from 'zod'
   *
   * const paid = webhook.post({ data: z.object({ invoice_id: z.string() }) })
   * const app = new Ringback({ title: 'Invoices', version: '1.0.0', webhooks: { 'invoice.paid': paid } })
   *
   * await using client = await testClient(app)
   * await app.webhooks['invoice.paid'].send({ invoice_id: '2expen51ve' }, { owner: 'customer-17' })
   * ```
   */
  get webhooks(): BoundWebhooks<W> {
    const bound: object = this.#application.webhooksToSend
    return bound as BoundWebhooks<W>
  }

  /** The URLs that customers have registered for webhooks: every call names the owner. */
  get endpoints(): Endpoints<EventName<W>> {
    const endpoints: object = this.#application.delivery.endpoints
    return endpoints as Endpoints<EventName<W>>
  }

  /** What was sent to endpoints. */
  get messages(): WebhookMessages<EventName<W>> {
    const messages: object = this.#application.delivery.messages
    return messages as WebhookMessages<EventName<W>>
  }

  /** Registers a listener of delivery events. Gives a function that removes it. */
  on<Name extends keyof DeliveryEvents>(name: Name, listener: DeliveryListener<Name>): () => void {
    return this.#application.delivery.on(name, listener)
  }

  /**
   * The newest secret of a recipient, with which it verifies its `v1` signatures. The recipient is a tenant, as
   * `delivery.recipient` or `send` names it, else the base URL that the receiver gave. Show it only to someone known to
   * be that recipient.
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
    return this.#application.delivery.engine.secretFor(recipient)
  }

  /**
   * Gives a recipient another secret, and resolves to it. The previous one signs as well for `overlapSeconds` (default
   * 86,400; 0 for one that leaked and must end at once). Throws a `RangeError` for an overlap that is negative or
   * longer than a year.
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
    return this.#application.delivery.engine.rotateSecret(recipient, options)
  }

  /**
   * Restores a callback from the data that its `toJSON` gave, even days later in another process. What it sends in a
   * handler or a dependency joins the deliveries of that request; anywhere else it is stored at once. Throws
   * `CallbackDataError`.
   */
  restore<C extends AnyCallback>(definition: C, data: unknown): Bound<C> {
    const restored: object = restoreCallback(definition, data, this.#application.delivery)
    return restored as Bound<C>
  }

  /** Starts lifespan, dependencies of scope "app" and the delivery worker. `serve` does it. */
  start(): Promise<void> {
    return this.#application.start()
  }

  /**
   * Ends what `start` began, in the reverse order: background work, then attempts on their way (together for `graceMs`,
   * 10,000), dependencies, lifespan. Anything that has not ended after `closeTimeoutMs` (15,000) is abandoned, and
   * named in the log.
   */
  close(options: CloseOptions = {}): Promise<void> {
    return this.#application.close(options)
  }

  protected override includedNothing(prefix: string): void {
    this.#application.log.warn(
      `A router without operations was included${prefix && ` under "${prefix}"`}: register its operations before you include it, because later ones are refused`,
    )
  }

  protected override registered(registration: Registration): void {
    this.#application.operations.add(registration)
    this.#application.changed()
  }
}

const routerOptions = <RC extends CallbackSet, RD extends DependencySet, W extends WebhookSet>(
  options: RingbackOptions<RC, RD, W>,
) => ({
  ...givenBodyLimits(options, 'the application'),
  ...(options.callbacks !== undefined && { callbacks: options.callbacks }),
  ...(options.dependencies !== undefined && { dependencies: options.dependencies }),
  ...(options.webhooks !== undefined && { webhooks: options.webhooks }),
  ...(options.responses !== undefined && { responses: options.responses }),
})
