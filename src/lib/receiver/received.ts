import type { TypeExchange } from '../expression/types/type-exchange.ts'
import type { BoundCallbacks } from '../operation/bound-callback.ts'
import type { CallbackDefinition, NoCallbackBody, NoCallbackResponse } from '../operation/callback-definition.ts'
import type { MaybePromise, Responses } from '../operation/responses.ts'
import type { Input, Output, Schema } from '../schema/schema.ts'
import type { PathValues } from './path-values.ts'

/** Any definition of a callback: what `receive` takes. */
export type Receivable = CallbackDefinition<string, Schema, Schema, number, Responses, Schema, Schema, Schema>

type PartsOf<D extends Receivable> = NonNullable<D['~parts']>

/** What callbacks of the callback may read: the request as it was received. */
interface ReceivedExchange<D extends Receivable> extends TypeExchange {
  readonly params: NonNullable<D['~params']>
  readonly query: Output<PartsOf<D>['query']>
  readonly headers: Output<PartsOf<D>['headers']>
  readonly body: Output<PartsOf<D>['body']>
  readonly responseBody: Input<PartsOf<D>['response']>
  readonly responseHeaders: {}
}

/** The callbacks that the definition itself declares: the receiver sends them. */
type NestedCallbacks<D extends Receivable> = D extends { readonly '~callbacks'?: infer CB }
  ? BoundCallbacks<NonNullable<CB>, ReceivedExchange<D>>
  : {}

type BodyOf<D extends Receivable> = PartsOf<D>['body'] extends NoCallbackBody ? undefined : Output<PartsOf<D>['body']>

/** The value that the handler returns for the main response. */
type MainResponse<D extends Receivable> = PartsOf<D>['response'] extends NoCallbackResponse
  ? undefined
  : Input<PartsOf<D>['response']>

type StatusOf<D extends Receivable> = PartsOf<D>['status'] | (keyof PartsOf<D>['responses'] & number)

type ResponseOf<D extends Receivable, S> = S extends PartsOf<D>['status']
  ? MainResponse<D>
  : S extends keyof PartsOf<D>['responses']
    ? PartsOf<D>['responses'][S] extends { readonly body: infer B extends Schema }
      ? Input<B>
      : undefined
    : undefined

type RespondArguments<B> = undefined extends B
  ? [body?: B, options?: ReceiverRespondOptions]
  : [body: B, options?: ReceiverRespondOptions]

/** The options of a handler's `respond`. */
export interface ReceiverRespondOptions {
  readonly headers?: Readonly<Record<string, string>>
}

/** A response that was made by `respond` or `handled`. */
export interface ReceiverResponse {
  readonly '~received': true
}

/** What a handler may return. */
export type HandlerResult<D extends Receivable> =
  | ReceiverResponse
  | (MainResponse<D> extends undefined ? undefined | void : MainResponse<D>)

/** What the handler of `receive` gets: the message, verified and as declared. */
export interface Received<D extends Receivable> {
  readonly body: BodyOf<D>
  /** The values behind the base of the URL: the declared `params`, and what expressions read, as text. */
  readonly path: PathValues<D['url']> & NonNullable<Output<ParamsOf<D>>>
  readonly query: Output<PartsOf<D>['query']>
  readonly headers: Output<PartsOf<D>['headers']>
  /** The same for every attempt of the message. */
  readonly id: string
  /** When this attempt was made, in seconds since 1970-01-01T00:00:00Z. */
  readonly timestamp: number
  /** The callbacks of the callback, which are the receiver's to send. */
  readonly callbacks: NestedCallbacks<D>
  /** The request, whose body has been read. */
  readonly request: Request
  /** Makes a response with a declared status. One that is not a 2xx is not kept: the next attempt is handled again. */
  readonly respond: <const S extends StatusOf<D>>(
    status: S,
    ...rest: RespondArguments<ResponseOf<D, S>>
  ) => ReceiverResponse
  /**
   * Stores the response before the handler returns it. With `transaction`, a connection in an open transaction of the
   * database of `dedupe`, it is stored if that commits, so that what the handler writes there happens exactly once.
   * Throws `ClaimLostError` where the handler took longer than its claim holds. It is no promise where neither schema nor
   * database makes one wait.
   */
  readonly handled: (
    response: HandlerResult<D>,
    options?: { readonly transaction?: unknown },
  ) => MaybePromise<ReceiverResponse>
}

/** Only the output side of `params`, which is what the handler sees. */
type ParamsOf<D extends Receivable> =
  D extends CallbackDefinition<string, Schema, Schema, number, Responses, Schema, Schema, infer PS> ? PS : never

/** The handler of `receive`. */
export type ReceiveHandler<D extends Receivable> = (received: Received<D>) => MaybePromise<HandlerResult<D>>
