import type { JsonSchema } from '../../schema/json-schema.ts'

/**
 * A tuple without `items: false`, because `maxItems` alone limits its length. Tools that do not know `prefixItems` take
 * the items from `items`, and tools that add both up would get one item too many. So a tuple of one kind has only
 * `items`, and the `items` of a tuple of several kinds are a union of them.
 */
export function tupleItems(schema: JsonSchema): JsonSchema {
  if (schema['items'] !== false) return schema
  const { prefixItems, ...rest } = schema
  const prefix: readonly unknown[] = Array.isArray(prefixItems) ? prefixItems : []
  const most = Math.min(
    prefix.length,
    typeof rest['maxItems'] === 'number' ? rest['maxItems'] : Number.POSITIVE_INFINITY,
  )
  const kinds = [...new Map(prefix.map(item => [JSON.stringify(item), item])).values()]
  if (kinds.length < 2) return { ...rest, items: kinds[0] ?? {}, maxItems: most }
  return { ...rest, prefixItems: prefix, items: { anyOf: kinds }, maxItems: most }
}
