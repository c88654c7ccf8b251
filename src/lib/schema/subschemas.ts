/** How a keyword holds schemas: one, a list of them, or one for each name. */
type SubschemaForm = 'schema' | 'list' | 'map'

/** The keywords of draft 2020-12 that hold schemas, and how; draft 7's of tuples are among them. The values of all others are data. */
export const SUBSCHEMAS: Readonly<Record<string, SubschemaForm>> = {
  allOf: 'list',
  anyOf: 'list',
  oneOf: 'list',
  prefixItems: 'list',
  properties: 'map',
  patternProperties: 'map',
  dependentSchemas: 'map',
  items: 'schema',
  additionalItems: 'schema',
  additionalProperties: 'schema',
  contains: 'schema',
  propertyNames: 'schema',
  contentSchema: 'schema',
  unevaluatedItems: 'schema',
  unevaluatedProperties: 'schema',
  not: 'schema',
  if: 'schema',
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: 'schema',
  else: 'schema',
}
