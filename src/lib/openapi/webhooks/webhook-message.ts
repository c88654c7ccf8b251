import type { SchemaObject } from '../objects/schema-object.ts'

/** The name of the component. */
export const WEBHOOK_MESSAGE = 'WebhookMessage'

/** What an endpoint gets that takes several events: a union by the values of one property. */
export function webhookMessage(propertyName: string, mapping: Readonly<Record<string, string>>): SchemaObject {
  const oneOf = [...new Set(Object.values(mapping))].map($ref => ({ $ref }))
  const description = `What is sent to an endpoint: \`${propertyName}\` says which event it is`
  return { description, oneOf, discriminator: { propertyName, mapping } }
}
