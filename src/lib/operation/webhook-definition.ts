import { DefinitionError } from '../definition/definition-error.ts'
import type { Input, Output, Schema } from '../schema/schema.ts'
import type { NoCallbackHeaders, NoCallbackResponse, ReceivedBody } from './callback-definition.ts'
import { checkCallbackOptions } from './check-callback-options.ts'
import type { CheckResponses, CheckStatus } from './check-responses.ts'
import type { DependencySet } from './dependency-set.ts'
import type { MaybePromise, Responses } from './responses.ts'
import { checkReplaces } from './webhook/check-replaces.ts'

/**
 * What a webhook declares beside its body. `RS` is its response, `RR` are further ones, `HS` its headers, `OS` is the body
 * of the webhook that it replaces.
 */
interface WebhookParts<
  S extends Schema,
  RS extends Schema,
  RR extends Responses,
  HS extends Schema,
  OS extends Schema = Schema,
> {
  /** The JSON body of the receiver's response. Default: any, and it is not read. */
  readonly response?: RS
  /** The status of that response. Default: 200 with a `response`, else any 2xx. */
  readonly status?: number & CheckStatus<number, NoInfer<RS>>
  /** What that response means. */
  readonly responseDescription?: string
  /** Further responses by status. */
  readonly responses?: RR & CheckResponses<NoInfer<RR>, never>
  /** One object schema of the headers that are sent. */
  readonly headers?: HS
  /** An example of `data` or `body`. It must fit the schema. Tests of an endpoint send it. Default: the schema's own. */
  readonly example?: NoInfer<Input<S>>
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  /** Security schemes only: what the receiver requires of the sender. */
  readonly dependencies?: DependencySet
  /** Default: the webhook's name in camelCase: `invoicePaid`. */
  readonly operationId?: string
  readonly deprecated?: boolean
  /** False leaves the webhook out of the document. Default: true. */
  readonly documented?: boolean
  /** Members merged over the operation object of the document. */
  readonly openapi?: Readonly<Record<string, unknown>>
  /**
   * The webhook that this one replaces, with another form of the same event. Sending this one sends that one, too, as
   * `as` makes it of the data and as its own schema allows. Each endpoint gets one of them: this one if it names it; the
   * earlier one if it names only that; with `'*'` alone this one, unless the endpoint was created before `since`.
   * Sending the earlier one by itself is a `WebhookReplacedError`. Default: none.
   */
  readonly replaces?: {
    readonly webhook: WebhookDefinition<OS>
    /** A date, `2026-01-31`, which begins at midnight UTC; or a time with its offset, `2026-01-31T12:00:00Z`. */
    readonly since: string
    readonly as: (data: NoInfer<Output<S>>) => NoInfer<Input<OS>>
  }
  /**
   * Seconds between the end of one attempt and the next; the first number is the wait before the first attempt.
   * Default: the application's.
   */
  readonly retryDelaysSeconds?: readonly number[]
  /**
   * The statuses of a response, from 300 to 599, that end a delivery as failed at once. The list replaces the
   * application's. Default: the application's (410).
   */
  readonly finalStatuses?: readonly number[]
  /** Time limit of one attempt in milliseconds. Default: the application's (15,000). */
  readonly timeoutMs?: number
  /** Sends again when a 2xx response is not as declared. Default: false. */
  readonly retryOnInvalidResponse?: boolean
  /**
   * Runs in the worker after an endpoint has responded, at least once, apart from the attempt. `body` is undefined where
   * it is not as declared. One that throws, or has not ended after 50 s, runs again after 1, 5 and 30 minutes.
   */
  readonly onResponse?: (
    response: {
      readonly status: number
      readonly headers: Headers
      readonly body: Output<NoInfer<RS>> | undefined
    } & ReceivedBody,
    delivery: WebhookDelivery,
  ) => MaybePromise<void>
}

/** The delivery of a webhook's message to one endpoint. */
export interface WebhookDelivery {
  readonly id: string
  /** The id of the endpoint. */
  readonly endpoint: string
  readonly owner: string
}

/**
 * What a webhook declares: `data` or `body`, and what the document says of it.
 *
 * @example
 * ```ts
 * import { webhook, type WebhookOptions } from 'ringback'
 * import { z } from 'zod'
 *
 * const Paid = z.object({ invoice_id: z.string() })
 * const options: WebhookOptions<typeof Paid> = { data: Paid, summary: 'An invoice was paid' }
 * console.log(webhook.post(options).method) // post
 * ```
 */
export type WebhookOptions<
  S extends Schema,
  RS extends Schema = NoCallbackResponse,
  RR extends Responses = {},
  HS extends Schema = NoCallbackHeaders,
  OS extends Schema = Schema,
> = WebhookParts<S, RS, RR, HS, OS> &
  (
    | {
        /**
         * What happened. The body is `{ type, timestamp, data }`, the envelope of Standard Webhooks: `type` is the
         * webhook's name, so that one URL can take many events.
         */
        readonly data: S
        readonly body?: never
      }
    | {
        /** The whole JSON body, exactly as declared. */
        readonly body: S
        readonly data?: never
      }
  )

/** The options as they are read at run time. */
export type AnyWebhookOptions = WebhookParts<Schema, Schema, Responses, Schema> & {
  readonly data?: Schema
  readonly body?: Schema
}

const WEBHOOK_KEYS: Readonly<Record<keyof AnyWebhookOptions, true>> = {
  data: true,
  body: true,
  response: true,
  status: true,
  responseDescription: true,
  responses: true,
  headers: true,
  example: true,
  summary: true,
  description: true,
  tags: true,
  dependencies: true,
  operationId: true,
  deprecated: true,
  documented: true,
  openapi: true,
  replaces: true,
  retryDelaysSeconds: true,
  finalStatuses: true,
  timeoutMs: true,
  retryOnInvalidResponse: true,
  onResponse: true,
}

/** Any webhook definition; without type parameters, which would be inferred in place of the defaults. */
export interface AnyWebhook {
  readonly kind: 'webhook'
}

/**
 * Webhooks by the names of their events.
 *
 * @example
 * ```ts
 * import { Ringback, webhook, type WebhookSet } from 'ringback'
 * import { z } from 'zod'
 *
 * const webhooks: WebhookSet = { 'invoice.paid': webhook.post({ data: z.object({ invoice_id: z.string() }) }) }
 * console.log(Object.keys(new Ringback({ title: 'Invoices', version: '1.0.0', webhooks }).openapi().webhooks ?? {}))
 * // [ 'invoice.paid' ]
 * ```
 */
export interface WebhookSet {
  readonly [event: string]: AnyWebhook
}

/** An event that the API sends to whoever asked for it. Made by `webhook.post`. */
export interface WebhookDefinition<S extends Schema = Schema, HS extends Schema = Schema> extends AnyWebhook {
  readonly method: 'post'
  /** Everything else, as it is read at run time. */
  readonly options: object
  /** Only a type: what is sent. */
  readonly '~parts'?: { readonly sent: S; readonly headers: HS }
}

/**
 * Declares an event of the API, for `webhooks` of the application, a `Router` or an operation. The document names it under
 * `webhooks`, with its body, its headers and what a receiver responds (OpenAPI 3.1.1, "Webhooks"). Unlike a callback it
 * goes to the endpoints that customers have registered, `app.endpoints`. It is sent by `app.webhooks[name].send`, and by
 * `webhooks[name].send` in the handlers of what declares it.
 *
 * Throws a `DefinitionError` unless it has either `data` or `body`, and for keys and values that cannot be used.
 *
 * @example
 * ```ts
 * import { Ringback, webhook } from 'ringback'
 * import { z } from 'zod'
 *
 * const paid = webhook.post({ data: z.object({ invoice_id: z.string() }), summary: 'An invoice was paid' })
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0', webhooks: { 'invoice.paid': paid } })
 * console.log(app.openapi().webhooks?.['invoice.paid']?.post?.operationId) // invoicePaid
 *
 * export const tell = (customer: string) =>
 *   app.webhooks['invoice.paid'].send({ invoice_id: '2expen51ve' }, { owner: customer })
 * ```
 */
export const webhook: {
  readonly post: <
    S extends Schema,
    RS extends Schema = NoCallbackResponse,
    const RR extends Responses = {},
    HS extends Schema = NoCallbackHeaders,
    OS extends Schema = Schema,
  >(
    options: WebhookOptions<S, RS, RR, HS, OS>,
  ) => WebhookDefinition<S, HS>
} = Object.freeze({
  post: options => {
    const given: AnyWebhookOptions = { ...options }
    checkWebhookOptions(given, 'webhook.post({…})')
    const { replaces } = given
    // A copy: a chain of forms that could still be changed might become a ring.
    const own = replaces === undefined ? given : { ...given, replaces: Object.freeze({ ...replaces }) }
    return Object.freeze({ kind: 'webhook', method: 'post', options: Object.freeze(own) })
  },
})

function checkWebhookOptions(options: AnyWebhookOptions, place: string): void {
  checkCallbackOptions(options, WEBHOOK_KEYS, place)
  if ((options.data === undefined) === (options.body === undefined))
    throw new DefinitionError(
      `${place} needs either "data", which is sent as { type, timestamp, data }, or "body", which is sent as it is`,
    )
  if (options.replaces !== undefined) checkReplaces(options.replaces, place)
}
