import type { DisabledReason } from '../../delivery/endpoints/endpoint.ts'
import type { JsonSchema } from '../../schema/json-schema.ts'
import { type DescribedSchema, describedSchema } from '../../schema/libraries/described-schema.ts'
import { COUNT, pageOf, type ShownPage, TEXT, TEXT_OR_NULL, TIME, TIME_OR_NULL, whole } from './schema-parts.ts'

/** A recovery as clients see it. */
export interface ShownRecovery {
  readonly since: string
  readonly until: string
  readonly state: 'running' | 'done' | 'cancelled'
  readonly deliveries: number
  readonly startedAt: string
  readonly finishedAt: string | null
}

/** An endpoint as its owner sees it. */
export interface ShownEndpoint {
  readonly id: string
  readonly url: string
  readonly description: string
  readonly events: readonly string[]
  readonly channels: readonly string[]
  readonly metadata: Readonly<Record<string, string>>
  readonly headerNames: readonly string[]
  readonly ratePerSecond: number | null
  readonly status: 'enabled' | 'disabled'
  readonly disabledReason: DisabledReason | null
  readonly disabledAt: string | null
  readonly failingSince: string | null
  readonly lastDeliveredAt: string | null
  readonly secrets: readonly {
    readonly fingerprint: string
    readonly createdAt: string
    readonly expiresAt: string | null
  }[]
  readonly recovery: ShownRecovery | null
  readonly createdAt: string
  readonly updatedAt: string
}

/** The same once, with the secret that it has been given. */
export interface ShownWithSecret extends ShownEndpoint {
  readonly secret: string
}

const RECOVERY: JsonSchema = {
  $id: 'WebhookRecovery',
  ...whole({
    since: TIME,
    until: TIME,
    state: { type: 'string', enum: ['running', 'done', 'cancelled'] },
    deliveries: { ...COUNT, description: 'How many deliveries it has made due so far' },
    startedAt: TIME,
    finishedAt: TIME_OR_NULL,
  }),
}

const SECRET: JsonSchema = {
  $id: 'WebhookSecret',
  ...whole({
    fingerprint: {
      type: 'string',
      description: 'The first eight hex digits of the SHA-256 of the secret: `printf %s "$SECRET" | sha256sum`',
    },
    createdAt: TIME,
    expiresAt: { ...TIME_OR_NULL, description: 'When it ceases to sign; null for the newest' },
  }),
}

const REASONS: Readonly<Record<DisabledReason, string>> = {
  owner: 'you did it',
  operator: 'the operator of the API did it, and only the operator can enable it',
  gone: 'it responded with 410',
  failing: 'no attempt got a 2xx for too long',
  blocked: 'nothing may be sent to its URL any more',
}

const REASON: JsonSchema = {
  type: ['string', 'null'],
  enum: [...Object.keys(REASONS), null],
  description: `Why it is disabled: ${Object.entries(REASONS)
    .map(([reason, words]) => `\`${reason}\`, ${words}`)
    .join('; ')}`,
}

const ENDPOINT_PROPERTIES: Readonly<Record<string, JsonSchema>> = {
  id: TEXT,
  url: { type: 'string', format: 'uri' },
  description: TEXT,
  events: { type: 'array', items: TEXT, description: 'The events it gets; `*` is every documented one' },
  channels: {
    type: 'array',
    items: TEXT,
    description: 'None: every message. Otherwise only messages that are sent to one of them',
  },
  metadata: { type: 'object', additionalProperties: TEXT },
  headerNames: {
    type: 'array',
    items: TEXT,
    description: 'The headers of its requests that you have set; their values are never shown',
  },
  ratePerSecond: { type: ['number', 'null'], description: 'How many attempts may start in a second; null: any number' },
  status: { type: 'string', enum: ['enabled', 'disabled'] },
  disabledReason: REASON,
  disabledAt: TIME_OR_NULL,
  failingSince: { ...TIME_OR_NULL, description: 'When the first attempt after the last 2xx failed' },
  lastDeliveredAt: TIME_OR_NULL,
  secrets: { type: 'array', items: SECRET, description: 'Those that sign now, the newest first' },
  recovery: { anyOf: [RECOVERY, { type: 'null' }], description: 'The last recovery; null if there was none' },
  createdAt: TIME,
  updatedAt: TIME,
}

const ENDPOINT_JSON: JsonSchema = { $id: 'WebhookEndpoint', ...whole(ENDPOINT_PROPERTIES) }

export const ENDPOINT: DescribedSchema<ShownEndpoint> = describedSchema(ENDPOINT_JSON)

export const ENDPOINT_WITH_SECRET: DescribedSchema<ShownWithSecret> = describedSchema({
  $id: 'WebhookEndpointWithSecret',
  ...whole({
    ...ENDPOINT_PROPERTIES,
    secret: {
      type: 'string',
      description: 'What signs its webhooks by Standard Webhooks, `v1`. Keep it: it is not shown again',
    },
  }),
})

export const ENDPOINT_PAGE: DescribedSchema<ShownPage<ShownEndpoint>> = describedSchema(
  pageOf('WebhookEndpointPage', ENDPOINT_JSON),
)

export const RECOVERY_STARTED: DescribedSchema<{ readonly recovery: ShownRecovery }> = describedSchema(
  whole({ recovery: RECOVERY }),
)

/** How a test ended, as its owner sees it. */
export interface ShownTest {
  readonly webhookId: string
  readonly outcome: string
  readonly status: number | null
  readonly responseValid: boolean | null
  readonly responseBody: string | null
  readonly durationMs: number
  readonly detail: string
}

export const TEST_RESULT: DescribedSchema<ShownTest> = describedSchema({
  $id: 'WebhookTestResult',
  ...whole({
    webhookId: { type: 'string', description: 'Begins with `test_`, so that a receiver knows it for a test' },
    outcome: { type: 'string', enum: ['accepted', 'rejected', 'unreachable', 'timed-out', 'refused'] },
    status: { type: ['integer', 'null'] },
    responseValid: { type: ['boolean', 'null'], description: 'Whether the response is as the document says' },
    responseBody: { ...TEXT_OR_NULL, description: 'Its first 2 KiB' },
    durationMs: COUNT,
    detail: TEXT,
  }),
})
