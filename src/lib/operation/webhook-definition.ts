import { checkNames } from '../definition/check-names.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import type { Input, Schema } from '../schema/schema.ts'
import type { NoCallbackHeaders, NoCallbackResponse } from './callback-definition.ts'
import type { CheckResponses, CheckStatus } from './check-responses.ts'
import type { DependencySet } from './dependency-set.ts'
import type { Responses } from './responses.ts'

/** What a webhook declares beside its body. `RS` is its response, `RR` are further ones, `HS` its headers. */
interface WebhookParts<S extends Schema, RS extends Schema, RR extends Responses, HS extends Schema> {
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
  /** An example of `data` or `body`. It must fit the schema. */
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
> = WebhookParts<S, RS, RR, HS> &
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
 * Declares an event of the API, for `webhooks` of the application: the document names it under `webhooks`, with its
 * body, its headers and what a receiver responds. Unlike a callback it belongs to no request, and its URL is not in the
 * document (OpenAPI 3.1.1, "Webhooks"). Only declared: sending it is up to the application.
 *
 * Throws a `DefinitionError` unless it has either `data` or `body`, and for keys that it does not know.
 *
 * @example
 * ```ts
 * import { Ringback, webhook } from 'ringback'
 * import { z } from 'zod'
 *
 * const paid = webhook.post({ data: z.object({ invoice_id: z.string() }), summary: 'An invoice was paid' })
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0', webhooks: { 'invoice.paid': paid } })
 * console.log(app.openapi().webhooks?.['invoice.paid']?.post?.operationId) // invoicePaid
 * ```
 */
export const webhook: {
  readonly post: <
    S extends Schema,
    RS extends Schema = NoCallbackResponse,
    const RR extends Responses = {},
    HS extends Schema = NoCallbackHeaders,
  >(
    options: WebhookOptions<S, RS, RR, HS>,
  ) => WebhookDefinition<S, HS>
} = Object.freeze({
  post: options => {
    const own: AnyWebhookOptions = Object.freeze({ ...options })
    checkWebhookOptions(own, 'webhook.post({…})')
    return Object.freeze({ kind: 'webhook', method: 'post', options: own })
  },
})

function checkWebhookOptions(options: AnyWebhookOptions, place: string): void {
  checkNames(options, WEBHOOK_KEYS, place)
  if ((options.data === undefined) === (options.body === undefined))
    throw new DefinitionError(
      `${place} needs either "data", which is sent as { type, timestamp, data }, or "body", which is sent as it is`,
    )
}
