import { asJsonSchema, type JsonSchema, propertiesOf, resolveReference, schemasUnder, typesOf } from './json-schema.ts'
import { textValue } from './text-value.ts'

/** Gives the value with text decoded where the schema asks for a number or boolean; the same value if nothing was. */
export type JsonCoercion = (value: unknown) => unknown

/**
 * Prepares the decoding of text inside a JSON value by its schema: `{"total": "9999"}` becomes `{"total": 9999}` where
 * the schema wants a number. Values are copied, never changed.
 */
export function compileJsonCoercion(root: JsonSchema): JsonCoercion {
  const made = new Map<JsonSchema, JsonCoercion>()
  const compile = (schema: JsonSchema): JsonCoercion => {
    const here = resolveReference(schema, root)
    const known = made.get(here)
    if (known !== undefined) return known
    // A recursive schema meets this entry while its own coercion is still being made.
    let coercion: JsonCoercion = value => value
    made.set(here, value => coercion(value))
    coercion = compileNode(here, root, compile)
    made.set(here, coercion)
    return coercion
  }
  return compile(root)
}

function compileNode(here: JsonSchema, root: JsonSchema, compile: (schema: JsonSchema) => JsonCoercion): JsonCoercion {
  const types = typesOf(here, root)
  const properties = [...propertiesOf(here, root)].map(([name, { schema }]) => [name, compile(schema)] as const)
  const rest = asJsonSchema(here['additionalProperties'])
  const others = rest === undefined ? undefined : compile(rest)
  const items = itemsOf(here, root).map(compile)
  const declared = new Set(properties.map(([name]) => name))
  return value => {
    if (typeof value === 'string') return textValue(value, types)
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return coerceArray(value, items)
    const copy = coerceProperties(value as Record<string, unknown>, properties)
    return others === undefined ? copy : coerceOthers(copy, declared, others)
  }
}

/** The item schemas of an array: `prefixItems`, then `items`; those of union branches too. */
function itemsOf(schema: JsonSchema, root: JsonSchema): JsonSchema[] {
  const prefix = schemasUnder(schema, 'prefixItems')
  const items = asJsonSchema(schema['items'])
  if (prefix.length > 0 || items !== undefined) return items === undefined ? prefix : [...prefix, items]
  const branches = [...schemasUnder(schema, 'anyOf'), ...schemasUnder(schema, 'oneOf'), ...schemasUnder(schema, 'allOf')]
  for (const branch of branches) {
    const found = itemsOf(resolveReference(branch, root), root)
    if (found.length > 0) return found
  }
  return []
}

function coerceArray(value: readonly unknown[], items: readonly JsonCoercion[]): readonly unknown[] {
  const last = items.at(-1)
  if (last === undefined) return value
  let copy: unknown[] | undefined
  for (let index = 0; index < value.length; index++) {
    const coerced = (items[index] ?? last)(value[index])
    if (coerced === value[index]) continue
    copy ??= value.slice()
    copy[index] = coerced
  }
  return copy ?? value
}

type JsonObject = Readonly<Record<string, unknown>>

function coerceProperties(value: JsonObject, properties: readonly (readonly [string, JsonCoercion])[]): JsonObject {
  let copy: JsonObject | undefined
  for (const [name, coercion] of properties)
    if (Object.hasOwn(value, name)) copy = replaced(copy ?? value, name, coercion)
  return copy ?? value
}

function coerceOthers(value: JsonObject, declared: ReadonlySet<string>, others: JsonCoercion): JsonObject {
  let copy = value
  for (const name of Object.keys(value)) if (!declared.has(name)) copy = replaced(copy, name, others)
  return copy
}

/** Spread defines properties, so that a name such as `__proto__` stays an ordinary one. */
function replaced(value: JsonObject, name: string, coercion: JsonCoercion): JsonObject {
  const coerced = coercion(value[name])
  return coerced === value[name] ? value : { ...value, [name]: coerced }
}
