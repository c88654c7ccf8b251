import { type JsonObject, listOf, objectOf, textOf } from './json-object.ts'
import { sameMembers, union } from './merged-members.ts'
import { mergedContent, mergedParameters, mergedResponses, mergedSecurity } from './merged-parts.ts'
import type { DocumentParts } from './receiver-operation.ts'
import type { SentMessage } from './sent-messages.ts'

/**
 * The messages with one in place of all webhooks of a method: a URL that is registered gets all events, so they are one
 * operation of the receiver, at `/`.
 */
export function withOneWebhookPath(messages: readonly SentMessage[], parts: DocumentParts): SentMessage[] {
  const byMethod = Map.groupBy(
    messages.filter(({ url }) => url === undefined),
    ({ method }) => method,
  )
  const merged = [...byMethod].map(([method, webhooks]) => ({
    ...{ name: 'webhooks', url: '{$url}/', method, owner: undefined, ownerItem: {} },
    ...(webhooks.length === 1 ? alone(webhooks[0]!) : { item: {}, operation: mergedOperation(webhooks, parts) }),
  }))
  return [...messages.filter(({ url }) => url !== undefined), ...merged]
}

/** With the name and place that it keeps when there are more. */
function alone({ operation, item, method }: SentMessage): Pick<SentMessage, 'operation' | 'item'> {
  const description = [...paragraphsOf(operation['description']), URL_NOTE].join('\n\n')
  return { item, operation: { ...operation, description, operationId: operationIdOf(method) } }
}

const operationIdOf = (method: string): string =>
  method === 'post' ? 'receiveWebhook' : `receiveWebhook${method[0]!.toUpperCase()}${method.slice(1)}`

function mergedOperation(webhooks: readonly SentMessage[], parts: DocumentParts): JsonObject {
  const operations = webhooks.map(({ operation }) => operation)
  const same = Object.entries(sameMembers(operations))
  const requestBody = mergedBody(webhooks, parts)
  const parameters = mergedParameters(webhooks, parts)
  const security = mergedSecurity(operations.map(operation => operation['security']))
  const tags = union(operations.flatMap(operation => listOf(operation['tags'])))
  return {
    ...Object.fromEntries(same.filter(([name]) => name.startsWith('x-') || name === 'deprecated')),
    ...(tags.length > 0 && { tags }),
    summary: 'Receive a webhook',
    description: described(webhooks),
    operationId: operationIdOf(webhooks[0]!.method),
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody !== undefined && { requestBody }),
    responses: mergedResponses(operations, parts),
    ...mergedCallbacks(operations),
    ...(security !== undefined && { security }),
  }
}

function mergedBody(webhooks: readonly SentMessage[], parts: DocumentParts): object | undefined {
  const bodies = webhooks.map(({ name, operation }) => {
    const { content, required } = parts.references.resolved(operation['requestBody'])
    return { name, content, isRequired: required === true }
  })
  const content = mergedContent(bodies, parts)
  return content && { ...(bodies.every(({ isRequired }) => isRequired) && { required: true }), content }
}

function mergedCallbacks(operations: readonly SentMessage['operation'][]): object {
  const callbacks = Object.assign({}, ...operations.map(operation => objectOf(operation['callbacks'])))
  return Object.keys(callbacks).length === 0 ? {} : { callbacks }
}

const URL_NOTE = 'The URL to register is that of this path, `{baseUrl}/`.'

/** Each event with what is said of it alone, then what is said of all. */
function described(webhooks: readonly SentMessage[]): string {
  const texts = webhooks.map(({ operation }) => paragraphsOf(operation['description']))
  const common = commonEnd(texts)
  const events = webhooks.map(({ name, operation }, index) => {
    const own = texts[index]!.slice(0, texts[index]!.length - common.length)
    return `- ${[titleOf(name, operation), ...own.map(indented)].join('\n\n')}`
  })
  return ['One URL gets all of these events:', events.join('\n'), ...common, URL_NOTE].join('\n\n')
}

function titleOf(name: string, { summary, deprecated }: JsonObject): string {
  const words = textOf(summary) === undefined ? '' : `: ${textOf(summary)}`
  return `\`${name}\`${words}${deprecated === true ? ' (deprecated)' : ''}`
}

const paragraphsOf = (description: unknown): string[] =>
  (textOf(description) ?? '').split(/\n\s*\n/).filter(paragraph => paragraph.trim() !== '')

const indented = (paragraph: string): string => paragraph.replaceAll(/^(?=.)/gm, '  ')

function commonEnd([first = [], ...others]: readonly (readonly string[])[]): readonly string[] {
  let count = 0
  while (count < first.length && others.every(text => text.at(-1 - count) === first.at(-1 - count))) count++
  return count === 0 ? [] : first.slice(-count)
}
