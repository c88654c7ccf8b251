import type { TypeExchange } from '../expression/types/type-exchange.ts'
import type { Log } from '../log/log.ts'
import type { Input, Output, Schema, Sendable } from '../schema/schema.ts'
import type { AnyApp } from './any-app.ts'
import type { BoundCallbacks } from './bound-callback.ts'
import type { NeedsOf } from './dependency-definition.ts'
import type { RequestParts } from './request-parts.ts'
import type { CookieToSet, ResponseParts } from './response-parts.ts'
import type { MaybePromise, NoResponseHeaders } from './responses.ts'
import type { SentPart } from './sent-part.ts'
import type { BoundWebhooks } from './webhook/bound-webhook.ts'

/** What callback expressions of an operation may read: the input side of the request, the output side of the response. */
export interface OperationExchange<
  PS extends Schema,
  QS extends Schema,
  HS extends Schema,
  BS extends Schema,
  RS extends Schema,
  RH extends Schema,
  D,
> extends TypeExchange {
  readonly params: Input<PS> & NeedsOf<D, 'params'>
  readonly query: Input<QS> & NeedsOf<D, 'query'>
  readonly headers: Input<HS> & NeedsOf<D, 'headers'>
  readonly body: Input<BS>
  readonly responseBody: Output<RS>
  readonly responseHeaders: Output<RH>
}

/** A response made by `respond`. */
export interface Responded {
  readonly '~responded': true
}

/** The value of a header: numbers and booleans are written as text, each item of a list on a line of its own. */
export type HeaderValue = string | number | boolean | readonly (string | number | boolean)[]

type HeadersToSet<H extends Schema> = Input<H> & { readonly [name: string]: HeaderValue | undefined }

/** The options of `respond`; `H` is the schema of the headers that are declared for the status. */
export type RespondOptions<H extends Schema = NoResponseHeaders> = {
  /** Default of a cookie's attributes: path "/", http-only, same-site lax. */
  readonly cookies?: Readonly<Record<string, CookieToSet>>
} & ({} extends Input<H> ? { readonly headers?: HeadersToSet<H> } : { readonly headers: HeadersToSet<H> })

type BodyOf<S, RS extends Schema, ST, RR> = S extends ST
  ? Sendable<RS>
  : S extends keyof RR
    ? RR[S] extends { readonly body: infer B extends Schema }
      ? Sendable<B>
      : undefined
    : never

type HeadersOf<S, RH extends Schema, ST, RR> = S extends ST
  ? RH
  : S extends keyof RR
    ? RR[S] extends { readonly headers: infer H extends Schema }
      ? H
      : NoResponseHeaders
    : never

type RespondArguments<B, H extends Schema> =
  {} extends Input<H>
    ? undefined extends B
      ? [body?: B, options?: RespondOptions<H>]
      : [body: B, options?: RespondOptions<H>]
    : [body: B, options: RespondOptions<H>]

/** Makes a response with a declared status; body and headers are typed as they are declared for it. */
export type Respond<RS extends Schema, ST extends number, RR, RH extends Schema = NoResponseHeaders> = <
  const S extends ST | (keyof RR & number),
>(
  status: S,
  ...rest: RespondArguments<BodyOf<S, RS, ST, RR>, HeadersOf<S, RH, ST, RR>>
) => Responded

/** What a handler gets. The values of dependencies are added under their own names. */
export interface Context<
  PS extends Schema,
  QS extends Schema,
  HS extends Schema,
  CS extends Schema,
  BS extends Schema,
  RS extends Schema,
  ST extends number,
  RR,
  CB,
  D,
  RH extends Schema = NoResponseHeaders,
  W = {},
  RW = {},
> extends RequestParts,
    ResponseParts {
  readonly params: Output<PS>
  readonly query: Output<QS>
  readonly headers: Output<HS>
  readonly cookies: Output<CS>
  readonly body: Output<BS>
  /**
   * The validated body without what the client left out and the schema filled in, at every depth: so that a PATCH is
   * `{ ...stored, ...sent }`.
   */
  readonly sent: SentPart<Output<BS>>
  /** The declared callbacks, bound to this request. */
  readonly callbacks: BoundCallbacks<CB, OperationExchange<PS, QS, HS, BS, RS, RH, D>>
  /** The webhooks that the operation and its router declare. What is sent is stored with the callbacks. */
  readonly webhooks: BoundWebhooks<W & RW>
  /** Runs `fn` after the response; errors are logged, shutdown waits for it. */
  background(fn: () => MaybePromise<void>): void
  /** The web `Request`; where a body is declared, its own body has already been read. */
  readonly request: Request
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal
  /** Makes a response with one of the declared statuses, with headers and cookies. */
  readonly respond: Respond<RS, ST, RR, RH>
  readonly app: AnyApp
  readonly log: Log
}

/**
 * What a handler may return: the input side of `response` where none of its headers is required, a response of
 * `respond`, or a web `Response`.
 */
export type Returned<RS extends Schema, RH extends Schema = NoResponseHeaders> = MaybePromise<
  | ({} extends Input<RH>
      ? Sendable<RS>
      : { readonly 'a header of this response is required': 'return respond(status, body, { headers })' })
  | Responded
  | Response
>

/**
 * A handler. Wherever one is taken it has a type parameter of its own, so that its contextual type is known before its
 * body is checked; with a plain function type, literals in the returned value would widen.
 */
export type Handling<C, RS extends Schema, RH extends Schema = NoResponseHeaders> = (context: C) => Returned<RS, RH>
