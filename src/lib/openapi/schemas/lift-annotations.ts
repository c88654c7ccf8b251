import { definedMembers } from '../defined-members.ts'
import type { SchemaObject } from '../objects/schema-object.ts'

/** What a parameter or header says about itself, and the schema of its value. */
export interface Annotated {
  description?: string
  deprecated?: boolean
  schema: SchemaObject
}

/** Takes out of a property's schema what a document writes beside it. The given schema is changed. */
export function liftAnnotations(schema: SchemaObject): Annotated {
  const { description, deprecated } = schema
  delete schema.description
  delete schema.deprecated
  return definedMembers({
    description: typeof description === 'string' ? description : undefined,
    deprecated: deprecated === true ? true : undefined,
    schema,
  })
}
