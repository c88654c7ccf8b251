import { asJsonSchema, type JsonSchema, resolveReference, schemasUnder, typeOfValue, typesOf } from './json-schema.ts'

/** Whether the schema may describe a value. */
export type Match = (value: unknown) => boolean

/**
 * Compiles the test whether a validated value belongs to a branch of a union, by types, constants, required and closed
 * properties, to any depth. Limits, patterns and formats are ignored: two branches that differ only in those may both
 * match.
 */
export function compileMatch(schema: JsonSchema, root: JsonSchema, made = new Map<JsonSchema, Match>()): Match {
  const here = resolveReference(schema, root)
  const known = made.get(here)
  if (known !== undefined) return known
  // A recursive schema finds this entry while its match is still being compiled.
  let match: Match = () => true
  made.set(here, value => match(value))
  match = compileNode(here, root, inner => compileMatch(inner, root, made))
  made.set(here, match)
  return match
}

function compileNode(here: JsonSchema, root: JsonSchema, compile: (schema: JsonSchema) => Match): Match {
  const own = { ...here, anyOf: undefined, oneOf: undefined, allOf: undefined }
  const types = typesOf(own, root)
  const constants = 'const' in here ? [here['const']] : here['enum']
  const unions = ['anyOf', 'oneOf']
    .map(keyword => schemasUnder(here, keyword).map(compile))
    .filter(list => list.length > 0)
  const all = schemasUnder(here, 'allOf').map(compile)
  const inside = compileObject(here, compile)
  const items = compileItems(here, compile)
  return value =>
    types.has(typeOfValue(value)) &&
    (!Array.isArray(constants) || constants.includes(value)) &&
    (typeof value !== 'object' ||
      value === null ||
      (Array.isArray(value) ? items(value) : inside(value as JsonSchema))) &&
    unions.every(branches => branches.some(branch => branch(value))) &&
    all.every(part => part(value))
}

function compileObject(here: JsonSchema, compile: (schema: JsonSchema) => Match): (value: JsonSchema) => boolean {
  const declared = Object.entries(asJsonSchema(here['properties']) ?? {})
  const properties = declared.map(([name, schema]) => [name, compile(asJsonSchema(schema) ?? {})] as const)
  const required = Array.isArray(here['required']) ? here['required'].map(String) : []
  const closed = here['additionalProperties'] === false && !('patternProperties' in here)
  const names = new Set(properties.map(([name]) => name))
  return value =>
    required.every(name => value[name] !== undefined) &&
    properties.every(([name, match]) => value[name] === undefined || match(value[name])) &&
    (!closed || Object.keys(value).every(name => names.has(name) || value[name] === undefined))
}

function compileItems(
  here: JsonSchema,
  compile: (schema: JsonSchema) => Match,
): (value: readonly unknown[]) => boolean {
  const prefix = schemasUnder(here, 'prefixItems').map(compile)
  const items = asJsonSchema(here['items'])
  const rest = items && compile(items)
  if (prefix.length === 0 && rest === undefined) return () => true
  return value => value.every((item, index) => (prefix[index] ?? rest)?.(item) ?? true)
}
