import { parseJsonPointer } from '../../json/json-pointer.ts'
import type { DocumentReferences } from './document-references.ts'
import { type JsonObject, listOf, objectOf, textOf } from './json-object.ts'
import type { SentMessage } from './sent-messages.ts'

const TEXT: JsonObject = { type: 'string' }
const SCALARS = new Set(['string', 'integer', 'number', 'boolean'])

/** The schema of the value that an expression reads from the request to the owner; any text where that is not known. */
export function valueSchema(expression: string, message: SentMessage, references: DocumentReferences): JsonObject {
  const { owner, ownerItem } = message
  if (owner === undefined) return TEXT
  const pointer = /^\$?request\.body#(\/.*)$/s.exec(expression)?.[1]
  if (pointer !== undefined) return scalarOf(schemaAt(bodySchema(owner, references), pointer, references))
  const [, place, name] = /^\$?request\.(query|path|header)\.(.+)$/s.exec(expression) ?? []
  const parameters = [...listOf(owner['parameters']), ...listOf(ownerItem['parameters'])]
  const declared = parameters
    .map(parameter => references.resolved(parameter))
    .find(parameter => parameter['in'] === place && parameter['name'] === name)
  return scalarOf(references.resolved(declared?.['schema']))
}

function bodySchema(owner: JsonObject, references: DocumentReferences): JsonObject {
  const content = objectOf(references.resolved(owner['requestBody'])['content'])
  const type = Object.keys(content).find(name => /^application\/(?:.*\+)?json/i.test(name))
  return references.resolved(objectOf(type === undefined ? undefined : content[type])['schema'])
}

function schemaAt(root: JsonObject, pointer: string, references: DocumentReferences): JsonObject {
  let schema = root
  for (const token of parseJsonPointer(pointer)) {
    const properties = [schema, ...listOf(schema['allOf']).map(part => references.resolved(part))].map(part =>
      objectOf(part['properties']),
    )
    const holder = properties.find(known => Object.hasOwn(known, token))
    schema = references.resolved(holder === undefined ? (/^\d+$/.test(token) ? schema['items'] : {}) : holder[token])
  }
  return schema
}

/** Only what a text in a path can be. */
function scalarOf({ type, format, enum: values }: JsonObject): JsonObject {
  const name = listOf(type).find(one => one !== 'null') ?? textOf(type)
  if (typeof name !== 'string' || !SCALARS.has(name)) return TEXT
  const known = listOf(values).filter(value => value !== null)
  return { type: name, ...(typeof format === 'string' && { format }), ...(known.length > 0 && { enum: known }) }
}
