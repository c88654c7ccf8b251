import type { JsonSchema } from './json-schema.ts'
import { partsOf } from './schema-parts.ts'

/** The most ways through the unions of one place that are looked at. */
const MOST_BRANCHES = 100

/**
 * The ways through the unions of one place, each as a schema without a union of its own: one branch of every union,
 * with all that applies beside it. Empty where there is only one way.
 */
export function unionBranches(schemas: readonly JsonSchema[], root: JsonSchema): JsonSchema[] {
  const ways = schemas.flatMap(schema => waysThrough(schema, root, new Set())).slice(0, MOST_BRANCHES)
  return ways.length < 2 ? [] : ways.map(parts => ({ allOf: parts }))
}

type Way = readonly JsonSchema[]

function waysThrough(schema: JsonSchema, root: JsonSchema, outer: ReadonlySet<JsonSchema>): Way[] {
  const { all, unions } = partsOf([schema], root)
  // A union that is its own branch adds nothing new.
  if (all.some(part => outer.has(part))) return []
  const inner = outer.union(new Set(all))
  let ways: Way[] = [[]]
  const join = (further: readonly Way[]): void => {
    ways = ways.flatMap(way => further.map(parts => [...way, ...parts])).slice(0, MOST_BRANCHES)
  }
  for (const part of all) join(withoutUnions(part).map(plain => [plain]))
  for (const branches of unions) join(branches.flatMap(branch => waysThrough(branch, root, inner)))
  return ways
}

/** The part without its unions, as it applies to every branch; a list of types is a union, too. */
function withoutUnions({ allOf: _all, anyOf: _any, oneOf: _one, ...plain }: JsonSchema): JsonSchema[] {
  const { type } = plain
  return Array.isArray(type) ? type.map(one => ({ ...plain, type: one as unknown })) : [plain]
}
