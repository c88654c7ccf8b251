import { asJsonSchema, type JsonSchema, propertiesOf, resolveReference, schemasUnder, typesOf } from './json-schema.ts'
import { possiblePartsOf, saysOthers } from './schema-parts.ts'

/** What a schema says about the place that a JSON Pointer names. */
export type SchemaAtPointer =
  | { readonly kind: 'found'; readonly schema: JsonSchema; readonly required: boolean }
  /** The schema leaves the place open: anything may be there. */
  | { readonly kind: 'open' }
  | { readonly kind: 'no-property'; readonly name: string; readonly declared: readonly string[] }
  | { readonly kind: 'no-object'; readonly name: string }
  | { readonly kind: 'no-index'; readonly name: string }

/** Follows a pointer through an object schema, its references, unions and arrays. */
export function schemaAtPointer(root: JsonSchema, pointer: readonly string[]): SchemaAtPointer {
  let schema = root
  let required = true
  for (const name of pointer) {
    const step = stepInto(schema, name, root)
    if (step.kind !== 'found') return step
    schema = step.schema
    required &&= step.required
  }
  return { kind: 'found', schema, required: required && !typesOf(schema, root).has('null') }
}

function stepInto(schema: JsonSchema, name: string, root: JsonSchema): SchemaAtPointer {
  const types = typesOf(schema, root)
  const properties = propertiesOf(schema, root)
  const property = properties.get(name)
  if (property !== undefined) return { kind: 'found', ...property, required: property.required && !types.has('null') }
  const here = resolveReference(schema, root)
  const items = types.has('array') ? itemsOf(here, root) : undefined
  if (items !== undefined && /^(?:0|[1-9]\d*)$/.test(name)) return { kind: 'found', schema: items, required: false }
  const additional = here['additionalProperties']
  if (additional === true) return { kind: 'open' }
  const open = asJsonSchema(additional)
  if (open !== undefined) return { kind: 'found', schema: open, required: false }
  if (properties.size > 0) return { kind: 'no-property', name, declared: [...properties.keys()] }
  const isClosed = additional === false || declaresProperties(here, root)
  if (types.has('object')) return isClosed ? { kind: 'no-property', name, declared: [] } : { kind: 'open' }
  return { kind: types.has('array') ? 'no-index' : 'no-object', name }
}

/** An object that declares its properties is closed to expressions, even where it declares none. */
const declaresProperties = (schema: JsonSchema, root: JsonSchema): boolean => {
  const objects = possiblePartsOf([schema], root).filter(part => part['type'] === 'object')
  return objects.length > 0 && objects.every(part => 'properties' in part && !saysOthers(part))
}

function itemsOf(schema: JsonSchema, root: JsonSchema): JsonSchema | undefined {
  const own = asJsonSchema(schema['items'])
  if (own !== undefined) return own
  const branches = [
    ...schemasUnder(schema, 'anyOf'),
    ...schemasUnder(schema, 'oneOf'),
    ...schemasUnder(schema, 'allOf'),
  ]
  for (const branch of branches) {
    const found = itemsOf(resolveReference(branch, root), root)
    if (found !== undefined) return found
  }
  return undefined
}
