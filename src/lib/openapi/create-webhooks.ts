import type { CompiledWebhook } from '../operation/compiled/compiled-webhook.ts'
import { capital } from '../operation/compiled/identifier.ts'
import { summaryFrom } from '../operation/compiled/summary-from.ts'
import type { Components } from './components.ts'
import { createMessage } from './create-message.ts'
import { definedMembers } from './defined-members.ts'
import { mergeDeep } from './merge-deep.ts'
import type { OperationObject, PathItemObject } from './objects/operation-object.ts'
import type { SchemaObject } from './objects/schema-object.ts'
import { OPERATION_SIDES, type Place, reverseSides } from './place.ts'

/** The documented webhooks by name; undefined if there are none (OpenAPI 3.1.1, "OpenAPI Object"). */
export function createWebhooks(
  webhooks: readonly CompiledWebhook[],
  components: Components,
): Record<string, PathItemObject> | undefined {
  const documented = webhooks.filter(webhook => webhook.documented)
  if (documented.length === 0) return undefined
  return Object.fromEntries(documented.map(webhook => [webhook.name, { post: createWebhook(webhook, components) }]))
}

function createWebhook(webhook: CompiledWebhook, components: Components): OperationObject {
  const { name, operationId, options } = webhook
  const place = { words: `the webhook "${name}"`, name: `${capital(operationId)}Webhook` }
  components.claimOperationId(operationId, place)
  const object = createMessage(webhook, reverseSides(OPERATION_SIDES), components, place)
  describeBody(object, webhook, components, place)
  const summary = options.summary ?? summaryFrom(operationId)
  const whole = definedMembers({ ...object, summary, operationId })
  return options.openapi === undefined ? whole : mergeDeep(whole, structuredClone(options.openapi))
}

/** Puts the envelope around the declared body, and adds the example. */
function describeBody(object: OperationObject, webhook: CompiledWebhook, components: Components, place: Place): void {
  for (const media of Object.values(object.requestBody?.content ?? {})) {
    if (webhook.enveloped && media.schema !== undefined) {
      components.schemas.add(place.name, envelope(webhook.name, media.schema), place)
      media.schema = { $ref: `#/components/schemas/${place.name}` }
    }
    if (webhook.example !== undefined) media.example = exampleOf(webhook)
  }
}

/** The body that Standard Webhooks defines in "Payload structure". */
const envelope = (type: string, data: SchemaObject): SchemaObject => ({
  type: 'object',
  properties: {
    type: { type: 'string', enum: [type], description: 'Which event it is' },
    timestamp: { type: 'string', format: 'date-time', description: 'When it happened' },
    data,
  },
  required: ['type', 'timestamp', 'data'],
})

function exampleOf({ name, enveloped, example }: CompiledWebhook): unknown {
  const data = structuredClone(example)
  return enveloped ? { type: name, timestamp: '2026-01-31T12:00:00Z', data } : data
}
