import type { AnyDefinition } from '../operation/definition.ts'
import { definedMembers } from './defined-members.ts'
import type { ExampleObject } from './media-type-object.ts'
import type { RequestBodyObject } from './request-body-object.ts'
import type { SchemaObject } from './schema-object.ts'

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
