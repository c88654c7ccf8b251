import { parseJsonPointer } from '../json/json-pointer.ts'
import { percentDecode } from '../url/percent-decode.ts'

/** A JSON Schema of draft 2020-12 that is an object (the boolean form occurs only inside of one). */
export interface JsonSchema {
  readonly [keyword: string]: unknown
}

/** The value as a JSON Schema object, or undefined where it is a boolean schema or not a schema. */
export function asJsonSchema(value: unknown): JsonSchema | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonSchema) : undefined
}

/** The list under a keyword such as `anyOf`, only the object schemas in it. */
export function schemasUnder(schema: JsonSchema, keyword: string): JsonSchema[] {
  const list = schema[keyword]
  return Array.isArray(list) ? list.map(asJsonSchema).filter(item => item !== undefined) : []
}

/** Follows `$ref` inside `root` until a schema without one; a circle of references gives an empty schema. */
export function resolveReference(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let current = schema
  for (let step = 0; step < 32; step++) {
    const reference = current['$ref']
    if (typeof reference !== 'string') return current
    const next = asJsonSchema(lookUp(reference, root))
    if (next === undefined) return {}
    current = next
  }
  return {}
}

function lookUp(reference: string, root: JsonSchema): unknown {
  if (!reference.startsWith('#')) return undefined
  let place: unknown = root
  for (const token of parseJsonPointer(percentDecode(reference.slice(1)))) {
    if (typeof place !== 'object' || place === null || !Object.hasOwn(place, token)) return undefined
    place = (place as Record<string, unknown>)[token]
  }
  return place
}

/** One property of an object schema as its readers see it. */
export interface JsonSchemaProperty {
  readonly schema: JsonSchema
  readonly required: boolean
}

/**
 * The properties that an object schema declares, through references, `allOf`, and the branches of `anyOf` and `oneOf`
 * (a property is required there only if every branch requires it).
 */
export function propertiesOf(
  schema: JsonSchema,
  root: JsonSchema,
  outer: ReadonlySet<JsonSchema> = new Set(),
): Map<string, JsonSchemaProperty> {
  const here = resolveReference(schema, root)
  const found = new Map<string, JsonSchemaProperty>()
  if (outer.has(here)) return found
  const inner = new Set(outer).add(here)
  const required = new Set(Array.isArray(here['required']) ? (here['required'] as unknown[]) : [])
  for (const [name, property] of Object.entries(asJsonSchema(here['properties']) ?? {}))
    found.set(name, { schema: asJsonSchema(property) ?? {}, required: required.has(name) })
  for (const part of schemasUnder(here, 'allOf'))
    for (const [name, property] of propertiesOf(part, root, inner))
      found.set(name, { schema: property.schema, required: property.required || (found.get(name)?.required ?? false) })
  for (const keyword of ['anyOf', 'oneOf']) addBranches(found, schemasUnder(here, keyword), root, inner)
  return found
}

function addBranches(
  found: Map<string, JsonSchemaProperty>,
  branches: JsonSchema[],
  root: JsonSchema,
  outer: ReadonlySet<JsonSchema>,
): void {
  const each = branches
    .filter(branch => !isNull(resolveReference(branch, root)))
    .map(branch => propertiesOf(branch, root, outer))
  for (const name of new Set(each.flatMap(properties => [...properties.keys()]))) {
    if (found.has(name)) continue
    const schemas = each.map(properties => properties.get(name)?.schema).filter(schema => schema !== undefined)
    const required = each.every(properties => properties.get(name)?.required === true)
    found.set(name, { schema: schemas.length === 1 ? (schemas[0] ?? {}) : { anyOf: schemas }, required })
  }
}

const isNull = (schema: JsonSchema) => schema['type'] === 'null'

/** The name of a JSON type. `integer` counts as `number` here. */
export type JsonType = 'string' | 'number' | 'boolean' | 'null' | 'array' | 'object'

const ALL_TYPES: readonly JsonType[] = ['string', 'number', 'boolean', 'null', 'array', 'object']

/** The JSON types that a schema lets through, as far as its keywords tell; an empty schema lets all through. */
export function typesOf(schema: JsonSchema, root: JsonSchema, depth = 0): Set<JsonType> {
  const here = resolveReference(schema, root)
  if (depth > 16) return new Set(ALL_TYPES)
  let types = declaredTypes(here)
  for (const keyword of ['anyOf', 'oneOf']) {
    const branches = schemasUnder(here, keyword)
    if (branches.length > 0) {
      const union = new Set(branches.flatMap(branch => [...typesOf(branch, root, depth + 1)]))
      types = types.intersection(union)
    }
  }
  for (const part of schemasUnder(here, 'allOf')) types = types.intersection(typesOf(part, root, depth + 1))
  return types
}

function declaredTypes(schema: JsonSchema): Set<JsonType> {
  const type = schema['type']
  if (typeof type === 'string') return new Set([normalised(type)])
  if (Array.isArray(type)) return new Set(type.map(normalised))
  if (Array.isArray(schema['enum'])) return new Set(schema['enum'].map(typeOfValue))
  if ('const' in schema) return new Set([typeOfValue(schema['const'])])
  return new Set(ALL_TYPES)
}

const normalised = (type: string): JsonType => (type === 'integer' ? 'number' : (type as JsonType))

/** The JSON type of a value. */
export function typeOfValue(value: unknown): JsonType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  const type = typeof value
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'object'
}
