import { type JsonObject, listOf, objectOf, textOf } from './json-object.ts'
import { sameMembers, union } from './merged-members.ts'
import { mergedSchema } from './merged-schema.ts'
import type { DocumentParts } from './receiver-operation.ts'
import type { SentMessage } from './sent-messages.ts'

/** The content of one of several bodies or responses. */
interface NamedContent {
  readonly name: string
  readonly content: unknown
}

/** One content for all, by media type; undefined where there is none. */
export function mergedContent(
  contents: readonly NamedContent[],
  parts: DocumentParts,
): Record<string, object> | undefined {
  const media = contents.flatMap(({ name, content }) =>
    Object.entries(objectOf(content)).map(([type, value]) => ({ name, type, value: parts.references.resolved(value) })),
  )
  if (media.length === 0) return undefined
  const byType = Map.groupBy(media, ({ type }) => type)
  return Object.fromEntries([...byType].map(([type, all]) => [type, mergedMedia(all, parts)]))
}

function mergedMedia(
  all: readonly { readonly name: string; readonly value: JsonObject }[],
  parts: DocumentParts,
): object {
  const values = all.map(({ value }) => value)
  if (values.length === 1) return values[0]!
  const { schema: _, example: __, examples: ___, ...same } = sameMembers(values)
  const examples = Object.fromEntries(all.flatMap(({ name, value }) => examplesOf(name, value)))
  const schemas = values.map(({ schema }) => schema)
  return {
    ...same,
    // A content without a schema may be anything
    ...(schemas.every(schema => schema !== undefined) && { schema: mergedSchema(schemas, parts) }),
    ...(Object.keys(examples).length > 0 && { examples }),
  }
}

function examplesOf(name: string, { example, examples }: JsonObject): [string, unknown][] {
  if (example !== undefined) return [[name, { value: example }]]
  return Object.entries(objectOf(examples)).map(([key, value]) => [`${name}-${key}`, value])
}

/** What one message needs is not required of the others. */
export function mergedParameters(messages: readonly SentMessage[], parts: DocumentParts): object[] {
  const all = messages.flatMap(({ operation, item }) => {
    const own = [...listOf(operation['parameters']), ...listOf(item['parameters'])]
      .map(parameter => parts.references.resolved(parameter))
      .filter(parameter => textOf(parameter['name']) !== undefined)
    // Its own counts before that of the path item
    return [...new Map(own.toReversed().map(parameter => [keyOf(parameter), parameter])).values()].toReversed()
  })
  return [...Map.groupBy(all, keyOf).values()].map(same => {
    const isRequired = same.length === messages.length && same.every(({ required }) => required === true)
    const [{ required: _, ...first }] = same as [JsonObject, ...JsonObject[]]
    const schemas = same.map(({ schema }) => schema)
    return {
      ...first,
      ...(isRequired && { required: true }),
      ...(schemas.every(schema => schema !== undefined) && { schema: mergedSchema(schemas, parts) }),
    }
  })
}

const keyOf = (parameter: JsonObject): string => `${parameter['in']} ${String(parameter['name']).toLowerCase()}`

/** The responses to any of the messages, by status. */
export function mergedResponses(operations: readonly JsonObject[], parts: DocumentParts): Record<string, unknown> {
  const all = operations.flatMap(operation => Object.entries(objectOf(operation['responses'])))
  const byStatus = Map.groupBy(all, ([status]) => status)
  return Object.fromEntries(
    [...byStatus].map(([status, entries]) => {
      const distinct = union(entries.map(([, response]) => response))
      return [status, distinct.length === 1 ? distinct[0] : mergedResponse(distinct, parts)]
    }),
  )
}

function mergedResponse(distinct: readonly unknown[], parts: DocumentParts): object {
  const responses = distinct.map(response => parts.references.resolved(response))
  const headers = Object.assign({}, ...responses.map(response => objectOf(response['headers'])))
  const contents = responses.map(({ content }, index) => ({ name: `${index + 1}`, content }))
  const content = mergedContent(contents, parts)
  const descriptions = union(responses.map(({ description }) => textOf(description)).filter(text => text !== undefined))
  return {
    description: descriptions.join('; '),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(content !== undefined && { content }),
  }
}

/** What any of the messages gives is enough; undefined where none gives anything. */
export function mergedSecurity(all: readonly unknown[]): unknown[] | undefined {
  const lists = all.map(listOf)
  if (lists.every(list => list.length === 0)) return undefined
  return union(lists.flatMap(list => (list.length === 0 ? [{}] : list)))
}
