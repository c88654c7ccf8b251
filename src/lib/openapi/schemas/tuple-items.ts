import type { JsonSchema } from '../../schema/json-schema.ts'

/**
 * A tuple without `items: false`: its length is said by `maxItems` alone. One of a single kind is a list, also to tools
 * that do not know `prefixItems`. One of several has no `items` at all: some write that behind the tuple as the rest of it.
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
  const { items: _, ...open } = rest
  return { ...open, prefixItems: prefix, maxItems: most }
}
