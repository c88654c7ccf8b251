import type { AnyDefinition } from '../operation/definition.ts'
import { definedMembers } from './defined-members.ts'
import type { ExampleObject } from './objects/media-type-object.ts'
import type { RequestBodyObject } from './objects/request-body-object.ts'
import type { SchemaObject } from './objects/schema-object.ts'

/** A JSON body. */
export function createRequestBody(
  schema: SchemaObject,
  mayBeMissing: boolean,
  examples?: AnyDefinition['examples'],
): RequestBodyObject {
  const named = examples === undefined ? undefined : (structuredClone(examples) as Record<string, ExampleObject>)
  const content = { 'application/json': definedMembers({ schema, examples: named }) }
  return mayBeMissing ? { content } : { required: true, content }
}
