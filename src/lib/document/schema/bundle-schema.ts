import type { JsonSchema } from '../../schema/json-schema.ts'
import { setOwn } from '../../schema/own-property.ts'
import { referenceOf } from '../reading/reference.ts'
import type { SourceDocument } from '../reading/source-document.ts'
import { plainValue } from '../source/plain-value.ts'
import { memberOf, type SourceNode, type SourceObject } from '../source/source-node.ts'

/** A schema with all that it refers to is never larger, unless aliases make it so. */
const mostSchemas = 50_000

/**
 * A schema of a document as one of draft 2020-12 that refers to nothing outside of itself: the schemas that it refers to
 * are its `$defs`. Keywords of OpenAPI 3.0 are those of JSON Schema; where a reference leads is unknown, anything is valid.
 */
export function bundleSchema(document: SourceDocument, node: SourceNode | undefined): JsonSchema {
  const bundle = new Bundle(document)
  const schema = bundle.schemaOf(node)
  const definitions = bundle.definitions()
  const root = typeof schema === 'object' ? schema : schema === false ? { not: {} } : {}
  return Object.keys(definitions).length === 0 ? root : { ...root, $defs: definitions }
}

/** Whose members are schemas by a name that the author chose. */
const schemasByName = new Set(['properties', 'patternProperties', 'dependentSchemas'])
const schemaLists = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])
const singleSchemas = new Set([
  'items',
  'additionalProperties',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
  'contentSchema',
])
/** What says nothing about values, or would make a validator look for something elsewhere. */
const leftOut = new Set([
  ...['$schema', '$id', '$anchor', '$dynamicAnchor', '$dynamicRef', '$comment', '$vocabulary', '$defs', 'definitions'],
  ...['discriminator', 'xml', 'externalDocs', 'nullable', 'example', 'deprecated', 'readOnly', 'writeOnly', 'title'],
  'description',
])

type Written = Record<string, unknown>

class Bundle {
  readonly #document: SourceDocument
  readonly #names = new Map<SourceNode, string>()
  readonly #definitions: Written = {}
  #left = mostSchemas

  constructor(document: SourceDocument) {
    this.#document = document
  }

  definitions(): Readonly<Written> {
    return this.#definitions
  }

  schemaOf(node: SourceNode | undefined): Written | boolean {
    this.#left -= 1
    if (node?.kind === 'scalar' && typeof node.value === 'boolean') return node.value
    if (node?.kind !== 'object' || this.#left < 0) return {}
    const reference = referenceOf(node)
    const own = this.#keywordsOf(node)
    if (reference === undefined) return own
    const target = this.#document.resolve(node)
    if (target === undefined) return {}
    const referring = { $ref: `#/$defs/${this.#nameOf(target)}` }
    // Version 3.0 has nothing beside a reference.
    return this.#document.version === '3.0' ? referring : { ...own, ...referring }
  }

  #nameOf(target: SourceNode): string {
    const known = this.#names.get(target)
    if (known !== undefined) return known
    const name = `schema${this.#names.size + 1}`
    this.#names.set(target, name)
    this.#definitions[name] = {}
    this.#definitions[name] = this.schemaOf(target)
    return name
  }

  #keywordsOf(schema: SourceObject): Written {
    const written: Written = {}
    for (const [name, { value }] of schema.members)
      if (!leftOut.has(name) && !name.startsWith('x-') && name !== '$ref')
        setOwn(written, name, this.#keyword(name, value))
    const example = memberOf(schema, 'example')
    if (example !== undefined && !('examples' in written)) written['examples'] = [plainValue(example)]
    return modern(written, schema)
  }

  #keyword(name: string, value: SourceNode): unknown {
    if (schemasByName.has(name) && value.kind === 'object') {
      const schemas: Written = {}
      for (const [key, member] of value.members) setOwn(schemas, key, this.schemaOf(member.value))
      return schemas
    }
    if (schemaLists.has(name) && value.kind === 'list') return value.items.map(item => this.schemaOf(item))
    if (singleSchemas.has(name)) return this.schemaOf(value)
    return plainValue(value)
  }
}

/** What OpenAPI 3.0 says otherwise, and documents of 3.1 still say. */
function modern(written: Written, schema: SourceObject): Written {
  const isNullable = plainValue(memberOf(schema, 'nullable')) === true
  if (isNullable && typeof written['type'] === 'string') written['type'] = [written['type'], 'null']
  if (isNullable && Array.isArray(written['enum']) && !written['enum'].includes(null))
    written['enum'] = [...written['enum'], null]
  for (const [bound, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    if (typeof written[exclusive] !== 'boolean') continue
    if (written[exclusive] && bound in written) {
      written[exclusive] = written[bound]
      delete written[bound]
    } else delete written[exclusive]
  }
  return withSoundKeywords(written)
}

/** A keyword that no validator can read is left out: the rest of the schema is still worth something. */
function withSoundKeywords(written: Written): Written {
  if (!isPattern(written['pattern'])) delete written['pattern']
  if (!Array.isArray(written['required'])) delete written['required']
  else written['required'] = [...new Set(written['required'].filter(name => typeof name === 'string'))]
  if (!Array.isArray(written['enum']) || written['enum'].length === 0) delete written['enum']
  if (!isType(written['type'])) delete written['type']
  if (!Array.isArray(written['examples'])) delete written['examples']
  const patterns = written['patternProperties']
  if (typeof patterns === 'object' && patterns !== null && !Object.keys(patterns).every(isPattern))
    delete written['patternProperties']
  return written
}

const types = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'])
const isType = (type: unknown): boolean =>
  Array.isArray(type) ? type.length > 0 && type.every(one => types.has(one)) : types.has(type as string)

function isPattern(pattern: unknown): boolean {
  if (typeof pattern !== 'string') return false
  try {
    // pattern: it is not run here, only asked whether a validator could read it.
    return new RegExp(pattern, 'u') instanceof RegExp
  } catch {
    return false
  }
}
