import type { JsonSchema } from '../../schema/json-schema.ts'
import type { Outgoing } from '../callbacks/outgoing.ts'
import type { SourceDocument } from '../reading/source-document.ts'
import { bundleSchema } from '../schema/bundle-schema.ts'
import { plainValue } from '../source/plain-value.ts'
import { itemsOf, memberOf, membersOf, type SourceNode, textOf } from '../source/source-node.ts'

/** What a body may be: one media type, its schema, and the examples that the document gives. */
export interface MessageContent {
  readonly mediaType: string
  readonly schema: JsonSchema | undefined
  readonly examples: readonly unknown[]
}

/** A parameter that the sender fills in. */
export interface MessageParameter {
  readonly in: 'query' | 'header' | 'path'
  readonly name: string
  readonly required: boolean
  readonly schema: JsonSchema
  readonly examples: readonly unknown[]
}

/** A request that an API sends, and the responses that it expects. */
export interface OutgoingMessage {
  readonly outgoing: Outgoing
  readonly contents: readonly MessageContent[]
  readonly bodyRequired: boolean
  readonly parameters: readonly MessageParameter[]
  /** By status: `200`, `2XX`, `default`. */
  readonly responses: ReadonlyMap<string, readonly MessageContent[]>
}

/** Reads the message of a callback or webhook. */
export function outgoingMessage(document: SourceDocument, outgoing: Outgoing): OutgoingMessage {
  const body = document.resolve(memberOf(outgoing.node, 'requestBody'))
  const responses = membersOf(document.resolve(memberOf(outgoing.node, 'responses')))
  return {
    outgoing,
    contents: contentsOf(document, body),
    bodyRequired: plainValue(memberOf(body, 'required')) === true,
    parameters: parametersOf(document, outgoing),
    responses: new Map(
      responses.map(({ key, value }) => [key.text.toUpperCase(), contentsOf(document, document.resolve(value))]),
    ),
  }
}

function contentsOf(document: SourceDocument, holder: SourceNode | undefined): MessageContent[] {
  return membersOf(memberOf(holder, 'content')).map(({ key, value }) => {
    const mediaType = document.resolve(value)
    const schema = memberOf(mediaType, 'schema')
    return {
      mediaType: key.text,
      schema: schema === undefined ? undefined : bundleSchema(document, schema),
      examples: examplesOf(document, mediaType),
    }
  })
}

/** `example`, and what `examples` say themselves; those at another address are not fetched. */
function examplesOf(document: SourceDocument, holder: SourceNode | undefined): unknown[] {
  const named = membersOf(memberOf(holder, 'examples')).flatMap(({ value }) => {
    const example = document.resolve(value)
    return memberOf(example, 'dataValue') ?? memberOf(example, 'value') ?? []
  })
  return [memberOf(holder, 'example') ?? [], named].flat().map(plainValue)
}

function parametersOf(document: SourceDocument, { pathItem, node }: Outgoing): MessageParameter[] {
  const parameters = new Map<string, MessageParameter>()
  for (const written of [pathItem, node].flatMap(holder => itemsOf(memberOf(holder, 'parameters')))) {
    const parameter = document.resolve(written)
    const name = textOf(memberOf(parameter, 'name'))
    const place = textOf(memberOf(parameter, 'in'))
    if (name === undefined || (place !== 'query' && place !== 'header' && place !== 'path')) continue
    const required = place === 'path' || plainValue(memberOf(parameter, 'required')) === true
    const schema = bundleSchema(document, memberOf(parameter, 'schema'))
    parameters.set(`${place} ${name}`, { in: place, name, required, schema, examples: examplesOf(document, parameter) })
  }
  return [...parameters.values()]
}
