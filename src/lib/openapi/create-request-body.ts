import type { BodyFormat } from '../http/body/body-format.ts'
import type { AnyDefinition } from '../operation/definition.ts'
import { definedMembers } from './defined-members.ts'
import type { ExampleObject } from './objects/media-type-object.ts'
import type { RequestBodyObject } from './objects/request-body-object.ts'
import type { SchemaObject } from './objects/schema-object.ts'

/** A body under each media type in which it may be sent. */
export function createRequestBody(
  schema: SchemaObject,
  formats: readonly BodyFormat[],
  mayBeMissing: boolean,
  examples?: AnyDefinition['examples'],
): RequestBodyObject {
  const named = examples === undefined ? undefined : (structuredClone(examples) as Record<string, ExampleObject>)
  const content = Object.fromEntries(
    formats.map(({ mediaType, describe }) => [mediaType, definedMembers({ ...describe(schema), examples: named })]),
  )
  return mayBeMissing ? { content } : { required: true, content }
}
