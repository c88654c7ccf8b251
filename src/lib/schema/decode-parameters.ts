import { asJsonSchema, type JsonSchema, type JsonType, propertiesOf, resolveReference, typesOf } from './json-schema.ts'
import { textValue } from './text-value.ts'

/** Parameters as they were sent: each name with its text, or its texts where it came more than once. */
export type ParameterTexts = Readonly<Record<string, string | readonly string[] | undefined>>

/** Parameters as values: numbers, booleans, arrays and objects where the schema asks for them. */
export type ParameterValues = Record<string, unknown>

/** Turns texts into values by the schema; what cannot be decoded stays text, and validation says so. */
export type ParameterDecoder = (texts: ParameterTexts) => ParameterValues

/** How a list stands in one text: a repeated name in a query, commas in a header or cookie. */
export type ListStyle = 'repeated' | 'commas'

type Decode = (text: string | readonly string[]) => unknown

/**
 * Prepares the decoding of query, path, header or cookie parameters by their object schema. Objects inside a query are
 * read in the style `deepObject` (`filter[name]=x`). Names that are not declared are handed on as they are, so that a
 * strict schema can refuse them.
 */
export function compileParameterDecoder(root: JsonSchema, style: ListStyle = 'repeated'): ParameterDecoder {
  const scalars = new Map<string, Decode>()
  const objects: [prefix: string, name: string, decode: ParameterDecoder][] = []
  for (const [name, { schema }] of propertiesOf(root, root)) {
    const types = typesOf(schema, root)
    if (types.has('object') && !types.has('string'))
      objects.push([`${name}[`, name, compileParameterDecoder(rooted(schema, root), style)])
    else scalars.set(name, compileDecode(schema, types, root, style))
  }
  return texts => {
    const values: ParameterValues = {}
    const parts = new Map<string, Record<string, string | readonly string[]>>()
    for (const name in texts) {
      const text = texts[name]
      if (text === undefined) continue
      const decode = scalars.get(name)
      if (decode !== undefined) define(values, name, decode(text))
      else if (!collect(parts, objects, name, text)) define(values, name, text)
    }
    for (const [, name, decode] of objects) {
      const found = parts.get(name)
      if (found !== undefined) define(values, name, decode(found))
    }
    return values
  }
}

/** A schema that stands inside `root`, as a root of its own. */
const rooted = (schema: JsonSchema, root: JsonSchema): JsonSchema => ({
  ...resolveReference(schema, root),
  $defs: root['$defs'],
})

function compileDecode(schema: JsonSchema, types: ReadonlySet<JsonType>, root: JsonSchema, style: ListStyle): Decode {
  const scalar = (text: string) => textValue(text, types)
  if (!types.has('array')) return text => (typeof text === 'string' ? scalar(text) : text.map(scalar))
  const items = itemTypes(schema, root)
  const item = (text: string) => textValue(text, items)
  const onlyList = !types.has('string')
  return text => {
    if (typeof text !== 'string') return text.map(item)
    if (style === 'commas' && onlyList) return text === '' ? [] : text.split(',').map(part => item(part.trim()))
    return onlyList ? [item(text)] : scalar(text)
  }
}

function itemTypes(schema: JsonSchema, root: JsonSchema): ReadonlySet<JsonType> {
  const here = resolveReference(schema, root)
  const items = asJsonSchema(here['items'])
  if (items !== undefined) return typesOf(items, root)
  for (const keyword of ['anyOf', 'oneOf', 'allOf']) {
    const branches = here[keyword]
    if (!Array.isArray(branches)) continue
    for (const branch of branches) {
      const inner = asJsonSchema(asJsonSchema(branch) && resolveReference(branch, root)['items'])
      if (inner !== undefined) return typesOf(inner, root)
    }
  }
  return new Set(['string'])
}

/** Puts `filter[name]` under `filter`; false where no declared object has that prefix. */
function collect(
  parts: Map<string, Record<string, string | readonly string[]>>,
  objects: readonly [prefix: string, name: string, decode: ParameterDecoder][],
  key: string,
  text: string | readonly string[],
): boolean {
  for (const [prefix, name] of objects) {
    if (!key.startsWith(prefix) || !key.endsWith(']')) continue
    const part = parts.get(name) ?? {}
    // `filter[a][b]` is the property `a[b]` of `filter`, read again as a deep object one level down.
    const inner = key.slice(prefix.length, -1).replace('][', '[')
    define(part, inner.includes('[') ? `${inner}]` : inner, text)
    parts.set(name, part)
    return true
  }
  return false
}

/** An own property whatever its name: `__proto__` from outside must not reach a prototype. */
function define(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
  else target[name] = value
}
