import type { CompiledSchema } from '../schema/compiled-schema.ts'
import { compileSchema } from '../schema/compiled-schema.ts'
import { compileParameterReader, type ParameterReader } from '../schema/decode-parameters.ts'
import { type JsonSchemaProperty, propertiesOf } from '../schema/json-schema.ts'
import type { Schema } from '../schema/schema.ts'

/** The parts of a request that hold parameters, by their key in a definition. */
export type ParameterKey = 'params' | 'query' | 'headers' | 'cookies'

/** `in` of an OpenAPI parameter, and of a validation error. */
export type ParameterLocation = 'path' | 'query' | 'header' | 'cookie'

interface LocationRule {
  readonly location: ParameterLocation
  /** How a list of values stands in one text (OpenAPI 3.1.1, "Style Values"). */
  readonly style: 'repeated' | 'commas'
}

/** One row for each part that holds parameters. */
export const PARAMETER_LOCATIONS: Readonly<Record<ParameterKey, LocationRule>> = {
  params: { location: 'path', style: 'commas' },
  query: { location: 'query', style: 'repeated' },
  headers: { location: 'header', style: 'commas' },
  cookies: { location: 'cookie', style: 'commas' },
}

/** All parameters that one object schema declares for one part of the request. */
export interface ParameterGroup {
  readonly key: ParameterKey
  readonly location: ParameterLocation
  readonly schema: CompiledSchema
  readonly properties: ReadonlyMap<string, JsonSchemaProperty>
  /** Decodes and validates what was sent; what is wrong has its place in the group. */
  readonly read: ParameterReader
}

/** Makes the groups of a definition's `params`, `query`, `headers` and `cookies` ready. */
export function compileParameterGroups(
  definition: { readonly [K in ParameterKey]?: Schema | undefined },
  place: string,
): ParameterGroup[] {
  const keys = Object.keys(PARAMETER_LOCATIONS) as ParameterKey[]
  return keys.flatMap(key => {
    const schema = definition[key]
    if (schema === undefined) return []
    const { location, style } = PARAMETER_LOCATIONS[key]
    const compiled = compileSchema(schema, `"${key}" of ${place}`)
    return {
      key,
      location,
      schema: compiled,
      properties: propertiesOf(compiled.input, compiled.input),
      read: compileParameterReader(compiled, style),
    }
  })
}
