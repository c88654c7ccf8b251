import { asJsonSchema, type JsonSchema, schemasUnder } from '../../src/lib/schema/json-schema.ts'
import { SUBSCHEMAS } from '../../src/lib/schema/subschemas.ts'

/** The constructs in a schema that strict generators refuse, each with its place. */
export function refusedConstructsOf(schema: unknown, place = '#'): string[] {
  if (typeof schema === 'boolean') return [`${place}: a boolean as a schema`]
  const node = asJsonSchema(schema)
  if (node === undefined) return []
  const own = RULES.flatMap(rule => rule(node) ?? []).map(what => `${place}: ${what}`)
  return [...own, ...innerSchemas(node).flatMap(([name, inner]) => refusedConstructsOf(inner, `${place}/${name}`))]
}

/** The refused constructs of every schema in a document. */
export function refusedIn(value: unknown, place = '#'): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => {
    const here = `${place}/${name}`
    if (name === 'example' || name === 'examples') return []
    if (name === 'schema') return refusedConstructsOf(inner, here)
    if (name === 'schemas' && place === '#/components')
      return Object.entries(inner as object).flatMap(([key, schema]) => refusedConstructsOf(schema, `${here}/${key}`))
    return refusedIn(inner, here)
  })
}

function innerSchemas(node: JsonSchema): [name: string, schema: unknown][] {
  return Object.entries(node).flatMap(([keyword, value]): [string, unknown][] => {
    const form = keyword === '$defs' ? 'map' : Object.hasOwn(SUBSCHEMAS, keyword) ? SUBSCHEMAS[keyword] : undefined
    if (form === undefined) return []
    const closes = keyword === 'additionalProperties' || keyword === 'unevaluatedProperties'
    if (form === 'schema') return closes && typeof value === 'boolean' ? [] : [[keyword, value]]
    return Object.entries(value as object).map(([name, inner]) => [`${keyword}/${name}`, inner])
  })
}

const typesOf = ({ type }: JsonSchema): unknown[] => (type === undefined ? [] : [type].flat())
const constantsOf = (node: JsonSchema): unknown[] =>
  'const' in node ? [node['const']] : ((node['enum'] as unknown[]) ?? [])
const isInt32 = (value: unknown) => typeof value !== 'number' || (value >= -(2 ** 31) && value < 2 ** 31)

const RULES: readonly ((node: JsonSchema) => string | undefined)[] = [
  node => ('prefixItems' in node && 'items' in node && 'maxItems' in node ? 'a closed tuple with a rest' : undefined),
  node =>
    node['type'] === 'string' && node['format'] !== undefined && constantsOf(node).length > 0
      ? 'text constants of a format'
      : undefined,
  node => (Array.isArray(node['enum']) && node['enum'].includes(null) ? '"enum" holds null' : undefined),
  node => (typesOf(node).filter(type => type !== 'null').length > 1 ? '"type" lists several' : undefined),
  node =>
    node['type'] === 'number' && constantsOf(node).length > 0 && constantsOf(node).every(Number.isInteger)
      ? 'whole constants are no integers'
      : undefined,
  node => {
    const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].map(keyword => node[keyword])
    return bounds.some(bound => Math.abs(Number(bound)) >= Number.MAX_SAFE_INTEGER && node['format'] === undefined)
      ? 'a bound of all safe integers'
      : undefined
  },
  node => {
    const isUnbounded = node['minimum'] === undefined && node['exclusiveMinimum'] === undefined
    return typesOf(node).includes('integer') &&
      node['format'] === undefined &&
      (constantsOf(node).length > 0 ? !constantsOf(node).every(isInt32) : isUnbounded)
      ? 'an integer of any size without "format"'
      : undefined
  },
  node => {
    const branches = schemasUnder(node, 'anyOf')
    return branches.some(branch => Object.keys(branch).length === 1 && 'anyOf' in branch) ? 'nested unions' : undefined
  },
]
