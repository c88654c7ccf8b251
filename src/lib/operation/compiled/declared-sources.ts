import type { JsonSchema, JsonSchemaProperty } from '../../schema/json-schema.ts'
import type { ParameterGroup, ParameterLocation } from './parameter-group.ts'

/** The parameters of one location, each with the schema that declares it. */
export type DeclaredParameters = ReadonlyMap<string, JsonSchemaProperty & { readonly root: JsonSchema }>

/** What the expressions of a callback may read, by the JSON Schemas of its operation. */
export interface DeclaredSources {
  readonly path: DeclaredParameters
  readonly query: DeclaredParameters
  /** Names in lower case. */
  readonly header: DeclaredParameters
  readonly body: JsonSchema | undefined
  readonly responseBody: JsonSchema | undefined
  /** Names in lower case. */
  readonly responseHeader: DeclaredParameters
}

/** What a URL template may hold: what its expressions read, and the plain names that its callback declares. */
export interface UrlSources extends DeclaredSources {
  readonly names: DeclaredParameters
}

/** The parameters that the groups declare for one location, by name; header names in lower case. */
export function declaredParameters(groups: readonly ParameterGroup[], location: ParameterLocation): DeclaredParameters {
  return new Map(
    groups
      .filter(group => group.location === location)
      .flatMap(({ properties, schema }) =>
        [...properties].map(
          ([name, property]) =>
            [location === 'header' ? name.toLowerCase() : name, { ...property, root: schema.input }] as const,
        ),
      ),
  )
}
