import { PROBLEM_TYPE } from '../http/problem-details.ts'
import { STATUS_CODES } from '../node-http.ts'
import { capital } from '../operation/compiled/identifier.ts'
import type { ParameterGroup } from '../operation/compiled/parameter-group.ts'
import { mediaTypeOf, problemOf } from '../operation/problem.ts'
import type { CompiledSchema } from '../schema/compiled-schema.ts'
import type { Components } from './components.ts'
import { createHeaders } from './create-headers.ts'
import { definedMembers } from './defined-members.ts'
import type { MediaTypeObject } from './objects/media-type-object.ts'
import type { ResponseObject } from './objects/response-object.ts'
import type { SchemaObject } from './objects/schema-object.ts'
import type { Place, Side } from './place.ts'

/** What an answer is made of, of an operation or of a callback's receiver. */
export interface AnswerParts {
  /** `2XX` for any success. */
  readonly status: string
  readonly description: string | undefined
  readonly body: CompiledSchema | undefined
  readonly headers: ParameterGroup | undefined
}

/** One answer as its status stands for it. */
export function createResponse(
  { status, description, body, headers }: AnswerParts,
  side: Side,
  components: Components,
  owner: Place,
): ResponseObject {
  const place = (what: string) => ({
    words: `the ${what} of status ${status} of ${owner.words}`,
    name: `${owner.name}${capital(what)}${status}`,
  })
  const schema = body && components.schemas.schema(body, side, place('response'))
  return definedMembers({
    description: description ?? defaultDescription(status),
    headers: headers && createHeaders(headers.schema, side, components, place('headers')),
    content: schema && body && contentOf(schema, body, status),
  })
}

function contentOf(schema: SchemaObject, body: CompiledSchema, status: string): Record<string, MediaTypeObject> {
  const mediaType = mediaTypeOf(body)
  // Made up of types alone, an example would be a problem that nobody has.
  return { [mediaType]: mediaType === PROBLEM_TYPE ? { schema, example: problemOf(Number(status)) } : { schema } }
}

function defaultDescription(status: string): string {
  if (status === '2XX') return 'Any 2xx status acknowledges the request'
  return STATUS_CODES[status] ?? `Status ${status}`
}
