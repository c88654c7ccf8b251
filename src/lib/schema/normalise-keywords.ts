import { asJsonSchema } from './json-schema.ts'

/** A schema under construction. */
type Node = Record<string, unknown>

const JSON_TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']

/** One rule for each thing that libraries write in several ways. Each rule changes its node in place. */
const RULES: readonly ((node: Node) => void)[] = [
  checkType,
  files,
  tupleKeywords,
  recordKeywords,
  constants,
  nothingAdded,
  branches,
]

/** Normalises the keywords of one schema, whose inner schemas are done already. */
export function normaliseKeywords(node: Node): Node {
  for (const rule of RULES) rule(node)
  const { anyOf, ...rest } = node
  // A union of one branch is that branch.
  const only = Array.isArray(anyOf) && anyOf.length === 1 ? asJsonSchema(anyOf[0]) : undefined
  return only !== undefined && Object.keys(only).every(keyword => !(keyword in rest)) ? { ...only, ...rest } : node
}

function checkType(node: Node): void {
  const { type } = node
  if (type === undefined) return
  const wrong = [type].flat().find(name => !JSON_TYPES.includes(String(name)))
  if (wrong !== undefined) throw new Error(`"${String(wrong)}" is not a JSON type`)
  if (Array.isArray(type)) node['type'] = typeOf(type)
}

/** Types are sorted; a single one is not a list. */
function typeOf(types: readonly unknown[]): unknown {
  const sorted = JSON_TYPES.filter(type => types.includes(type))
  return sorted.length === 1 ? sorted[0] : sorted
}

/** A file is text of bytes: OpenAPI has no other word for it. */
function files(node: Node): void {
  if (node['format'] === 'binary') node['type'] ??= 'string'
}

/** Draft 7 wrote the items of a tuple under `items`. */
function tupleKeywords(node: Node): void {
  if (Array.isArray(node['items'])) {
    node['prefixItems'] = node['items']
    delete node['items']
    if ('additionalItems' in node) node['items'] = node['additionalItems']
  }
  delete node['additionalItems']
  // "Nothing after the list" limits the length, too.
  if (node['items'] === false && Array.isArray(node['prefixItems'])) node['maxItems'] ??= node['prefixItems'].length
}

const ANY_NAME = new Set(['^.*$', '^(.*)$', '.*', ''])

/**
 * A pattern that all names match says nothing, nor does a rule that names are text; the schema `true` is the empty one.
 */
function recordKeywords(node: Node): void {
  const patterns = asJsonSchema(node['patternProperties'])
  const [pattern, ...others] = Object.entries(patterns ?? {})
  if (pattern !== undefined && others.length === 0 && ANY_NAME.has(pattern[0]) && !('additionalProperties' in node)) {
    node['additionalProperties'] = pattern[1]
    delete node['patternProperties']
  }
  if (node['additionalProperties'] === true) node['additionalProperties'] = {}
  const names = asJsonSchema(node['propertyNames'])
  if (names !== undefined && names['type'] === 'string' && Object.keys(names).length === 1) delete node['propertyNames']
}

/** One constant becomes `const`, several become `enum`, none becomes `not`; the type stands beside them. */
function constants(node: Node): void {
  const values = Array.isArray(node['enum']) ? (node['enum'] as unknown[]) : undefined
  if (values?.length === 0) {
    delete node['enum']
    delete node['type']
    node['not'] = {}
  } else if (values?.length === 1) {
    delete node['enum']
    node['const'] = values[0]
  }
  const all = 'const' in node ? [node['const']] : node['enum']
  if (Array.isArray(all) && node['type'] === undefined) node['type'] = typeOf(all.map(jsonTypeOf))
}

function jsonTypeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/**
 * Keywords that say nothing are left out; `contentEncoding` has no value "binary" (RFC 2045, section 6, is about mail).
 */
function nothingAdded(node: Node): void {
  if (Array.isArray(node['required']) && node['required'].length === 0) delete node['required']
  if (node['contentEncoding'] === 'binary') delete node['contentEncoding']
}

/** Branches that nothing matches are dropped; branches that only name types or constants become one list. */
function branches(node: Node): void {
  if (!Array.isArray(node['anyOf'])) return
  const all = node['anyOf'] as Node[]
  const possible = all.filter(branch => !isNever(branch))
  node['anyOf'] = possible.length === 0 ? all.slice(0, 1) : possible
  if (node['type'] !== undefined || possible.length < 2) return
  const merged = possible.every(isTypeOnly) ? mergedTypes(possible) : mergedConstants(possible)
  if (merged === undefined || 'enum' in node || 'const' in node) return
  delete node['anyOf']
  Object.assign(node, merged)
}

const isNever = (branch: Node) =>
  asJsonSchema(branch['not']) !== undefined && Object.keys(branch['not'] as Node).length === 0

const isTypeOnly = (branch: Node) => Object.keys(branch).length === 1 && branch['type'] !== undefined

const mergedTypes = (branches: readonly Node[]): Node => ({ type: typeOf(branches.flatMap(branch => branch['type'])) })

function mergedConstants(branches: readonly Node[]): Node | undefined {
  const values = branches.map(branch => {
    const { type, const: constant, enum: list, ...others } = branch
    if (Object.keys(others).length > 0) return undefined
    if (Array.isArray(list)) return list as unknown[]
    return 'const' in branch ? [constant] : type === 'null' ? [null] : undefined
  })
  if (!values.every(list => list !== undefined)) return undefined
  const all = [...new Set(values.flat())]
  return { type: typeOf(all.map(jsonTypeOf)), enum: all }
}
