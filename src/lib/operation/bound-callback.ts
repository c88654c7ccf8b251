import type { Scan } from '../expression/types/scan.ts'
import type { TypeExchange } from '../expression/types/type-exchange.ts'
import type { Input, Schema } from '../schema/schema.ts'
import type {
  CallbackDefinition,
  CallbackResponse,
  NoCallbackBody,
  NoCallbackHeaders,
  NoCallbackQuery,
} from './callback-definition.ts'
import type { Responses } from './responses.ts'

/** What `send` and `call` take beside the body, whatever the callback declares. */
export interface SendSettings {
  /**
   * The tenant for whom the request is made: its secret signs, and breaker, order and idempotency keys are its own.
   * Default: what `delivery.recipient` of the app gives. Without either, anyone who names a URL gets messages that are
   * signed for it.
   */
  readonly recipient?: string
  /** Two sends with one key, callback, destination and recipient make one delivery; other bytes under that key are a 409. */
  readonly idempotencyKey?: string
  /** Not before this time. */
  readonly at?: Date
  /** Not before this many milliseconds from now. */
  readonly delayMs?: number
  /** Deliveries with one key leave in the order they were stored. */
  readonly orderingKey?: string
}

type Part<Name extends string, S extends Schema, None extends Schema> = S extends None
  ? { readonly [N in Name]?: Readonly<Record<string, string>> }
  : {} extends Input<S>
    ? { readonly [N in Name]?: Input<S> }
    : { readonly [N in Name]: Input<S> }

/** The options of `send`: `headers` and `query` as the callback declares them. */
export type SendOptions<HS extends Schema, QS extends Schema> = SendSettings &
  Part<'headers', HS, NoCallbackHeaders> &
  Part<'query', QS, NoCallbackQuery>

type OptionsArgument<HS extends Schema, QS extends Schema> =
  {} extends SendOptions<HS, QS> ? [options?: SendOptions<HS, QS>] : [options: SendOptions<HS, QS>]

/** The arguments of `send` and `call`: the body where one is declared, then the options. */
export type SendArguments<BS extends Schema, HS extends Schema, QS extends Schema> = BS extends NoCallbackBody
  ? {} extends SendOptions<HS, QS>
    ? [body?: undefined, options?: SendOptions<HS, QS>]
    : [body: undefined, options: SendOptions<HS, QS>]
  : [body: Input<BS>, ...rest: OptionsArgument<HS, QS>]

/** A callback of the present request. */
export interface BoundCallback<
  BS extends Schema,
  RS extends Schema,
  ST extends number,
  RR extends Responses,
  HS extends Schema,
  QS extends Schema,
> {
  /**
   * Makes a durable delivery. In a handler it is stored together with all others when the handler returns, before the
   * answer; outside of one it is stored at once.
   */
  send(...args: SendArguments<BS, HS, QS>): Promise<{ readonly id: string; readonly url: string }>
  /** Sends one request now, through the same guard and signature, and gives the receiver's answer. */
  call(...args: SendArguments<BS, HS, QS>): Promise<CallbackResponse<RS, ST, RR>>
  /** The URL as the request makes it. */
  readonly url: string
  /** Plain data to keep beside your own record; `app.restore(definition, data)` gives the callback back. */
  toJSON(): CallbackData
}

/** A callback whose URL reads the response: the URL is known only when the handler has returned. */
export interface LateCallback<BS extends Schema, HS extends Schema, QS extends Schema> {
  /** Makes a durable delivery, stored together with all others when the handler returns. */
  send(...args: SendArguments<BS, HS, QS>): Promise<{ readonly id: string }>
}

/** What `toJSON` of a callback gives: only the values that its URL reads. */
export interface CallbackData {
  /** The operation's id and the callback's name. */
  readonly operation: string
  readonly callback: string
  /** The URL template in its standard form. */
  readonly template: string
  /** Each expression of the template with the value it had. */
  readonly values: Readonly<Record<string, unknown>>
  /** The tenant of the request, if any. */
  readonly recipient?: string | undefined
}

/** A definition bound to a request, whatever that request holds. */
export type Bound<C> =
  C extends CallbackDefinition<string, infer BS, infer RS, infer ST, infer RR, infer HS, infer QS>
    ? BoundCallback<BS, RS, ST, RR, HS, QS>
    : never

type Late<C> =
  C extends CallbackDefinition<string, infer BS, Schema, number, Responses, infer HS, infer QS>
    ? LateCallback<BS, HS, QS>
    : never

type Judged<C, Verdict> = ('late' extends Verdict ? Late<C> : Bound<C>) | ('maybe' extends Verdict ? undefined : never)

/** All callbacks of a set, bound: `undefined` exactly where a value that the URL needs may be absent. */
export type BoundCallbacks<CB, X extends TypeExchange> = {
  readonly [K in keyof CB]: CB[K] extends { readonly url: infer U extends string } ? Judged<CB[K], Scan<U, X>> : never
}
