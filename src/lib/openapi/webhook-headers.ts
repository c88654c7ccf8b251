import type { ParameterObject } from './objects/parameter-object.ts'

/** The headers that every callback has (Standard Webhooks, "Webhook Headers"), by their component names. */
export const WEBHOOK_HEADERS: Readonly<Record<string, ParameterObject>> = {
  'webhook-id': {
    name: 'webhook-id',
    in: 'header',
    description: 'Names the message; the same in every attempt, so that a repeated one can be recognised',
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
