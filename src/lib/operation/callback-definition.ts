import { quoted } from '../definition/quoted.ts'
import type { FailedDelivery } from '../delivery/handlers/on-failed.ts'
import type { TemplateNames } from '../expression/types/path-template.ts'
import type { TypeExchange } from '../expression/types/type-exchange.ts'
import type { Absent, Input, Output, Schema } from '../schema/schema.ts'
import { checkCallbackOptions } from './check-callback-options.ts'
import type { CallbackSet, CheckCallbacks } from './check-callbacks.ts'
import type { CheckResponses, CheckStatus } from './check-responses.ts'
import type { DependencySet } from './dependency-set.ts'
import type { MaybePromise, Responses } from './responses.ts'

/** The methods a callback may use. */
export type CallbackMethod = 'post' | 'put' | 'patch' | 'delete' | 'get'

/** No `body` declared: nothing is sent, and expressions find nothing in it. */
export type NoCallbackBody = Absent<undefined, {}>
/** No `headers` declared: `send` takes any, expressions know none. */
export type NoCallbackHeaders = Absent<Readonly<Record<string, string>>, {}>
/** No `query` declared: `send` takes any, expressions know none. */
export type NoCallbackQuery = Absent<Readonly<Record<string, string>>, {}>
/** No `params` declared: the URL has no plain names. */
export type NoCallbackParams = Absent<{}, {}>
/** No declared response: any 2xx acknowledges, and its body is not read. */
export type NoCallbackResponse = Absent<undefined, undefined>

/** The status of the declared response where the definition gives none. */
export type DefaultCallbackStatus<RS extends Schema> = RS extends NoCallbackResponse ? number : 200

/** The receiver's response, typed by the declared responses. */
export type CallbackResponse<RS extends Schema, ST extends number, RR extends Responses> =
  | { readonly status: ST; readonly headers: Headers; readonly body: Output<RS> }
  | {
      [K in keyof RR & number]: {
        readonly status: K
        readonly headers: Headers
        readonly body: RR[K] extends { readonly body: infer B extends Schema } ? Output<B> : undefined
      }
    }[keyof RR & number]

/** The request of the callback itself, as its receiver sees it: what callbacks of the callback may read. */
interface CallbackExchange<
  BS extends Schema,
  RS extends Schema,
  HS extends Schema,
  QS extends Schema,
  PS extends Schema,
> extends TypeExchange {
  readonly params: Output<PS>
  readonly query: Output<QS>
  readonly headers: Output<HS>
  readonly body: Output<BS>
  readonly responseBody: Input<RS>
  readonly responseHeaders: {}
}

type CheckParams<U extends string, PS extends Schema> = [Exclude<keyof Input<PS>, TemplateNames<U>>] extends [never]
  ? unknown
  : `no "{${Exclude<keyof Input<PS>, TemplateNames<U>> & string}}" in the URL "${U}"`

/**
 * What a callback declares beside its URL. The body is what we send (validated by its input side), the response is what
 * the receiver sends back.
 */
export interface CallbackOptions<
  BS extends Schema,
  RS extends Schema,
  ST extends number,
  RR extends Responses,
  HS extends Schema,
  QS extends Schema,
  CB extends CallbackSet,
  PS extends Schema = NoCallbackParams,
  U extends string = string,
> {
  /**
   * One object schema of the plain names of the URL, such as `{item_id}`: values that only the sender knows. `send` and
   * `call` take them as `path`, and each becomes one percent-encoded part of the path. Default: no plain names.
   */
  readonly params?: PS & CheckParams<U, NoInfer<PS>>
  /** The JSON body that is sent. Default: none. */
  readonly body?: BS
  /** The JSON body of the receiver's response. Default: any, and it is not read. */
  readonly response?: RS
  /** The status of that response. Default: 200 with a `response`, else any 2xx. */
  readonly status?: ST & CheckStatus<NoInfer<ST>, NoInfer<RS>>
  /** What that response means, for the document. */
  readonly responseDescription?: string
  /** Further responses by status. */
  readonly responses?: RR & CheckResponses<NoInfer<RR>, NoInfer<ST>>
  /** One object schema of the headers that `send` takes. */
  readonly headers?: HS
  /** One object schema of the query parameters that `send` takes. */
  readonly query?: QS
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  /** Security schemes only: what the receiver requires of us, for the document. */
  readonly dependencies?: DependencySet
  /** Default: the operation's own operationId followed by the callback's name. */
  readonly operationId?: string
  /**
   * A name of the definition that is unique in the app and never changes. By it `app.restore` recognises the data that
   * `toJSON` gave, even if operations and keys were renamed. Needed where the definition is attached more than once and
   * its operations have no `operationId`. Default: none.
   */
  readonly id?: string
  readonly deprecated?: boolean
  /** False leaves the callback out of the document; it is sent all the same. Default: true. */
  readonly documented?: boolean
  /** Members merged over the operation object of the document. */
  readonly openapi?: Readonly<Record<string, unknown>>
  /** Callbacks that the receiver sends: documented only. */
  readonly callbacks?: CB &
    CheckCallbacks<CB, CallbackExchange<NoInfer<BS>, NoInfer<RS>, NoInfer<HS>, NoInfer<QS>, NoInfer<PS>>>
  /**
   * Seconds between the end of one attempt and the next; the first number is the wait before the first attempt.
   * Default: the application's.
   */
  readonly retryDelaysSeconds?: readonly number[]
  /**
   * The statuses of a response, from 300 to 599, that end a delivery as failed at once instead of being sent again. The list
   * replaces the application's: with `[]` a 410 is sent again, too. Default: the application's (410).
   */
  readonly finalStatuses?: readonly number[]
  /** Time limit of one attempt in milliseconds. Default: the application's (15,000). */
  readonly timeoutMs?: number
  /**
   * Sends `traceparent` (W3C Trace Context), so that the receiver's trace continues the one of this request: for receivers
   * of your own, since trace ids say something of what happens inside. Default: false.
   */
  readonly propagate?: boolean
  /** Sends again when a 2xx response is not as declared. Default: false. */
  readonly retryOnInvalidResponse?: boolean
  /**
   * Runs in the worker after a response came, at least once, apart from the attempt. `bytes` is what came of the body;
   * `bodyTruncated` says that this may not be all of it, and `body` is undefined then. One that throws, or has not ended
   * after 50 s, runs again after 1, 5 and 30 minutes, and the log says so.
   */
  readonly onResponse?: (
    response: CallbackResponse<NoInfer<RS>, NoInfer<ST>, NoInfer<RR>> & ReceivedBody,
    delivery: { readonly id: string },
  ) => MaybePromise<void>
  /**
   * Runs in the worker after a delivery has failed, whatever the cause, or is blocked: at least once, apart from the attempt,
   * and beside that of `delivery`. Not after it was cancelled. One that throws runs again as `onResponse` does.
   *
   * @example
   * ```ts
   * import { callback } from 'ringback'
   * import { z } from 'zod'
   *
   * export const paid = callback.post('{$callback_url}/paid', {
   *   body: z.object({ paid: z.boolean() }),
   *   async onFailed({ id, url, attemptCount, status, error }) {
   *     console.error(`${id} to ${url} failed after ${attemptCount} attempts`, status ?? error)
   *   },
   * })
   * ```
   */
  readonly onFailed?: (delivery: FailedDelivery) => MaybePromise<void>
}

/** The received part of a response body, whether or not it is as declared. */
export interface ReceivedBody {
  readonly bytes: Uint8Array
  readonly bodyTruncated: boolean
}

/** A callback's options as they are read at run time, without type parameters. */
export type AnyCallbackOptions = CallbackOptions<Schema, Schema, number, Responses, Schema, Schema, CallbackSet, Schema>

/** Every key of a callback's options. */
export const CALLBACK_KEYS: Readonly<Record<keyof AnyCallbackOptions, true>> = {
  params: true,
  body: true,
  response: true,
  status: true,
  responseDescription: true,
  responses: true,
  headers: true,
  query: true,
  summary: true,
  description: true,
  tags: true,
  dependencies: true,
  operationId: true,
  id: true,
  deprecated: true,
  documented: true,
  openapi: true,
  callbacks: true,
  retryDelaysSeconds: true,
  finalStatuses: true,
  timeoutMs: true,
  retryOnInvalidResponse: true,
  propagate: true,
  onResponse: true,
  onFailed: true,
}

/** A callback, declared apart from the operations that make it. Made by `callback.post`, `callback.put` and so on. */
export interface CallbackDefinition<
  U extends string = string,
  BS extends Schema = Schema,
  RS extends Schema = Schema,
  ST extends number = number,
  RR extends Responses = Responses,
  HS extends Schema = Schema,
  QS extends Schema = Schema,
  PS extends Schema = Schema,
  CB extends CallbackSet = CallbackSet,
> {
  readonly kind: 'callback'
  readonly method: CallbackMethod
  /** The URL template with its runtime expressions, as written. */
  readonly url: U
  /** Everything else, as it is read at run time. */
  readonly options: object
  /** Only a type: what the parts are. */
  readonly '~parts'?: {
    readonly body: BS
    readonly response: RS
    readonly status: ST
    readonly responses: RR
    readonly headers: HS
    readonly query: QS
  }
  /** Only a type: the values of the plain names of the URL. */
  readonly '~params'?: Input<PS>
  /** Only a type: the callbacks of the callback. */
  readonly '~callbacks'?: CB
}

type UrlStart = '{$request.query.name}' | '{$request.body#/pointer}' | '{$request.header.name}' | (string & {})

/** Makes a callback of one method. */
export type MakeCallback = <
  const U extends UrlStart,
  BS extends Schema = NoCallbackBody,
  RS extends Schema = NoCallbackResponse,
  const ST extends number = DefaultCallbackStatus<RS>,
  const RR extends Responses = {},
  HS extends Schema = NoCallbackHeaders,
  QS extends Schema = NoCallbackQuery,
  CB extends CallbackSet = {},
  PS extends Schema = NoCallbackParams,
>(
  url: U,
  options: CallbackOptions<BS, RS, ST, RR, HS, QS, CB, PS, U>,
) => CallbackDefinition<U, BS, RS, ST, RR, HS, QS, PS, CB>

const make =
  (method: CallbackMethod): MakeCallback =>
  (url, options) => {
    const own = Object.freeze({ ...options })
    // Checked here, where the mistake was made, and not where the callback is attached.
    checkCallbackOptions(own, CALLBACK_KEYS, `callback.${method}(${quoted(url)}, …)`)
    return Object.freeze({ kind: 'callback', method, url, options: own })
  }

/**
 * Declares a request that the API will send: one function for each method, `callback.post(url, options)`. The URL is
 * made of runtime expressions (OpenAPI 3.1.1, "Runtime Expressions") that read the request that caused it:
 * `{$request.query.callback_url}` or, shorter, `{$callback_url}`; `{$request.body#/id}` or `{$request.body.id}`.
 *
 * A part of the path that only the sender knows is a plain name: `{item_id}`, declared in `params` and given to `send` as
 * `path: { item_id }`.
 *
 * A definition stands on its own; `callbacks: { name: definition }` attaches it to an operation, a `Router` or the app,
 * and there its expressions are checked against what the operation declares: by the compiler, and in JavaScript by a
 * `DefinitionError`. In the handler, `callbacks.name` is the callback of the current request.
 *
 * @example
 * ```ts
 * import { callback } from 'ringback'
 * import { z } from 'zod'
 *
 * export const paid = callback.post('{$callback_url}/invoices/{$request.body.id}', {
 *   body: z.object({ paid: z.boolean() }),
 *   response: z.object({ ok: z.boolean() }),
 * })
 * console.log(paid.method, paid.url) // post {$callback_url}/invoices/{$request.body.id}
 * ```
 */
export const callback: {
  readonly post: MakeCallback
  readonly put: MakeCallback
  readonly patch: MakeCallback
  readonly delete: MakeCallback
  readonly get: MakeCallback
} = Object.freeze({
  post: make('post'),
  put: make('put'),
  patch: make('patch'),
  delete: make('delete'),
  get: make('get'),
})
