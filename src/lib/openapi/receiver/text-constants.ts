import { type JsonObject, listOf, objectOf } from './json-object.ts'

/** A document of others may have any number of parts. */
const MOST_PARTS = 100

/**
 * The texts that the required properties of a schema are limited to, by name, as far as the schema or a part of its `allOf`
 * says. `resolve` follows references. It looks no deeper, so that it takes the same time for every document.
 */
export function textConstants(
  schema: JsonObject,
  resolve: (schema: unknown) => JsonObject,
): ReadonlyMap<string, readonly string[]> {
  const here = resolve(schema)
  const parts = [here, ...listOf(here['allOf']).slice(0, MOST_PARTS).map(resolve)]
  const required = new Set(parts.flatMap(part => listOf(part['required'])))
  const properties = parts.flatMap(part => Object.entries(objectOf(part['properties'])))
  const constants = properties
    .filter(([name]) => required.has(name))
    .map(([name, property]) => [name, valuesOf(resolve(property))] as const)
  return new Map(constants.filter((entry): entry is [string, string[]] => isTexts(entry[1])))
}

const valuesOf = (property: JsonObject): readonly unknown[] =>
  'const' in property ? [property['const']] : listOf(property['enum'])

const isTexts = (values: readonly unknown[]): boolean =>
  values.length > 0 && values.every(value => typeof value === 'string')

/** The property that tells the schemas apart, with the index of the schema for each of its values. */
export function textDiscriminator(
  schemas: readonly JsonObject[],
  resolve: (schema: unknown) => JsonObject,
): { readonly name: string; readonly indexes: ReadonlyMap<string, number> } | undefined {
  if (schemas.length < 2) return undefined
  const [first, ...others] = schemas.map(schema => textConstants(schema, resolve))
  for (const [name, values] of first!) {
    const all = [values, ...others.map(constants => constants.get(name) ?? [])]
    const indexes = new Map(all.flatMap((texts, index) => texts.map(text => [text, index] as const)))
    const isDistinct = indexes.size === all.reduce((total, texts) => total + texts.length, 0)
    if (isDistinct && all.every(texts => texts.length > 0)) return { name, indexes }
  }
  return undefined
}
