import type { DeliveryOptions } from '../delivery/delivery-options.ts'
import type { EndpointOptions } from '../delivery/endpoints/endpoint.ts'
import type { DocsOAuth } from '../docs/docs-pages-options.ts'
import type { Log } from '../log/log.ts'
import type { OpenApiDocument } from '../openapi/create-document.ts'
import type { DocumentInfo } from '../openapi/document-info.ts'
import type { AnyApp } from '../operation/any-app.ts'
import type { BodyLimits } from '../operation/body-limits.ts'
import type { CallbackSet } from '../operation/check-callbacks.ts'
import type { CheckNames } from '../operation/dependency-definition.ts'
import type { Dependency, DependencySet } from '../operation/dependency-set.ts'
import type { Method, Responses } from '../operation/responses.ts'
import type { WebSocketOptions } from '../operation/socket/websocket-options.ts'
import type { WebhookSet } from '../operation/webhook-definition.ts'
import type { FileOptions } from '../store/sqlite/thread/thread-store.ts'

/** The paths of the pages, or `false` for no page. */
export interface DocsOptions {
  /** The document as JSON; as YAML with the ending `.yaml`. Without it there is no page. Default: `/openapi.json`. */
  readonly openapi?: string | false
  /**
   * The document of the API that receivers of callbacks and webhooks must offer, for generators: `receiverDocument` of
   * `ringback/receiver`; with `?as=webhooks` as top-level webhooks, each by itself. Default: `/openapi.receiver.json`.
   */
  readonly receiverDocument?: string | false
  /** Swagger UI. Default: `/docs`. */
  readonly swagger?: string | false
  /**
   * The console, which shows deliveries and destinations and acts upon them. It exists only with `authorize`, or under
   * `ringback dev`. Default: `/deliveries` below the path of Swagger UI.
   */
  readonly console?: string | false
  /**
   * A dependency that decides who may use the console, and send to a receiver from the page. Whatever it throws is the
   * response, such as a 401 of `httpBasic()`. If it gives a name, or an object with a `name`, a pause says who made it.
   * Without it, both exist only under `ringback dev`, for this machine.
   */
  readonly authorize?: Dependency
  /**
   * A page of yours for receivers of callbacks: an `http` or `https` URL, or a path that begins with `/`. The
   * description of each callback links to it. Default: none.
   */
  readonly receivers?: string
  /** Merged over Swagger UI's own options. */
  readonly swaggerOptions?: Readonly<Record<string, unknown>>
  /** What *Authorize* of the page begins with, for OAuth 2.0. The page is public, and so is what stands here. */
  readonly oauth?: Readonly<DocsOAuth>
}

/** How callbacks are delivered: the options of `createDelivery`, each with its default; `store` is SQLite unless given. */
export interface AppDeliveryOptions
  extends Partial<
      Omit<DeliveryOptions, 'ownOrigins' | 'onResponse' | 'log' | 'clock' | 'random' | 'transport' | 'endpoints'>
    >,
    Pick<FileOptions, 'storeLimitBytes'> {
  /**
   * Gives the tenant for whom a request is made, or undefined for none. A tenant is known to your application, such as
   * the id of the account that the caller has proved to own. The dependency is resolved and documented on every
   * operation that has callbacks. The tenant's secret signs what is sent, and nothing that another tenant sends to the
   * same URL affects it.
   */
  readonly recipient?: Dependency<string | undefined>
}

/** What an application has beside its operations: its description in the document, and its settings. */
export interface RingbackOptions<RC extends CallbackSet = {}, RD extends DependencySet = {}, W extends WebhookSet = {}>
  extends DocumentInfo,
    BodyLimits {
  /** `false` serves neither document nor page; the keys for receivers stay at `/.well-known/jwks.json`. */
  readonly docs?: DocsOptions | false
  /** Changes the document before it is served. */
  readonly extendDocument?: (document: OpenApiDocument) => OpenApiDocument
  readonly delivery?: AppDeliveryOptions
  /** Runs around the life of the app: the code before its `yield` at the start, the rest at the end. */
  readonly lifespan?: (app: AnyApp) => AsyncGenerator<void, void, void>
  /** Dependencies of every operation. */
  readonly dependencies?: RD & CheckNames<RD>
  /** Callbacks of every operation. */
  readonly callbacks?: RC
  /**
   * The events of the API by name, such as `invoice.paid`, for `app.webhooks` and the handlers of every operation. Names
   * are up to 128 letters, digits, `.`, `_` and `-`, and no prefix changes them. Default: none.
   */
  readonly webhooks?: W
  /** How the endpoints of customers are treated, to which webhooks are sent. */
  readonly endpoints?: EndpointOptions
  /** Further responses of every operation. */
  readonly responses?: Responses
  /**
   * The path under which a proxy serves the app, and which the proxy removes: `/api`. Redirects, `$url` and `servers` of the
   * document begin with it. Default: none.
   */
  readonly basePath?: string
  /**
   * The hosts under which the application is reached: names (`api.example.com`), all names below one (`*.example.com`,
   * which does not include `example.com` itself) and addresses, at any port or at the one given. A request for any other
   * host is a 400 before anything runs. Only with it may the URL of a callback begin with `$url` or with
   * `$request.header.host`. Default: any host.
   */
  readonly trustedHosts?: readonly string[]
  /**
   * The proxies in front of the application: addresses (`10.0.0.7`) and blocks of them (`10.0.0.0/8`). What they forward
   * counts: the client's address, scheme and host in `X-Forwarded-For`, `-Proto` and `-Host`, or in `Forwarded` (RFC 7239);
   * for `clientAddress`, `request.url`, `$url` and `trustedHosts`; and `X-Request-Id` is the `requestId`. A proxy must set or
   * remove each of these headers itself, since it would pass on what a client wrote there. From anybody else they are
   * ignored. Default: none.
   */
  readonly trustedProxies?: readonly string[]
  /**
   * Sends requests that came by `http` to the same URL by `https` (307). Behind a proxy that ends TLS it needs
   * `trustedProxies`, whose `X-Forwarded-Proto` says how the client came. Requests of `testClient` are served as they come.
   * Default: false.
   */
  readonly httpsRedirect?: boolean
  /** Sends a path with a missing or extra last slash to the right one (307). Default: true. */
  readonly redirectSlashes?: boolean
  /** Refuses a JSON body without a media type with 415, as it does any other media type. Default: true. */
  readonly strictContentType?: boolean
  /** Reads text as a number or boolean where the schema asks for one. Default: true. */
  readonly coerceJson?: boolean
  /**
   * How much disk the files of forms may take, all requests together. A form that would fill it alone is a 413; where
   * there is no room left, the response is a 503 with `retry-after`. Default: 1,073,741,824 (1 GiB).
   */
  readonly spoolLimitBytes?: number
  /** The limits of WebSockets, and whose pages may open them. */
  readonly websockets?: WebSocketOptions
  /** Makes the operationId of operations that do not have one. */
  readonly generateOperationId?: (parts: {
    readonly method: Method
    readonly path: string
    readonly handlerName: string
    /** The tags of the operation, those of its routers first. */
    readonly tags: readonly string[]
  }) => string
  /** Default: the console. */
  readonly log?: Log
}
