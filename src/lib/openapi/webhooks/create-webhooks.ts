import type { CompiledWebhook } from '../../operation/compiled/compiled-webhook.ts'
import { capital } from '../../operation/compiled/identifier.ts'
import { summaryFrom } from '../../operation/compiled/summary-from.ts'
import type { Components } from '../components.ts'
import { createMessage } from '../create-message.ts'
import { definedMembers } from '../defined-members.ts'
import { mergeDeep } from '../merge-deep.ts'
import type { OperationObject, PathItemObject } from '../objects/operation-object.ts'
import { OPERATION_SIDES, type Place, reverseSides } from '../place.ts'
import { ReplacedWebhooks } from './replaced-webhooks.ts'
import { addWebhookMessage, describeBody } from './webhook-body.ts'
import { webhookResponses } from './webhook-responses.ts'

/** The documented webhooks by name; undefined if there are none (OpenAPI 3.1.1, "OpenAPI Object"). */
export function createWebhooks(
  webhooks: readonly CompiledWebhook[],
  components: Components,
): Record<string, PathItemObject> | undefined {
  const documented = webhooks.filter(webhook => webhook.documented)
  if (documented.length === 0) return undefined
  const replaced = new ReplacedWebhooks(documented)
  const items = documented.map(webhook => {
    const operation = createWebhook(webhook, replaced.notes(webhook), components)
    return [webhook.name, { post: operation }] as const
  })
  const enveloped = documented.filter(webhook => webhook.enveloped)
  addWebhookMessage(new Map(enveloped.map(webhook => [webhook.name, placeOf(webhook).name])), components)
  return Object.fromEntries(items)
}

const placeOf = ({ name, operationId }: CompiledWebhook): Place => ({
  words: `the webhook "${name}"`,
  name: `${capital(operationId)}Webhook`,
})

function createWebhook(webhook: CompiledWebhook, notes: readonly string[], components: Components): OperationObject {
  const { operationId, options } = webhook
  const place = placeOf(webhook)
  components.claimOperationId(operationId, place)
  const object = createMessage(webhook, reverseSides(OPERATION_SIDES), components, place)
  describeBody(object, webhook, components, place)
  const { receiving } = components
  const whole = definedMembers({
    ...object,
    summary: options.summary ?? summaryFrom(operationId),
    description: [object.description, ...notes, receiving.webhookNote(webhook)].filter(part => part).join('\n\n'),
    operationId,
    parameters: [...components.webhookHeaders('endpoint-webhook-id'), ...(object.parameters ?? [])],
    responses: webhookResponses(webhook, object.responses ?? {}, components),
    'x-webhook-delivery': receiving.webhookDelivery(webhook),
  })
  return options.openapi === undefined ? whole : mergeDeep(whole, structuredClone(options.openapi))
}
