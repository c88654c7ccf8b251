import { BODY_FORMATS } from '../http/body/body-formats.ts'
import { PROBLEM_TYPE } from '../http/problem-details.ts'
import { STATUS_CODES } from '../node-http.ts'
import type { CompiledStream } from '../operation/compiled/compiled-content.ts'
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

/** The content of a response, with its media type. */
interface DescribedContent {
  readonly body: CompiledSchema | undefined
  /** Default: the media type for a schema, which is JSON or a problem. */
  readonly mediaType?: string
  /** Set for an operation whose body comes item by item. */
  readonly stream?: CompiledStream | undefined
}

/** One response, of an operation or of a message's receiver. */
interface DescribedResponse extends DescribedContent {
  /** `2XX` means any success. */
  readonly status: number | string
  readonly description: string | undefined
  readonly headers: ParameterGroup | undefined
  /** The contents from which a client chooses. */
  readonly choices?: readonly DescribedContent[] | undefined
}

/** Describes a response. */
export function createResponse(
  response: DescribedResponse,
  side: Side,
  components: Components,
  owner: Place,
): ResponseObject {
  const { status, description, headers, choices = [response] } = response
  const place = (what: string) => ({
    words: `the ${what} of status ${status} of ${owner.words}`,
    name: `${owner.name}${capital(what)}${status}`,
  })
  const contents = choices.flatMap(content => describedContent(content, side, components, place))
  return definedMembers({
    description: description ?? defaultDescription(status),
    headers: headers && createHeaders(headers.schema, side, components, place('headers')),
    content: contents.length === 0 ? undefined : withProblemExample(Object.fromEntries(contents), status),
  })
}

function describedContent(
  { body, mediaType, stream }: DescribedContent,
  side: Side,
  components: Components,
  place: (what: string) => Place,
): [string, MediaTypeObject][] {
  if (body === undefined) return []
  const name = mediaType ?? mediaTypeOf(body.source)
  if (stream?.item === undefined)
    return [[name, BODY_FORMATS.json.describe(components.schemas.schema(body, side, place('response')))]]
  const item = components.schemas.component(stream.item, side, place('item'))
  if (components.version === '3.2')
    return [[name, { itemSchema: (stream.format.describeItem?.(item) as SchemaObject | undefined) ?? item }]]
  return [[name, { schema: components.schemas.schema(body, side, place('response')), 'x-itemSchema': item }]]
}

/** Adds an example to a problem: one that tools make up from the types would show an impossible problem. */
function withProblemExample(
  content: Record<string, MediaTypeObject>,
  status: number | string,
): Record<string, MediaTypeObject> {
  const described = content[PROBLEM_TYPE]
  return described === undefined
    ? content
    : { ...content, [PROBLEM_TYPE]: { ...described, example: problemOf(Number(status)) } }
}

/** What the document says of any success. */
export const ACKNOWLEDGED = 'Any 2xx status acknowledges the request'

function defaultDescription(status: number | string): string {
  if (status === '2XX') return ACKNOWLEDGED
  return STATUS_CODES[status] ?? `Status ${status}`
}
