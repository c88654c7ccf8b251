import type { JsonSchema } from '../../schema/json-schema.ts'

/**
 * A tuple without `items: false`: its length is said by `maxItems` alone. One of a single kind is a list, also to tools
 * that do not know `prefixItems`. One of several has no `items` at all: some write that behind the tuple as the rest of it.
 * Where a tuple does have a rest, what limits its length stands apart.
 */
export function tupleItems(schema: JsonSchema): JsonSchema {
  const { prefixItems, items, maxItems, ...rest } = schema
  const prefix: readonly unknown[] = Array.isArray(prefixItems) ? prefixItems : []
  const limit = typeof maxItems === 'number' ? maxItems : Number.POSITIVE_INFINITY
  const hasRest = items !== undefined && items !== false && limit > prefix.length
  if (hasRest && prefix.length > 0 && limit < Number.POSITIVE_INFINITY) return withLimitApart(schema)
  if (hasRest || items === undefined || (items !== false && prefix.length === 0)) return schema
  const most = Math.min(prefix.length, limit)
  const kinds = [...new Map(prefix.map(item => [JSON.stringify(item), item])).values()]
  if (kinds.length < 2) return { ...rest, items: kinds[0] ?? {}, maxItems: most }
  return { ...rest, prefixItems: prefix, maxItems: most }
}

function withLimitApart({ maxItems, allOf, ...rest }: JsonSchema): JsonSchema {
  return { ...rest, allOf: [...(Array.isArray(allOf) ? allOf : []), { maxItems }] }
}
