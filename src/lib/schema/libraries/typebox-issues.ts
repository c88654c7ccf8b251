import { parseJsonPointer } from '../../json/json-pointer.ts'
import { discriminatorOf } from '../discriminator.ts'
import { type Issue, MOST_PLACES, UNDECLARED } from '../issue.ts'
import { asJsonSchema, type JsonSchema, resolveReference } from '../json-schema.ts'

/** An error of TypeBox's validator. */
export interface TypeBoxError {
  readonly keyword: string
  readonly schemaPath: string
  readonly instancePath: string
  readonly params: object
  readonly message: string
}

/**
 * TypeBox reports as JSON Schema does: a missing property at its object, every branch of a union. Here a missing or
 * undeclared property is reported at its own place; for a union, either the branch that a constant chooses is reported
 * or the union itself.
 */
export function typeboxIssues(type: JsonSchema, value: unknown, errors: readonly TypeBoxError[]): Issue[] {
  const issues: PlacedIssue[] = []
  for (const error of ofUnions(type, value, errors.slice(0, MOST_PLACES))) {
    issues.push(...issuesOf(error))
    if (issues.length >= MOST_PLACES) break
  }
  const kept = issues.filter(
    ({ rank, pointer }) => !issues.some(other => other.rank > rank && isWithin(other.pointer, pointer)),
  )
  return kept.length > 0
    ? kept.map(({ path, message }) => ({ path, message }))
    : [{ path: [], message: 'must be valid' }]
}

interface PlacedIssue extends Issue {
  readonly path: readonly (string | number)[]
  readonly pointer: string
  /** An undeclared property is reported up to three times: the most telling report has the highest rank. */
  readonly rank: number
}

const RANKS: Readonly<Record<string, number>> = { boolean: 0, additionalProperties: 1 }

const NAMED: Readonly<Record<string, string>> = {
  required: 'must be given',
  additionalProperties: UNDECLARED,
}

function issuesOf({ keyword, instancePath, params, message }: TypeBoxError): PlacedIssue[] {
  const names = namesIn(params, keyword)
  const rank = RANKS[keyword] ?? 2
  if (names === undefined || names.length === 0) return [issueAt(instancePath, message, rank)]
  return names
    .slice(0, MOST_PLACES)
    .map(name => issueAt(`${instancePath}/${escapeToken(name)}`, NAMED[keyword] ?? message, rank))
}

const escapeToken = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1')

const namesIn = (params: object, keyword: string): readonly string[] | undefined => {
  const { requiredProperties, additionalProperties } = params as Record<string, readonly string[] | undefined>
  return keyword === 'required'
    ? requiredProperties
    : keyword === 'additionalProperties'
      ? additionalProperties
      : undefined
}

const issueAt = (pointer: string, message: string, rank: number): PlacedIssue => ({
  pointer,
  path: parseJsonPointer(pointer).map(token => (/^(0|[1-9]\d*)$/.test(token) ? Number(token) : token)),
  message,
  rank,
})

const isWithin = (place: string, outer: string) =>
  place.startsWith(outer) && (place.length === outer.length || place[outer.length] === '/')

/** The errors without those of union branches that were not meant. */
function ofUnions(type: JsonSchema, value: unknown, errors: readonly TypeBoxError[]): readonly TypeBoxError[] {
  const unions = errors
    .filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')
    .sort((a, b) => a.schemaPath.length - b.schemaPath.length)
  return unions.reduce((left, union) => (left.includes(union) ? ofUnion(type, value, left, union) : left), errors)
}

function ofUnion(
  type: JsonSchema,
  value: unknown,
  errors: readonly TypeBoxError[],
  union: TypeBoxError,
): readonly TypeBoxError[] {
  const prefix = `${union.schemaPath}/${union.keyword}/`
  const inside = errors.filter(
    error => error.schemaPath.startsWith(prefix) && isWithin(error.instancePath, union.instancePath),
  )
  const outside = errors.filter(error => !inside.includes(error) && error !== union)
  const branches = schemaAt(type, `${union.schemaPath}/${union.keyword}`)
  const object = asJsonSchema(at(value, union.instancePath))
  const discriminator = Array.isArray(branches) ? discriminatorOf(branches as JsonSchema[], rootOf(type)) : undefined
  if (discriminator === undefined || object === undefined) return [...outside, union]
  const { name, branchOf } = discriminator
  const index = Object.hasOwn(object, name) ? branchOf.get(object[name]) : undefined
  if (index === undefined) return [...outside, { ...union, instancePath: `${union.instancePath}/${escapeToken(name)}` }]
  const chosen = `${prefix}${index}`
  return [
    ...outside,
    ...inside.filter(({ schemaPath }) => schemaPath === chosen || schemaPath.startsWith(`${chosen}/`)),
  ]
}

const at = (value: unknown, pointer: string): unknown =>
  parseJsonPointer(pointer).reduce<unknown>(
    (inner, token) => (typeof inner === 'object' && inner !== null ? (inner as JsonSchema)[token] : undefined),
    value,
  )

/** The schema at a path; the path passes through references without naming them. */
function schemaAt(type: JsonSchema, path: string): unknown {
  const root = rootOf(type)
  return parseJsonPointer(path.slice(1)).reduce<unknown>((inner, token) => {
    const schema = asJsonSchema(inner)
    const target = schema === undefined ? inner : resolveReference(schema, root)
    return typeof target === 'object' && target !== null ? (target as JsonSchema)[token] : undefined
  }, root)
}

const roots = new WeakMap<JsonSchema, JsonSchema>()

/** The type with references that can be followed from its root: TypeBox writes the bare name of a definition. */
function rootOf(type: JsonSchema): JsonSchema {
  let root = roots.get(type)
  if (root === undefined) {
    const definitions: Record<string, unknown> = {}
    root = { ...(rooted(type, definitions) as JsonSchema), $defs: definitions }
    roots.set(type, root)
  }
  return root
}

function rooted(value: unknown, definitions: Record<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map(item => rooted(item, definitions))
  const schema = asJsonSchema(value)
  if (schema === undefined) return value
  const copy: Record<string, unknown> = {}
  for (const [keyword, inner] of Object.entries(schema)) {
    if (keyword === '$defs') Object.assign(definitions, rooted(inner, definitions))
    else if (keyword === '$ref' && typeof inner === 'string' && !inner.startsWith('#'))
      copy['$ref'] = `#/$defs/${escapeToken(inner)}`
    else copy[keyword] = rooted(inner, definitions)
  }
  return copy
}
