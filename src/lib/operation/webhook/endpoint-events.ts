import type { Endpoint, EndpointNotice } from '../../delivery/endpoints/endpoint.ts'
import type { NoticeKind } from '../../delivery/endpoints/endpoint-health.ts'
import type { Validated } from '../../schema/issue.ts'
import type { Absent, Schema } from '../../schema/schema.ts'
import type { NoCallbackHeaders } from '../callback-definition.ts'
import { type AnyWebhook, type WebhookDefinition, webhook } from '../webhook-definition.ts'

/** What nobody but the endpoints themselves sends. */
type Told = Absent<never, never>

const text = { type: 'string' }
const optionalText = { type: ['string', 'null'] }
const time = { type: 'string', format: 'date-time' }
const optionalTime = { type: ['string', 'null'], format: 'date-time' }
const texts = { type: 'array', items: text }

/** The members of an endpoint that are told; its secrets are not among them. */
const ENDPOINT_MEMBERS = {
  id: text,
  owner: text,
  url: text,
  description: text,
  events: texts,
  channels: texts,
  metadata: { type: 'object', additionalProperties: text },
  headerNames: texts,
  ratePerSecond: { type: ['number', 'null'] },
  status: { type: 'string', enum: ['enabled', 'disabled'] },
  disabledReason: optionalText,
  disabledAt: optionalTime,
  failingSince: optionalTime,
  lastDeliveredAt: optionalTime,
  createdAt: time,
  updatedAt: time,
} as const satisfies { readonly [K in Exclude<keyof Endpoint, 'secrets' | 'recovery'>]: object }

const NOTICE_MEMBERS = {
  endpoint: { type: 'object', properties: ENDPOINT_MEMBERS, required: Object.keys(ENDPOINT_MEMBERS) },
  failedAttempts: { type: 'integer', description: 'How many attempts have failed since the last 2xx' },
  lastOutcome: { type: 'string', description: 'How the last attempt ended' },
  lastStatus: { type: ['integer', 'null'], description: 'The status of the last response' },
} as const satisfies { readonly [K in keyof EndpointNotice]: object }

const jsonSchema = () =>
  structuredClone({
    $id: 'EndpointNotice',
    description: 'An endpoint whose health has changed',
    type: 'object',
    properties: NOTICE_MEMBERS,
    required: Object.keys(NOTICE_MEMBERS),
  })

const notice: Schema = Object.freeze({
  '~standard': Object.freeze({
    version: 1,
    vendor: 'ringback',
    // The framework makes it.
    validate: (value: unknown): Validated => ({ value }),
    jsonSchema: { input: jsonSchema, output: jsonSchema },
  }),
})

const told = (summary: string): WebhookDefinition<Told, NoCallbackHeaders> =>
  webhook.post({ data: notice as Told, summary, tags: ['endpoints'] })

/**
 * Webhooks that tell of the health of endpoints, to be spread into `webhooks` of the application. Each goes to the owner's
 * other endpoints, if they name it: `'*'` does not include it. It is stored in the commit that changed the endpoint; the
 * application does not send it. Its `data` is the endpoint without its secrets, with `failedAttempts`, `lastOutcome` and
 * `lastStatus`.
 *
 * @example
 * ```ts
 * import { endpointEvents, Ringback, webhook } from 'ringback'
 * import { z } from 'zod'
 *
 * const paid = webhook.post({ data: z.object({ invoice_id: z.string() }) })
 * const webhooks = { 'invoice.paid': paid, ...endpointEvents }
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0', webhooks })
 * console.log(Object.keys(app.openapi().webhooks ?? {}).length) // 4
 * ```
 */
export const endpointEvents: {
  readonly [K in `endpoint.${NoticeKind}`]: WebhookDefinition<Told, NoCallbackHeaders>
} = Object.freeze({
  'endpoint.failing': told('An endpoint has failed for some time'),
  'endpoint.disabled': told('An endpoint was disabled'),
  'endpoint.recovered': told('An endpoint that had failed accepts messages again'),
})

/** Whether it is one of them, under its own name. */
export const isEndpointEvent = (name: string, any: AnyWebhook): boolean =>
  Object.hasOwn(endpointEvents, name) && endpointEvents[name as keyof typeof endpointEvents] === any
