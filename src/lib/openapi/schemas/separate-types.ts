import { isDeepStrictEqual } from 'node:util'
import { typeOfValue } from '../../schema/json-schema.ts'
import type { SchemaObject } from '../objects/schema-object.ts'

/**
 * A schema of several types as a union of schemas of one type each, so that no list names more than one type beside
 * `null`, and no `enum` holds `null` or values of several types. `finish` completes each schema of one type.
 */
export function separateTypes(schema: SchemaObject, finish: (schema: SchemaObject) => SchemaObject): SchemaObject {
  const types = schema.type === undefined ? undefined : [schema.type].flat().map(String)
  const values = constantsOf(schema)
  if (Array.isArray(values)) {
    const groups = constantsByType(values, types)
    if (groups.length > 1) return union(schema, groups.map(withoutNullConstant), finish)
    const { enum: _enum, const: _const, type: _type, ...rest } = schema
    const [group] = groups
    // If no constant has this type, nothing is valid.
    return group === undefined ? { ...rest, not: {} } : finish({ ...withoutNullConstant(group), ...rest })
  }
  const different = types?.filter(type => type !== 'integer' || !types.includes('number'))
  if (different === undefined || different.filter(type => type !== 'null').length < 2)
    return finish(different?.length === types?.length ? schema : { ...schema, type: oneOrMore(different ?? []) })
  const branches = different.map(type => ({ type }))
  return union(schema, branches, finish)
}

/** The values that `const` and `enum` allow; if there are both, the values that both allow. */
function constantsOf(schema: SchemaObject): unknown {
  const { enum: values } = schema
  if (!('const' in schema)) return values
  return [schema.const].filter(only => !Array.isArray(values) || values.some(value => isDeepStrictEqual(value, only)))
}

const oneOrMore = (types: readonly string[]): unknown => (types.length === 1 ? types[0] : types)

/** The constants of each type, without those that `types` excludes. */
function constantsByType(values: readonly unknown[], types: readonly string[] | undefined): SchemaObject[] {
  const fits = (value: unknown) =>
    types === undefined || types.includes(typeOfValue(value)) || (Number.isInteger(value) && types.includes('integer'))
  const groups = Map.groupBy(values.filter(fits), typeOfValue)
  return [...groups].map(([type, group]) => (group.length === 1 ? { type, const: group[0] } : { type, enum: group }))
}

const withoutNullConstant = (group: SchemaObject): SchemaObject => (group.type === 'null' ? { type: 'null' } : group)

/** Each keyword goes to the type that it applies to; a keyword for all types stays beside the union. */
function union(
  { type: _, enum: _enum, const: _const, ...rest }: SchemaObject,
  branches: readonly SchemaObject[],
  finish: (schema: SchemaObject) => SchemaObject,
): SchemaObject {
  const shared = Object.entries(rest).filter(([keyword, value]) => typeSpokenOf(keyword, value) === undefined)
  const anyOf = branches.map(branch => {
    const type = branch.type === 'integer' ? 'number' : branch.type
    const own = Object.entries(rest).filter(([keyword, value]) => typeSpokenOf(keyword, value) === type)
    return finish({ ...branch, ...Object.fromEntries(own) })
  })
  const outer: SchemaObject = Object.fromEntries(shared)
  if (!('anyOf' in outer)) return { ...outer, anyOf }
  return { ...outer, allOf: [...((outer.allOf as SchemaObject[] | undefined) ?? []), { anyOf }] }
}

const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern', 'contentEncoding', 'contentMediaType', 'contentSchema'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  array: ['items', 'prefixItems', 'contains', 'minContains', 'maxContains', 'minItems', 'maxItems', 'uniqueItems'],
  object: [
    'properties',
    'patternProperties',
    'additionalProperties',
    'propertyNames',
    'required',
    'minProperties',
    'maxProperties',
    'dependentRequired',
    'dependentSchemas',
  ],
}

const TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries(KEYWORDS).flatMap(([type, keywords]) => keywords.map(keyword => [keyword, type])),
)

const NUMBER_FORMATS: ReadonlySet<unknown> = new Set(['int32', 'int64', 'float', 'double'])

/** The only type that a keyword applies to; undefined if it applies to any. */
function typeSpokenOf(keyword: string, value: unknown): string | undefined {
  if (keyword === 'format') return NUMBER_FORMATS.has(value) ? 'number' : 'string'
  return TYPES.get(keyword)
}
