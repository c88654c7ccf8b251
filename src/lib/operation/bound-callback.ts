import type { Scan } from '../expression/types/scan.ts'
import type { TypeExchange } from '../expression/types/type-exchange.ts'
import type { Input, Schema } from '../schema/schema.ts'
import type {
  CallbackDefinition,
  CallbackResponse,
  NoCallbackBody,
  NoCallbackHeaders,
  NoCallbackParams,
  NoCallbackQuery,
} from './callback-definition.ts'
import type { Responses } from './responses.ts'

/** The options of `send` that every callback has, even one whose URL reads the response. */
export interface LateSendSettings {
  /**
   * The tenant for whom the request is made. Its secret signs, and its circuit breaker, order and idempotency keys are
   * its own. Default: what `delivery.recipient` of the app gives. Without either, messages are signed for the URL, so
   * anyone who names one gets them.
   */
  readonly recipient?: string
  /**
   * Two sends with the same key, callback, destination and recipient make one delivery. Different bytes with that key
   * are a 409.
   */
  readonly idempotencyKey?: string
  /** Not before this time. */
  readonly at?: Date
  /** Not before this many milliseconds from now. */
  readonly delayMs?: number
  /**
   * When it is of no use any more. No attempt begins then or later: the delivery has failed, with the reason `expired`,
   * whatever it waits for, and what waits behind its `orderingKey` goes on. Default: never.
   */
  readonly expiresAt?: Date
  /** Deliveries with one key leave in the order they were stored. */
  readonly orderingKey?: string
}

/** The options of `send` and `call` that every callback has. */
export interface SendSettings extends LateSendSettings {
  /**
   * A connection of your own in a transaction of the store's database, as `sqliteStore({ database })` and
   * `postgresStore` take it: the delivery is stored at once in that transaction, which decides whether it happened.
   * `send` rejects with `NotInTransactionError` if the connection is not in a transaction. `call` stores nothing and
   * ignores it.
   */
  readonly transaction?: unknown
}

type Part<Name extends string, S extends Schema, None extends Schema> = S extends None
  ? { readonly [N in Name]?: Readonly<Record<string, string>> }
  : {} extends Input<S>
    ? { readonly [N in Name]?: Input<S> }
    : { readonly [N in Name]: Input<S> }

type PathPart<PS extends Schema> = PS extends NoCallbackParams ? unknown : { readonly path: Input<PS> }

/** The options of `send`: `path`, `headers` and `query` as the callback declares them. */
export type SendOptions<
  HS extends Schema,
  QS extends Schema,
  PS extends Schema = NoCallbackParams,
  S = SendSettings,
> = S & PathPart<PS> & Part<'headers', HS, NoCallbackHeaders> & Part<'query', QS, NoCallbackQuery>

type OptionsArgument<O> = {} extends O ? [options?: O] : [options: O]

/** The arguments of `send` and `call`: the body where one is declared, then the options. */
export type SendArguments<
  BS extends Schema,
  HS extends Schema,
  QS extends Schema,
  PS extends Schema = NoCallbackParams,
  S = SendSettings,
> = BS extends NoCallbackBody
  ? {} extends SendOptions<HS, QS, PS, S>
    ? [body?: undefined, options?: SendOptions<HS, QS, PS, S>]
    : [body: undefined, options: SendOptions<HS, QS, PS, S>]
  : [body: Input<BS>, ...rest: OptionsArgument<SendOptions<HS, QS, PS, S>>]

/** A callback of the present request. */
export interface BoundCallback<
  BS extends Schema,
  RS extends Schema,
  ST extends number,
  RR extends Responses,
  HS extends Schema,
  QS extends Schema,
  PS extends Schema = NoCallbackParams,
> {
  /**
   * Makes a durable delivery. In a handler it is stored together with all others when the handler returns, before the
   * response; elsewhere, and with `transaction`, it is stored at once.
   */
  send(...args: SendArguments<BS, HS, QS, PS>): Promise<{ readonly id: string; readonly url: string }>
  /** Sends one request now, through the same guard and signature, and gives the receiver's response. */
  call(...args: SendArguments<BS, HS, QS, PS>): Promise<CallbackResponse<RS, ST, RR>>
  /** The URL for this request. Undefined where the URL has plain names: each `send` resolves to its own. */
  readonly url: PS extends NoCallbackParams ? string : undefined
  /**
   * Plain data to keep beside your own record; `app.restore(definition, data)` turns it into the callback again. A
   * definition that is attached once is found by itself. One that is attached more than once is found by its `id`, or
   * by operation and key: then neither `operationId` nor the key in `callbacks` may change. Name the operation before
   * you keep data, since its id is the name of its handler function otherwise. The URL may change as long as it reads
   * nothing new.
   */
  toJSON(): CallbackData
}

/** A callback whose URL reads the response: the URL is known only when the handler has returned. */
export interface LateCallback<
  BS extends Schema,
  HS extends Schema,
  QS extends Schema,
  PS extends Schema = NoCallbackParams,
> {
  /**
   * Makes a durable delivery, stored together with all others when the handler returns. Where the response lacks a
   * value that the URL reads, the request fails with `ResponseInvalidError`. Only the status and headers of a web
   * `Response` can be read.
   */
  send(...args: SendArguments<BS, HS, QS, PS, LateSendSettings>): Promise<{ readonly id: string }>
}

/** What `toJSON` of a callback gives: only the values that its URL reads. */
export interface CallbackData {
  /** The operation's id and the callback's name. */
  readonly operation: string
  readonly callback: string
  /** The `id` of the definition, if it has one. */
  readonly id?: string | undefined
  /** The URL template in its standard form. */
  readonly template: string
  /** Each expression of the template with its value. */
  readonly values: Readonly<Record<string, unknown>>
  /** The tenant of the request, if any. */
  readonly recipient?: string | undefined
}

/** A definition bound to any request. */
export type Bound<C> =
  C extends CallbackDefinition<string, infer BS, infer RS, infer ST, infer RR, infer HS, infer QS, infer PS>
    ? BoundCallback<BS, RS, ST, RR, HS, QS, PS>
    : never

type Late<C> =
  C extends CallbackDefinition<string, infer BS, Schema, number, Responses, infer HS, infer QS, infer PS>
    ? LateCallback<BS, HS, QS, PS>
    : never

type Judged<C, Verdict> = ('late' extends Verdict ? Late<C> : Bound<C>) | ('maybe' extends Verdict ? undefined : never)

/** The bound callbacks of a set: `undefined` is possible exactly where a value that the URL needs may be absent. */
export type BoundCallbacks<CB, X extends TypeExchange> = {
  readonly [K in keyof CB]: CB[K] extends { readonly url: infer U extends string }
    ? Judged<CB[K], Scan<U, X, CB[K]>>
    : never
}
