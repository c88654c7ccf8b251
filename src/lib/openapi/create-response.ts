import { BODY_FORMATS } from '../http/body/body-formats.ts'
import { PROBLEM_TYPE } from '../http/problem-details.ts'
import { STATUS_CODES } from '../node-http.ts'
import type { CompiledStream } from '../operation/compiled/compiled-responses.ts'
import { capital } from '../operation/compiled/identifier.ts'
import type { ParameterGroup } from '../operation/compiled/parameter-group.ts'
import { mediaTypeOf, problemOf } from '../operation/problem.ts'
import type { CompiledSchema } from '../schema/compiled-schema.ts'
import type { Components } from './components.ts'
import { createHeaders } from './create-headers.ts'
import { definedMembers } from './defined-members.ts'
import type { MediaTypeObject } from './objects/media-type-object.ts'
import type { ResponseObject } from './objects/response-object.ts'
import type { Place, Side } from './place.ts'

/** One response, of an operation or of a message's receiver. */
interface DescribedResponse {
  /** `2XX` for any success. */
  readonly status: number | string
  readonly description: string | undefined
  readonly body: CompiledSchema | undefined
  readonly headers: ParameterGroup | undefined
  /** Of an operation whose body comes item by item. */
  readonly stream?: CompiledStream | undefined
}

/** What the document says of a response. */
export function createResponse(
  { status, description, body, headers, stream }: DescribedResponse,
  side: Side,
  components: Components,
  owner: Place,
): ResponseObject {
  const place = (what: string) => ({
    words: `the ${what} of status ${status} of ${owner.words}`,
    name: `${owner.name}${capital(what)}${status}`,
  })
  const schema = body && components.schemas.schema(body, side, place('response'))
  const item = stream?.item && components.schemas.schema(stream.item, side, place('item'))
  // What OpenAPI 3.2 calls "itemSchema".
  const itemSchema = item && { 'x-itemSchema': item }
  return definedMembers({
    description: description ?? defaultDescription(status),
    headers: headers && createHeaders(headers.schema, side, components, place('headers')),
    content: schema && body && mediaTypes({ ...BODY_FORMATS.json.describe(schema), ...itemSchema }, body, status),
  })
}

function mediaTypes(
  described: MediaTypeObject,
  body: CompiledSchema,
  status: number | string,
): Record<string, MediaTypeObject> {
  const mediaType = mediaTypeOf(body)
  // Made up of types alone, an example would be a problem that nobody has.
  return { [mediaType]: mediaType === PROBLEM_TYPE ? { ...described, example: problemOf(Number(status)) } : described }
}

function defaultDescription(status: number | string): string {
  if (status === '2XX') return 'Any 2xx status acknowledges the request'
  return STATUS_CODES[status] ?? `Status ${status}`
}
