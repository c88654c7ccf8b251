import type { ParameterObject } from './objects/parameter-object.ts'

/** The component of the id that a callback has, and of the one that a webhook has. */
export type WebhookIdName = 'webhook-id' | 'endpoint-webhook-id'

/** The headers that every message has (Standard Webhooks, "Webhook Headers"), by their component names. */
export const WEBHOOK_HEADERS: Readonly<Record<string, ParameterObject>> = {
  'webhook-id': {
    name: 'webhook-id',
    in: 'header',
    description: 'Names the message; the same in every attempt, so that a repeated one can be recognised',
    required: true,
    schema: { type: 'string' },
  },
  'endpoint-webhook-id': {
    name: 'webhook-id',
    in: 'header',
    description:
      'Names the message and the endpoint: the id of the message, `_`, and 16 characters that are made of the id of the endpoint. It is the same in every attempt, so that a repeated one can be recognised. Two endpoints with the same URL share what stands before that `_`. An id that begins with `test_` is a test',
    required: true,
    schema: { type: 'string' },
  },
  'webhook-timestamp': {
    name: 'webhook-timestamp',
    in: 'header',
    description: 'When this attempt was made, in seconds since 1970-01-01T00:00:00Z',
    required: true,
    schema: { type: 'string', pattern: '^[0-9]+$' },
  },
  'webhook-signature': {
    name: 'webhook-signature',
    in: 'header',
    description: 'One or more signatures of id, timestamp and body (Standard Webhooks), separated by spaces',
    required: true,
    schema: { type: 'string' },
  },
}

/** The components of the three headers. */
export const webhookHeaderNames = (id: WebhookIdName): readonly string[] => [
  id,
  'webhook-timestamp',
  'webhook-signature',
]
