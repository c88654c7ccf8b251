import type { CompiledBody } from '../operation/compiled/compiled-body.ts'
import type { CompiledBodyContent } from '../operation/compiled/compiled-body-content.ts'
import type { AnyDefinition } from '../operation/definition.ts'
import type { Components } from './components.ts'
import { definedMembers } from './defined-members.ts'
import type { EncodingObject, ExampleObject, MediaTypeObject } from './objects/media-type-object.ts'
import type { RequestBodyObject } from './objects/request-body-object.ts'
import { OPERATION_SIDES, type Place } from './place.ts'

/** The body of an operation, under each media type that it may be sent in. */
export function createRequestBody(
  { contents, mayBeMissing }: CompiledBody,
  components: Components,
  place: Place,
  examples?: AnyDefinition['examples'],
): RequestBodyObject {
  const content = Object.fromEntries(
    contents.flatMap(content => {
      const named = examples && namedExamples(examples, content, contents.length > 1)
      return content.formats.map(({ mediaType }) => {
        const described = mediaTypeObject(content, mediaType, components, place)
        return [mediaType, definedMembers({ ...described, examples: named })] as const
      })
    }),
  )
  return mayBeMissing() ? { content } : { required: true, content }
}

function mediaTypeObject(
  { schema, form }: CompiledBodyContent,
  mediaType: string,
  components: Components,
  place: Place,
): MediaTypeObject {
  const shown = components.schemas.schema(schema, OPERATION_SIDES.request, place)
  const encoding = form?.encodingOf(mediaType)
  return encoding === undefined
    ? { schema: shown }
    : { schema: shown, encoding: structuredClone(encoding) as Record<string, EncodingObject> }
}

/** If there are several contents, each shows only the examples that fit it. */
function namedExamples(
  examples: NonNullable<AnyDefinition['examples']>,
  { schema }: CompiledBodyContent,
  mustFit: boolean,
): Record<string, ExampleObject> | undefined {
  const shown = Object.entries(examples).filter(([, { value }]) => {
    if (!mustFit) return true
    const result = schema.validate(value)
    return result instanceof Promise || result.issues === undefined
  })
  return shown.length === 0 ? undefined : (structuredClone(Object.fromEntries(shown)) as Record<string, ExampleObject>)
}
