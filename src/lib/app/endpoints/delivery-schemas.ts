import { attemptOutcomes, type DeliveryState, deliveryStates } from '../../delivery/delivery-state.ts'
import type { JsonSchema } from '../../schema/json-schema.ts'
import { type DescribedSchema, describedSchema } from '../../schema/libraries/described-schema.ts'
import { COUNT, pageOf, type ShownPage, TEXT, TEXT_OR_NULL, TIME, TIME_OR_NULL, whole } from './schema-parts.ts'

/** A delivery to an endpoint, as its owner sees it. */
export interface ShownDelivery {
  readonly id: string
  readonly webhookId: string
  readonly endpoint: string
  readonly message: string
  readonly event: string
  readonly state: DeliveryState
  readonly reason: string | null
  readonly attemptCount: number
  readonly createdAt: string
  readonly nextAttemptAt: string | null
  readonly settledAt: string | null
}

/** One of its attempts. */
export interface ShownAttempt {
  readonly number: number
  readonly startedAt: string
  readonly durationMs: number | null
  readonly outcome: string | null
  readonly status: number | null
  readonly url: string
  readonly detail: string
  readonly responseBody: string | null
}

/** A delivery with all that is known of it. */
export interface ShownDeliveryDetails extends ShownDelivery {
  readonly body: string | null
  readonly attempts: readonly ShownAttempt[]
}

export const STATE: JsonSchema = { type: 'string', enum: [...deliveryStates] }

const PROPERTIES: Readonly<Record<string, JsonSchema>> = {
  id: TEXT,
  webhookId: { type: 'string', description: 'The `webhook-id` of its requests' },
  endpoint: TEXT,
  message: TEXT,
  event: TEXT,
  state: STATE,
  reason: { ...TEXT_OR_NULL, description: 'Why it settled, if its attempts do not show that' },
  attemptCount: COUNT,
  createdAt: TIME,
  nextAttemptAt: TIME_OR_NULL,
  settledAt: TIME_OR_NULL,
}

const ATTEMPT: JsonSchema = {
  $id: 'WebhookAttempt',
  ...whole({
    number: { type: 'integer', minimum: 1 },
    startedAt: TIME,
    durationMs: { type: ['integer', 'null'], minimum: 0 },
    outcome: {
      type: ['string', 'null'],
      enum: [...attemptOutcomes, null],
      description: 'Null while it is running',
    },
    status: { type: ['integer', 'null'] },
    url: { type: 'string', description: 'The URL that was called, without its query' },
    detail: TEXT,
    responseBody: { ...TEXT_OR_NULL, description: 'The first 2 KiB' },
  }),
}

export const DELIVERY_PAGE: DescribedSchema<ShownPage<ShownDelivery>> = describedSchema(
  pageOf('WebhookDeliveryPage', { $id: 'WebhookDelivery', ...whole(PROPERTIES) }),
)

export const DELIVERY_DETAILS: DescribedSchema<ShownDeliveryDetails> = describedSchema({
  $id: 'WebhookDeliveryDetails',
  ...whole({
    ...PROPERTIES,
    body: { ...TEXT_OR_NULL, description: 'What was sent, byte for byte; null once it is erased' },
    attempts: { type: 'array', items: ATTEMPT },
  }),
})

export const REPLAYED: DescribedSchema<{ readonly id: string; readonly webhookId: string }> = describedSchema(
  whole({ id: TEXT, webhookId: { type: 'string', description: 'The same as before' } }),
)
