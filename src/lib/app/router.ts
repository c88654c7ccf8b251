import { checkNames } from '../definition/check-names.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import { type BodyLimits, givenBodyLimits } from '../operation/body-limits.ts'
import type { CallbackSet } from '../operation/check-callbacks.ts'
import type { InheritedParts } from '../operation/compiled/compiled-operation.ts'
import { capital } from '../operation/compiled/identifier.ts'
import type { AnyDefinition } from '../operation/definition.ts'
import type { CheckNames } from '../operation/dependency-definition.ts'
import type { DependencySet } from '../operation/dependency-set.ts'
import type { AnyOperation } from '../operation/operation.ts'
import type { Method, Responses } from '../operation/responses.ts'
import type { Route } from '../operation/route.ts'
import type { AnySocketDefinition } from '../operation/socket/socket-definition.ts'
import type { SocketRoute } from '../operation/socket/socket-route.ts'
import type { WebhookSet } from '../operation/webhook-definition.ts'

/** What `include` adds to every operation of a router. */
export interface IncludeOptions extends BodyLimits {
  /** Put before each path: begins with "/" and does not end with one. Default: none. */
  readonly prefix?: string
  /** Put before the operations' own tags. */
  readonly tags?: readonly string[]
  /** Run for each operation, for their effects and parameters; handlers only see those of their own router. */
  readonly dependencies?: DependencySet
  /** Documented on each operation, and checked against each. */
  readonly callbacks?: CallbackSet
  /** Webhooks of each operation, by the names of their events, which no prefix changes. */
  readonly webhooks?: WebhookSet
  /** Further responses of each operation. */
  readonly responses?: Responses
  /** Marks each operation as deprecated that does not say otherwise. */
  readonly deprecated?: boolean
  /** False leaves all operations of the router out of the document. Default: true. */
  readonly documented?: boolean
}

/** What a router declares for all of its operations; their handlers see its dependencies, callbacks and webhooks. */
export interface RouterOptions<
  Prefix extends string,
  RC extends CallbackSet,
  RD extends DependencySet,
  RW extends WebhookSet = {},
> extends BodyLimits {
  /** Put before each path: begins with "/" and does not end with one. Default: none. */
  readonly prefix?: Prefix
  readonly tags?: readonly string[]
  readonly dependencies?: RD & CheckNames<RD>
  readonly callbacks?: RC
  /** Webhooks by the names of their events, which no prefix changes. */
  readonly webhooks?: RW
  readonly responses?: Responses
  readonly deprecated?: boolean
  /** False leaves all operations of the router out of the document. Default: true. */
  readonly documented?: boolean
}

const ROUTER_NAMES: Readonly<Record<keyof IncludeOptions, true>> = {
  prefix: true,
  tags: true,
  dependencies: true,
  callbacks: true,
  webhooks: true,
  responses: true,
  deprecated: true,
  documented: true,
  bodyLimitBytes: true,
  bodyLimitValues: true,
}

/** Any router, as `include` takes it. */
export interface AnyRouter {
  readonly '~router': true
}

/** One registered operation or WebSocket, with what all levels above it add. */
export type Registration = RegisteredParts &
  (
    | { readonly method: Method; readonly definition: AnyDefinition }
    | { readonly method: 'websocket'; readonly definition: AnySocketDefinition }
  )

/** How messages name what is registered under a path. */
export const methodInWords = (method: Registration['method']): string =>
  method === 'websocket' ? 'WebSocket' : method.toUpperCase()

interface RegisteredParts {
  readonly path: string
  readonly handler: (context: object) => unknown
  readonly inherited: InheritedParts
}

/**
 * A group of operations that an app or another router includes, to any depth. What it declares (prefix, tags,
 * dependencies, callbacks, webhooks, responses) applies to all of them, and their handlers see its dependencies, callbacks
 * and webhooks.
 *
 * @example
 * ```ts
 * import { Ringback, Router } from 'ringback'
 * import { z } from 'zod'
 *
 * const invoices = new Router({ prefix: '/invoices', tags: ['invoices'] })
 * invoices.get('/{invoice_id}', { response: z.object({ id: z.string() }) }, async ({ params }) => ({ id: params.invoice_id }))
 *
 * const app = new Ringback({ title: 'Billing', version: '1.0.0' })
 * app.include(invoices, { prefix: '/v1' })
 * console.log(await (await app.fetch(new Request('http://localhost/v1/invoices/7'))).json()) // { id: '7' }
 * ```
 */
export class Router<
  const Prefix extends string = '',
  RC extends CallbackSet = {},
  RD extends DependencySet = {},
  RW extends WebhookSet = {},
> implements AnyRouter
{
  readonly '~router' = true
  readonly #registrations: Registration[] = []
  /** The prefixes of routers that had no operations when they were included. */
  readonly #empty: string[] = []
  /** An operation that is added later would be lost. */
  #included = false
  readonly #prefix: string
  readonly #inherited: InheritedParts
  /** Reads. `HEAD` uses it, too. */
  readonly get: Route<Prefix, RC, RD, RW> = this.#route('get')
  readonly put: Route<Prefix, RC, RD, RW> = this.#route('put')
  readonly post: Route<Prefix, RC, RD, RW> = this.#route('post')
  readonly delete: Route<Prefix, RC, RD, RW> = this.#route('delete')
  readonly options: Route<Prefix, RC, RD, RW> = this.#route('options')
  readonly head: Route<Prefix, RC, RD, RW> = this.#route('head')
  readonly patch: Route<Prefix, RC, RD, RW> = this.#route('patch')
  readonly trace: Route<Prefix, RC, RD, RW> = this.#route('trace')
  /**
   * WebSockets (RFC 6455): path, definition and handler, which gets the open `socket`. Parameters, dependencies and the
   * origin of a page are checked before the handshake is accepted; messages of both directions are validated.
   *
   * @example
   * ```ts
   * import { Ringback } from 'ringback'
   * import { testClient } from 'ringback/testing'
   * import { z } from 'zod'
   *
   * const app = new Ringback({ title: 'Sums', version: '1.0.0' })
   * const receive = z.object({ add: z.number() })
   * app.websocket('/sum', { receive, send: z.object({ sum: z.number() }) }, async ({ socket }) => {
   *   let sum = 0
   *   for await (const { add } of socket) {
   *     sum += add
   *     await socket.send({ sum })
   *   }
   * })
   *
   * await using client = await testClient(app)
   * const socket = await client.websocket('/sum')
   * socket.sendJson({ add: 7 })
   * console.log(await socket.receiveJson()) // { sum: 7 }
   * ```
   */
  readonly websocket: SocketRoute<Prefix, RC, RD, RW> = (path, definition, handler) => {
    const given: object = definition
    this.#register({
      method: 'websocket',
      path,
      definition: given as AnySocketDefinition,
      handler: handler as unknown as Registration['handler'],
      inherited: inheritedParts({}, ''),
    })
  }
  /**
   * An operation of each method but TRACE, all with one definition and handler; `HEAD` uses that of `GET`. Each is
   * documented, unless the definition says `documented: false`. A given `operationId` gets the method added to it.
   */
  readonly all: Route<Prefix, RC, RD, RW> = this.#routes(ALL_METHODS)

  constructor(options: RouterOptions<Prefix, RC, RD, RW> = {}) {
    checkNames(options, ROUTER_NAMES, 'the options of a router')
    this.#prefix = checkedPrefix(options.prefix)
    this.#inherited = inheritedParts(options, 'a router')
  }

  /** Adds all operations that the router has now, under a further prefix and with further parts. */
  include(router: AnyRouter, options: IncludeOptions = {}): void {
    if (!(router instanceof Router))
      throw new DefinitionError('Only a Router can be included: make one with new Router({…})')
    checkNames(options, ROUTER_NAMES, 'the options of "include"')
    const outer = inheritedParts(options, '"include"')
    const prefix = checkedPrefix(options.prefix)
    const included = router as Router
    included.#included = true
    if (included.#registrations.length === 0) this.#includesNothing(prefix + included.#prefix)
    else for (const empty of included.#empty) this.#includesNothing(prefix + empty)
    for (const { path, inherited, ...rest } of included.#registrations)
      this.#register({ ...rest, path: prefix + path, inherited: joined(outer, inherited) })
  }

  #includesNothing(prefix: string): void {
    const whole = this.#prefix + prefix
    this.#empty.push(whole)
    this.includedNothing(whole)
  }

  /** Called with the prefix of each router that had no operations when it was included. */
  protected includedNothing(_prefix: string): void {}

  /** Called with each operation; the app compiles it. */
  protected registered(_registration: Registration): void {}

  #register(registration: Registration): void {
    const { path, inherited, method } = registration
    if (this.#included)
      throw new DefinitionError(
        `${methodInWords(method)} ${this.#prefix}${path} comes too late: its router is already included, so register it before the "include"`,
      )
    const complete = { ...registration, path: this.#prefix + path, inherited: joined(this.#inherited, inherited) }
    this.registered(complete)
    this.#registrations.push(complete)
  }

  #route(method: Method): Route<Prefix, RC, RD, RW> {
    return this.#routes([method])
  }

  #routes(methods: readonly Method[]): Route<Prefix, RC, RD, RW> {
    const route = (first: string | AnyOperation, second: unknown, third?: unknown): void => {
      const apart = typeof first !== 'string'
      const definition = (apart ? first.definition : second) as AnyDefinition
      for (const method of methods)
        this.#register({
          method,
          path: apart ? first.path : first,
          definition: methods.length === 1 ? definition : ofMethod(definition, method),
          handler: (apart ? second : third) as Registration['handler'],
          inherited: inheritedParts({}, ''),
        })
    }
    return route
  }
}

/** TRACE shows what a request holds, and nobody means that. */
const ALL_METHODS: readonly Method[] = ['get', 'put', 'post', 'delete', 'options', 'patch']

/** No two operations have the same id. */
const ofMethod = (definition: AnyDefinition, method: Method): AnyDefinition =>
  definition?.operationId === undefined
    ? definition
    : { ...definition, operationId: `${definition.operationId}${capital(method)}` }

function inheritedParts(options: IncludeOptions, place: string): InheritedParts {
  return {
    tags: options.tags ?? [],
    deprecated: options.deprecated ?? false,
    documented: options.documented ?? true,
    responses: options.responses ?? {},
    callbacks: options.callbacks === undefined ? [] : [options.callbacks],
    webhooks: options.webhooks === undefined ? [] : [options.webhooks],
    dependencies: options.dependencies === undefined ? [] : [options.dependencies],
    bodyLimits: givenBodyLimits(options, place),
  }
}

function joined(outer: InheritedParts, inner: InheritedParts): InheritedParts {
  return {
    tags: [...outer.tags, ...inner.tags],
    deprecated: outer.deprecated || inner.deprecated,
    documented: outer.documented && inner.documented,
    responses: { ...outer.responses, ...inner.responses },
    callbacks: [...outer.callbacks, ...inner.callbacks],
    webhooks: [...outer.webhooks, ...inner.webhooks],
    dependencies: [...outer.dependencies, ...inner.dependencies],
    bodyLimits: { ...outer.bodyLimits, ...inner.bodyLimits },
  }
}

function checkedPrefix(prefix = ''): string {
  if (typeof prefix !== 'string' || (prefix !== '' && (!prefix.startsWith('/') || prefix.endsWith('/'))))
    throw new DefinitionError(`The prefix "${prefix}" must begin with "/" and must not end with one, such as "/v1"`)
  return prefix
}
