import { asJsonSchema, type JsonSchema, resolveReference } from '../../schema/json-schema.ts'
import { ANNOTATIONS } from './annotations.ts'

/**
 * A record whose names are constants, described as an object with these properties, so that generators make members of
 * them.
 */
export function enumRecord(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const { propertyNames, properties, required, additionalProperties: others, ...rest } = schema
  const names = constantNames(asJsonSchema(propertyNames), root)
  if (names === undefined || others === undefined || 'patternProperties' in rest) return schema
  const own = asJsonSchema(properties) ?? {}
  const members = names
    .map(name => [name, Object.hasOwn(own, name) ? own[name] : others] as const)
    .filter(([, member]) => member !== false)
  const all = { ...rest, properties: Object.fromEntries(members), additionalProperties: false }
  return required === undefined ? all : { ...all, required }
}

/**
 * The only names that a schema for names allows; undefined if it does not list them, or requires more than the list.
 */
function constantNames(names: JsonSchema | undefined, root: JsonSchema): string[] | undefined {
  if (names === undefined || !saysOnly(names, '$ref', 'type', 'enum', 'const')) return undefined
  const here = resolveReference(names, root)
  if (here !== names && !saysOnly(names, '$ref')) return undefined
  if (!saysOnly(here, 'type', 'enum', 'const') || ('enum' in here && 'const' in here)) return undefined
  if (here['type'] !== undefined && ![here['type']].flat().includes('string')) return undefined
  const values: unknown = 'const' in here ? [here['const']] : here['enum']
  return Array.isArray(values) ? values.filter(value => typeof value === 'string') : undefined
}

const saysOnly = (schema: JsonSchema, ...keywords: readonly string[]): boolean =>
  Object.keys(schema).every(keyword => keywords.includes(keyword) || ANNOTATIONS.has(keyword))
