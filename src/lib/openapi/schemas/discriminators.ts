import { discriminatorOf } from '../../schema/discriminator.ts'
import type { JsonSchema } from '../../schema/json-schema.ts'
import type { SchemaObject } from '../objects/schema-object.ts'
import { mapSubschemas } from './map-subschemas.ts'

/**
 * Names the property that tells the branches of a union apart (OpenAPI 3.1.1, "Discriminator Object"), if all branches
 * are components and the property's constants are text. References are resolved from `root`.
 */
export function addDiscriminators(schema: SchemaObject, root: JsonSchema): void {
  const discriminator = Array.isArray(schema.oneOf) ? discriminatorFor(schema.oneOf, root) : undefined
  if (discriminator !== undefined) schema.discriminator = discriminator
  for (const [keyword, value] of Object.entries(schema))
    mapSubschemas(keyword, value, inner => {
      if (typeof inner !== 'boolean') addDiscriminators(inner, root)
    })
}

function discriminatorFor(branches: readonly SchemaObject[], root: JsonSchema): object | undefined {
  const references = branches.map(({ $ref: reference }) => reference)
  const found = references.every(isComponent) ? discriminatorOf(branches, root) : undefined
  if (found === undefined || ![...found.branchOf.keys()].every(value => typeof value === 'string')) return undefined
  const mapping = [...found.branchOf].map(([value, index]) => [value, references[index]])
  return { propertyName: found.name, mapping: Object.fromEntries(mapping) }
}

const isComponent = (reference: unknown): boolean => String(reference).startsWith('#/components/schemas/')
