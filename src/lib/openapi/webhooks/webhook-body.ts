import type { CompiledWebhook } from '../../operation/compiled/compiled-webhook.ts'
import type { Components } from '../components.ts'
import { definedMembers } from '../defined-members.ts'
import type { OperationObject } from '../objects/operation-object.ts'
import type { SchemaObject } from '../objects/schema-object.ts'
import type { Place } from '../place.ts'
import { WEBHOOK_MESSAGE, webhookMessage } from './webhook-message.ts'

/** Puts the envelope around the declared body, and adds the example. */
export function describeBody(
  object: OperationObject,
  webhook: CompiledWebhook,
  components: Components,
  place: Place,
): void {
  for (const media of Object.values(object.requestBody?.content ?? {})) {
    if (webhook.enveloped && media.schema !== undefined) {
      components.schemas.add(place.name, envelope(webhook, media.schema), place)
      media.schema = { $ref: reference(place.name) }
    }
    if (webhook.example !== undefined) media.example = exampleOf(webhook)
  }
}

/**
 * Adds `WebhookMessage`: what an endpoint gets that takes all events. `names` are those of the components of the bodies, by
 * event. A union of one body is no union.
 */
export function addWebhookMessage(names: ReadonlyMap<string, string>, components: Components): void {
  if (names.size < 2) return
  const mapping = Object.fromEntries([...names].map(([event, name]) => [event, reference(name)]))
  const place = { words: 'the union of all webhooks', name: WEBHOOK_MESSAGE }
  components.schemas.add(WEBHOOK_MESSAGE, webhookMessage('type', mapping), place)
}

const reference = (name: string): string => `#/components/schemas/${name}`

/** The body that Standard Webhooks defines in "Payload structure". */
const envelope = ({ name, options }: CompiledWebhook, data: SchemaObject): SchemaObject =>
  definedMembers({
    type: 'object',
    properties: {
      type: { type: 'string', enum: [name], description: 'Which event it is' },
      timestamp: { type: 'string', format: 'date-time', description: 'When it happened' },
      data,
    },
    required: ['type', 'timestamp', 'data'],
    deprecated: options.deprecated === true ? true : undefined,
  })

function exampleOf({ name, enveloped, example }: CompiledWebhook): unknown {
  const data = structuredClone(example)
  return enveloped ? { type: name, timestamp: '2026-01-31T12:00:00Z', data } : data
}
