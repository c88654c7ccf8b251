import { asJsonSchema, type JsonSchema, schemasUnder } from '../../schema/json-schema.ts'

/**
 * The references inside of `root` to a schema that lets any JSON value through, spelled out as a union that holds itself
 * in a list and in an object. Generators make no type of that, and `{}` says the same.
 */
export function anyJsonReferences(root: JsonSchema): ReadonlySet<string> {
  const definitions = Object.entries(asJsonSchema(root['$defs']) ?? {})
  const named = definitions.map(([name, schema]) => [`#/$defs/${name}`, asJsonSchema(schema) ?? {}] as const)
  return new Set([['#', root] as const, ...named].filter(([, schema]) => isAnyJson(schema, root)).map(([name]) => name))
}

/** Whether a schema is such a union, whichever of its names it uses for itself. */
function isAnyJson(schema: JsonSchema, root: JsonSchema): boolean {
  const types = new Set(schemasUnder(schema, 'anyOf').flatMap(branch => wholeTypes(branch, schema, root)))
  return ['string', 'number', 'boolean', 'null', 'array', 'object'].every(type => types.has(type))
}

/** The types of which a branch lets every value through, as long as `union` does. */
function wholeTypes(branch: JsonSchema, union: JsonSchema, root: JsonSchema): unknown[] {
  const { type, items, additionalProperties, propertyNames, ...rest } = branch
  if (Object.keys(rest).length > 0) return []
  const isItself = (inner: unknown) => referredTo(asJsonSchema(inner), root) === union
  if (type === 'array') return isItself(items) ? [type] : []
  if (type !== 'object') return [type].flat()
  const takesAnyName = propertyNames === undefined || JSON.stringify(propertyNames) === '{"type":"string"}'
  return isItself(additionalProperties) && takesAnyName ? [type] : []
}

function referredTo(inner: JsonSchema | undefined, root: JsonSchema): JsonSchema | undefined {
  const reference = inner?.['$ref']
  if (reference === '#') return root
  const [, name] = /^#\/\$defs\/([^/~%]+)$/.exec(String(reference)) ?? []
  return name === undefined ? undefined : asJsonSchema(asJsonSchema(root['$defs'])?.[name])
}
