import { asJsonSchema, type JsonSchema } from '../json-schema.ts'
import type { SchemaSide } from './library-facts.ts'

/**
 * A TypeBox schema as JSON Schema. Throws an `Error` for a type that would become an empty schema by accident, and for
 * a codec on its way out.
 */
export function typeboxJsonSchema(schema: JsonSchema, side: SchemaSide): Record<string, unknown> {
  if (side === 'output' && Object.hasOwn(schema, '~codec'))
    throw new Error('What a Type.Codec decodes to is not a JSON type')
  const kind = (schema as { '~kind'?: unknown })['~kind']
  if (Object.keys(schema).length === 0 && kind !== 'Any' && kind !== 'Unknown')
    throw new Error('It contains an empty schema, which says nothing')
  const described = Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [keyword, describe(keyword, value, side)]),
  )
  return withRequired(described, side)
}

const SCHEMAS: ReadonlySet<string> = new Set([
  'items',
  'additionalItems',
  'additionalProperties',
  'allOf',
  'anyOf',
  'oneOf',
])
const MAPS: ReadonlySet<string> = new Set(['properties', 'patternProperties', '$defs'])

function describe(keyword: string, value: unknown, side: SchemaSide): unknown {
  const inner = (item: unknown) => {
    const schema = asJsonSchema(item)
    return schema === undefined ? item : typeboxJsonSchema(schema, side)
  }
  // JSON has no undefined: in a union it adds nothing.
  if (keyword === 'anyOf' && Array.isArray(value))
    return value.map(item => (asJsonSchema(item)?.['type'] === 'undefined' ? { not: {} } : inner(item)))
  if (SCHEMAS.has(keyword)) return Array.isArray(value) ? value.map(inner) : inner(value)
  if (!MAPS.has(keyword)) return value
  return Object.fromEntries(Object.entries(asJsonSchema(value) ?? {}).map(([name, item]) => [name, inner(item)]))
}

/** A property with a default may be missing on the way in and is always present on the way out. */
function withRequired(schema: Record<string, unknown>, side: SchemaSide): Record<string, unknown> {
  const names = new Set(Array.isArray(schema['required']) ? schema['required'].map(String) : [])
  for (const [name, property] of Object.entries(asJsonSchema(schema['properties']) ?? {}))
    if ('default' in (asJsonSchema(property) ?? {})) side === 'output' ? names.add(name) : names.delete(name)
  return names.size === 0 && !('required' in schema) ? schema : { ...schema, required: [...names] }
}
