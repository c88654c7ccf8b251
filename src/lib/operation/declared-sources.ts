import type { DeclaredParameters } from './compile-callback-url.ts'
import type { ParameterGroup, ParameterLocation } from './parameter-group.ts'

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
