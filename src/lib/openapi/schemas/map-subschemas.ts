import { asJsonSchema, type JsonSchema } from '../../schema/json-schema.ts'
import { SUBSCHEMAS } from '../../schema/subschemas.ts'

/**
 * The value of one keyword, with all schemas directly inside it mapped. Boolean schemas stay as they are; data is
 * copied.
 */
export function mapSubschemas(
  keyword: string,
  value: unknown,
  map: (schema: JsonSchema | boolean) => unknown,
): unknown {
  const mapItem = (item: unknown): unknown => {
    const schema = typeof item === 'boolean' ? item : asJsonSchema(item)
    return schema === undefined ? item : map(schema)
  }
  const form = keyword === '$defs' ? 'map' : Object.hasOwn(SUBSCHEMAS, keyword) ? SUBSCHEMAS[keyword] : undefined
  if (form === 'schema') return mapItem(value)
  if (form === 'list' && Array.isArray(value)) return value.map(mapItem)
  if (form === 'map')
    return Object.fromEntries(Object.entries(asJsonSchema(value) ?? {}).map(([name, item]) => [name, mapItem(item)]))
  return structuredClone(value)
}
