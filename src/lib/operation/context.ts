import type { TypeExchange } from '../expression/types/type-exchange.ts'
import type { Log } from '../log.ts'
import type { Input, Output, Schema } from '../schema/schema.ts'
import type { AnyApp } from './any-app.ts'
import type { BoundCallbacks } from './bound-callback.ts'
import type { NeedsOf } from './dependency-definition.ts'
import type { MaybePromise } from './responses.ts'

/** What callback expressions of an operation may read: the input side of the request, the output side of the answer. */
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

/** An answer made by `respond`. */
export interface Responded {
  readonly '~responded': true
}

/** A cookie that `respond` sets: its value, or its value with attributes (RFC 6265). */
export type CookieToSet =
  | string
  | {
      readonly value: string
      readonly maxAgeSeconds?: number
      readonly path?: string
      readonly domain?: string
      readonly secure?: boolean
      readonly httpOnly?: boolean
      readonly sameSite?: 'strict' | 'lax' | 'none'
    }

/** What `respond` may say beside status and body. */
export interface RespondOptions {
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** Default of a cookie's attributes: path "/", http-only, same-site lax. */
  readonly cookies?: Readonly<Record<string, CookieToSet>>
}

type BodyOf<S, RS extends Schema, ST, RR> = S extends ST
  ? Input<RS>
  : S extends keyof RR
    ? RR[S] extends { readonly body: infer B extends Schema }
      ? Input<B>
      : undefined
    : never

/** Makes an answer with a declared status; the body's type is the one declared for it. */
export type Respond<RS extends Schema, ST extends number, RR> = <const S extends ST | (keyof RR & number)>(
  status: S,
  ...rest: undefined extends BodyOf<S, RS, ST, RR>
    ? [body?: BodyOf<S, RS, ST, RR>, options?: RespondOptions]
    : [body: BodyOf<S, RS, ST, RR>, options?: RespondOptions]
) => Responded

/** What a handler gets. Values of dependencies stand beside these under their own names. */
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
  X extends TypeExchange,
> {
  readonly params: Output<PS>
  readonly query: Output<QS>
  readonly headers: Output<HS>
  readonly cookies: Output<CS>
  readonly body: Output<BS>
  /** The declared callbacks, bound to this request. */
  readonly callbacks: BoundCallbacks<CB, X>
  /** Runs `fn` after the response; errors are logged, shutdown waits for it. */
  background(fn: () => MaybePromise<void>): void
  /** The web `Request`; after a declared body was read its own body is used up. */
  readonly request: Request
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal
  /** Makes an answer with one of the declared statuses, with headers and cookies. */
  readonly respond: Respond<RS, ST, RR>
  readonly app: AnyApp
  readonly log: Log
}

/** What a handler may return: the input side of `response`, an answer of `respond`, or a web `Response`. */
export type Returned<RS extends Schema> = MaybePromise<Input<RS> | Responded | Response>

/**
 * A handler. It is a type parameter of its own wherever one is taken, so that its contextual type is there before its
 * body is checked; with a plain function type, literals in the returned value would widen.
 */
export type Handling<C, RS extends Schema> = (context: C) => Returned<RS>
