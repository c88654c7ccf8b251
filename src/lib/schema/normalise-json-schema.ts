import { discriminatorOf } from './discriminator.ts'
import { asJsonSchema, type JsonSchema } from './json-schema.ts'
import { normaliseKeywords } from './normalise-keywords.ts'
import { setOwn } from './own-property.ts'
import { SchemaDefinitions, type SchemaNaming } from './schema-definitions.ts'
import { SUBSCHEMAS } from './subschemas.ts'

/**
 * Gives the JSON Schemas of all libraries one form: draft 2020-12 with the named schemas (`$id`, `id`, `$defs`) in
 * `$defs` of the root, and the same keywords for the same meaning. Names that a library generates become `__schema0`,
 * `__schema1`, …
 *
 * Throws an `Error` for a value that is not a JSON Schema.
 */
export function normaliseJsonSchema(raw: JsonSchema, naming: SchemaNaming): JsonSchema {
  const definitions = new SchemaDefinitions(raw, naming, schemasIn)
  const unions: Record<string, unknown>[] = []
  const normalise = (value: unknown): unknown => {
    const schema = asJsonSchema(value)
    if (schema === undefined) return value
    const name = definitions.nameOf(schema)
    if (name === undefined) return normaliseNode(schema)
    return { $ref: `#/$defs/${name}`, ...definitions.define(name, schema, normaliseNode) }
  }
  const normaliseNode = (schema: JsonSchema): Record<string, unknown> => {
    const { $ref: reference, ...rest } = schema
    if (typeof reference !== 'string') return normaliseMembers(rest)
    const inlined = definitions.inlined(reference)
    if (inlined !== undefined) return normaliseMembers({ ...inlined, ...rest })
    return { $ref: definitions.reference(reference, normaliseNode), ...normaliseMembers(rest) }
  }
  const normaliseMembers = (members: JsonSchema): Record<string, unknown> => {
    if (typeof members['$ref'] === 'string') return normaliseNode(members)
    const node: Record<string, unknown> = {}
    for (const [keyword, value] of Object.entries(members)) {
      if (definitions.isName(keyword) || keyword.startsWith('~')) continue
      const normalised = normaliseMember(keyword, value, normalise)
      if (normalised !== undefined) setOwn(node, keyword, normalised)
    }
    const done = normaliseKeywords(node)
    if (Array.isArray(done['anyOf'])) unions.push(done)
    return done
  }
  const root = normalise(raw) as Record<string, unknown>
  const made = definitions.made()
  const whole = Object.keys(made).length === 0 ? root : { ...root, $defs: made }
  for (const union of unions) tellApart(union === root ? whole : union, whole)
  return whole
}

function normaliseMember(keyword: string, value: unknown, normalise: (value: unknown) => unknown): unknown {
  const form = Object.hasOwn(SUBSCHEMAS, keyword) ? SUBSCHEMAS[keyword] : undefined
  if (form === undefined) return asData(value)
  if (Array.isArray(value)) return value.map(normalise)
  if (form !== 'map') return normalise(value)
  const map: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(asJsonSchema(value) ?? {})) setOwn(map, name, normalise(schema))
  return map
}

/** The value as JSON has it; undefined for functions, symbols and anything else that JSON does not have. */
function asData(value: unknown): unknown {
  try {
    const text = JSON.stringify(value) as string | undefined
    return text === undefined ? undefined : (JSON.parse(text) as unknown)
  } catch {
    return undefined
  }
}

/** The schemas directly inside of one. */
function schemasIn(schema: JsonSchema): JsonSchema[] {
  return Object.entries(schema).flatMap(([keyword, value]) => {
    const form = keyword === '$defs' || keyword === 'definitions' ? 'map' : SUBSCHEMAS[keyword]
    if (form === undefined) return []
    const inner = Array.isArray(value) ? value : form === 'map' ? Object.values(asJsonSchema(value) ?? {}) : [value]
    return inner.map(asJsonSchema).filter(item => item !== undefined)
  })
}

/** A union whose branches a constant tells apart becomes `oneOf`, whatever its library writes. */
function tellApart(union: Record<string, unknown>, root: JsonSchema): void {
  const branches = union['anyOf']
  if (!Array.isArray(branches) || discriminatorOf(branches as JsonSchema[], root) === undefined) return
  delete union['anyOf']
  union['oneOf'] = branches
}
