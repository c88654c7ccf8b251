import type { JsonSchema } from '../../schema/json-schema.ts'
import { type DescribedSchema, describedSchema } from '../../schema/libraries/described-schema.ts'
import type { EndpointField } from './endpoint-routes-options.ts'
import type { OfferedEvents } from './offered-events.ts'
import { closed, TIME } from './schema-parts.ts'

/** What may be sent of an endpoint. */
export interface ChangeInput {
  readonly url?: string
  readonly events?: readonly string[]
  readonly description?: string
  readonly metadata?: Readonly<Record<string, string | null>>
  readonly channels?: readonly string[]
  readonly headers?: Readonly<Record<string, string | null>>
  readonly ratePerSecond?: number | null
}

/** What must be sent of a new one. */
export interface CreateInput extends ChangeInput {
  readonly url: string
  readonly events: readonly string[]
}

/** A map from names to texts; where it is a change, null removes a name. */
const texts = (value: JsonSchema, isChange: boolean): JsonSchema => ({
  type: 'object',
  additionalProperties: isChange ? { ...value, type: ['string', 'null'] } : { ...value, type: 'string' },
  maxProperties: isChange ? 40 : 20,
})

const FIELDS: Readonly<Record<EndpointField, (isChange: boolean) => JsonSchema>> = {
  headers: isChange => ({
    ...texts({ maxLength: 4_096 }, isChange),
    description: `Headers of its requests, of 4 KiB together. They are never shown again${isChange ? '. Merged by name; null removes' : ''}`,
  }),
  channels: () => ({
    type: 'array',
    maxItems: 10,
    uniqueItems: true,
    items: { type: 'string', maxLength: 128, pattern: '^[A-Za-z0-9_.:/@-]+$' },
    description: 'None: every message. Otherwise only messages that are sent to one of them',
  }),
  ratePerSecond: () => ({
    type: ['number', 'null'],
    minimum: 0.01,
    maximum: 10_000,
    description: 'How many attempts may start in a second; null: any number',
  }),
}

/** What may be sent of an endpoint by its owner. */
function propertiesOf(events: OfferedEvents, fields: readonly EndpointField[], isChange: boolean) {
  return {
    url: { type: 'string', format: 'uri', maxLength: 2_048 },
    events: { type: 'array', minItems: 1, maxItems: 100, uniqueItems: true, items: events.choice },
    description: { type: 'string', maxLength: 500 },
    metadata: {
      ...texts({ maxLength: 500 }, isChange),
      propertyNames: { maxLength: 40 },
      description: `Whatever you like to find again${isChange ? '. Merged by name; null removes' : ''}`,
    },
    ...Object.fromEntries(fields.map(field => [field, FIELDS[field](isChange)])),
  }
}

/** The body of `createEndpoint`. */
export function createInput(events: OfferedEvents, fields: readonly EndpointField[]): DescribedSchema<CreateInput> {
  const properties = propertiesOf(events, fields, false)
  return describedSchema({ $id: 'NewWebhookEndpoint', ...closed(properties, ['url', 'events']) })
}

/** The body of `updateEndpoint`. */
export function changeInput(events: OfferedEvents, fields: readonly EndpointField[]): DescribedSchema<ChangeInput> {
  return describedSchema({ $id: 'WebhookEndpointChange', ...closed(propertiesOf(events, fields, true)) })
}

/** The header of what may be sent twice. */
export const IDEMPOTENCY: DescribedSchema<{ readonly 'idempotency-key'?: string }> = describedSchema({
  type: 'object',
  properties: {
    'idempotency-key': {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description: 'The same key with the same body gives the same response for 24 hours',
    },
  },
})

export const ENABLE: DescribedSchema<{ readonly recoverSince?: string }> = describedSchema(
  closed({ recoverSince: { ...TIME, description: 'Begins a recovery of what was missed since then' } }),
  {},
)

export const ROTATE: DescribedSchema<{ readonly overlapSeconds?: number }> = describedSchema(
  closed({
    overlapSeconds: {
      type: 'integer',
      minimum: 0,
      maximum: 604_800,
      description:
        'How long the secret of now signs as well; 0 ends it at once. Earlier ones keep their end. Default: 86,400',
    },
  }),
  {},
)

export const RECOVER: DescribedSchema<{
  readonly since: string
  readonly until?: string
  readonly include?: 'failed' | 'missed' | 'all'
}> = describedSchema(
  closed(
    {
      since: TIME,
      until: { ...TIME, description: 'Default: now' },
      include: {
        type: 'string',
        enum: ['failed', 'missed', 'all'],
        default: 'all',
        description: 'What failed, what was never made, or both',
      },
    },
    ['since'],
  ),
)

/** The body of a test. */
export const testInput = (events: OfferedEvents): DescribedSchema<{ readonly event: string }> =>
  describedSchema(closed({ event: events.name }, ['event']))
