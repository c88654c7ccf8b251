import { DefinitionError } from '../../definition/definition-error.ts'
import { type CompiledSchema, compileSchema } from '../../schema/compiled-schema.ts'
import { type JsonSchema, type JsonSchemaProperty, propertiesOf, typesOf } from '../../schema/json-schema.ts'
import type { SchemaSide } from '../../schema/libraries/library-facts.ts'
import { mayBeMissing } from '../../schema/libraries/may-be-missing.ts'
import {
  compileParameterReader,
  type ListStyle,
  type ParameterReader,
} from '../../schema/parameters/decode-parameters.ts'
import { isRepeated, readsOthers } from '../../schema/parameters/parameter-shape.ts'
import type { Schema } from '../../schema/schema.ts'
import { othersIn, possiblePartsOf } from '../../schema/schema-parts.ts'
import { optionalReader } from './optional-group.ts'

/** The parts of a request that have parameters, by their key in a definition. */
export type ParameterKey = 'params' | 'query' | 'headers' | 'cookies'

/** `in` of an OpenAPI parameter, and of a validation error. */
export type ParameterLocation = 'path' | 'query' | 'header' | 'cookie'

interface LocationRule {
  readonly location: ParameterLocation
  /** How a list of values is written in one text (OpenAPI 3.1.1, "Style Values"). */
  readonly style: ListStyle
}

/** One row for each part that has parameters. */
export const PARAMETER_LOCATIONS: Readonly<Record<ParameterKey, LocationRule>> = {
  params: { location: 'path', style: 'encodedCommas' },
  query: { location: 'query', style: 'repeated' },
  headers: { location: 'header', style: 'commas' },
  cookies: { location: 'cookie', style: 'encodedCommas' },
}

/** All parameters that one object schema declares for one part of the request. */
export interface ParameterGroup {
  readonly key: ParameterKey
  readonly location: ParameterLocation
  readonly schema: CompiledSchema
  readonly properties: ReadonlyMap<string, JsonSchemaProperty>
  /** The schema says something about undeclared names. */
  readonly readsOthers: boolean
  /** It may be missing as a whole, and is then what its schema makes of nothing. */
  readonly isOptional: boolean
  /** Decodes and validates what was sent. The paths of issues start at the group. */
  readonly read: ParameterReader
}

/** Compiles the groups of a definition's `params`, `query`, `headers` and `cookies`; `sides` are those in use. */
export function compileParameterGroups(
  definition: { readonly [K in ParameterKey]?: Schema | undefined },
  place: string,
  sides: readonly SchemaSide[] = ['input'],
): ParameterGroup[] {
  const keys = Object.keys(PARAMETER_LOCATIONS) as ParameterKey[]
  return keys.flatMap(key => {
    const schema = definition[key]
    if (schema === undefined) return []
    const { location, style } = PARAMETER_LOCATIONS[key]
    const compiled = compileSchema(schema, `"${key}" of ${place}`, sides)
    const properties = propertiesOf(compiled.input, compiled.input)
    checkShape(compiled, properties, style, `"${key}" of ${place}`)
    const isOptional = key !== 'params' && !sides.includes('output') && mayBeMissing(compiled, 'input')
    const names = { properties, readsOthers: readsOthers(compiled.input) }
    const read = compileParameterReader(compiled, style)
    const group = { key, location, schema: compiled, ...names, isOptional }
    return { ...group, read: isOptional ? optionalReader(compiled, names, read) : read }
  })
}

/** Parameters are the properties of an object, and only a query or a form can have an object inside of it. */
export function checkShape(
  { input }: CompiledSchema,
  properties: ReadonlyMap<string, JsonSchemaProperty>,
  style: ListStyle,
  place: string,
): void {
  const types = typesOf(input, input)
  if (types.size !== 1 || !types.has('object'))
    throw new DefinitionError(
      `The ${place} must be an object schema with a property for each ${style === 'form' ? 'field' : 'parameter'}, such as z.object({ … }), but it takes ${[...types].join(', ')}`,
    )
  if (isRepeated(style)) {
    checkOthers(input, place)
    return
  }
  for (const [name, { schema }] of properties) {
    const inner = typesOf(schema, input)
    if (inner.has('object') && !inner.has('string'))
      throw new DefinitionError(
        `The ${place} declares "${name}" as an object, which only a query can hold: declare text, a number, a boolean or a list of them`,
      )
  }
}

/** An undeclared name does not show whether it is the beginning of an object. */
function checkOthers(input: JsonSchema, place: string): void {
  const others = othersIn(possiblePartsOf([input], input)).map(schema => typesOf(schema, input))
  if (others.some(types => types.size === 1 && types.has('object')))
    throw new DefinitionError(
      `The ${place} takes objects under names that it does not declare: declare each name, or put the record under one, such as z.object({ filter: z.record(…) })`,
    )
}
