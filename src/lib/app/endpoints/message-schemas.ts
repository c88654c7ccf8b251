import { type DeliveryState, deliveryStates } from '../../delivery/delivery-state.ts'
import type { JsonSchema } from '../../schema/json-schema.ts'
import { type DescribedSchema, describedSchema } from '../../schema/libraries/described-schema.ts'
import { COUNT, pageOf, type ShownPage, TEXT, TEXT_OR_NULL, TIME, whole } from './schema-parts.ts'

/** What was sent once, as an owner sees it. */
export interface ShownMessage {
  readonly id: string
  readonly event: string
  readonly channels: readonly string[]
  readonly timestamp: string
  readonly createdAt: string
  readonly expanded: boolean
  readonly deliveries: Readonly<Record<DeliveryState, number>>
}

/** The same with what was sent. */
export interface ShownMessageDetails extends ShownMessage {
  readonly body: string | null
}

const PROPERTIES: Readonly<Record<string, JsonSchema>> = {
  id: TEXT,
  event: TEXT,
  channels: { type: 'array', items: TEXT },
  timestamp: { type: 'string', format: 'date-time', description: 'When it happened' },
  createdAt: TIME,
  expanded: { type: 'boolean', description: 'Whether a delivery has been made for every endpoint' },
  deliveries: {
    ...whole(Object.fromEntries(deliveryStates.map(state => [state, COUNT]))),
    description: 'How many deliveries to your endpoints are in each state',
  },
}

export const MESSAGE_PAGE: DescribedSchema<ShownPage<ShownMessage>> = describedSchema(
  pageOf('WebhookMessagePage', { $id: 'WebhookMessageSummary', ...whole(PROPERTIES) }),
)

export const MESSAGE_DETAILS: DescribedSchema<ShownMessageDetails> = describedSchema({
  $id: 'WebhookMessageDetails',
  ...whole({
    ...PROPERTIES,
    body: { ...TEXT_OR_NULL, description: 'What was sent, byte for byte; null once it is erased' },
  }),
})

/** An event that may be chosen. */
export interface ShownEvent {
  readonly name: string
  readonly summary: string
  readonly description: string | null
  readonly deprecated: boolean
  readonly example: unknown
  readonly schema: string
}

export const EVENT_LIST: DescribedSchema<{ readonly items: readonly ShownEvent[] }> = describedSchema(
  whole({
    items: {
      type: 'array',
      items: {
        $id: 'WebhookEventDescription',
        ...whole({
          name: TEXT,
          summary: TEXT,
          description: TEXT_OR_NULL,
          deprecated: { type: 'boolean' },
          example: { description: 'A body; null if none is given' },
          schema: { type: 'string', description: 'Where this document describes the body, as a `$ref`' },
        }),
      },
    },
  }),
)
