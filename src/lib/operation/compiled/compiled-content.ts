import { DefinitionError } from '../../definition/definition-error.ts'
import type { BodyFormat } from '../../http/body/body-format.ts'
import { BODY_FORMATS } from '../../http/body/body-formats.ts'
import type { StreamFormat } from '../../http/body/stream-format.ts'
import { mediaTypeEssence } from '../../http/media-type.ts'
import type { CompiledSchema } from '../../schema/compiled-schema.ts'
import { compileSent } from '../../schema/encoding/sent-schema.ts'
import { compilePruning, type Pruning } from '../../schema/prune.ts'
import type { Schema } from '../../schema/schema.ts'
import { contentOf } from '../bodies/content-schema.ts'
import { contentsOf, type ResponseSchema } from '../bodies/response-choice.ts'
import { mediaTypeOf } from '../problem.ts'

/** The content of a response, compiled. */
export interface CompiledContent {
  readonly body: CompiledSchema | undefined
  /** How the body is written. */
  readonly format: BodyFormat
  /** Present where the body is streamed. */
  readonly stream: CompiledStream | undefined
  /** The media type of the body; of a file, it may be a range. */
  readonly mediaType: string
  readonly isFile: boolean
  /** Removes what the schema does not declare, whatever its library let through. */
  readonly prune: Pruning | undefined
}

/** How the items of a response are written, checked and pruned. There is no schema where they are bytes or text. */
export interface CompiledStream {
  readonly format: StreamFormat
  readonly item: CompiledSchema | undefined
  readonly prune: Pruning | undefined
}

/** The content of a response, or each from which a client chooses. Throws a `DefinitionError`. */
export function compileContents(response: ResponseSchema, place: string): CompiledContent[] {
  const schemas = contentsOf(response)
  if (schemas.length === 0)
    throw new DefinitionError(`"response" of ${place} is an empty list: give a schema for each media type`)
  const contents = schemas.map(schema => compileContent(schema, place))
  if (contents.length === 1) return contents
  for (const [index, { mediaType }] of contents.entries()) {
    if (mediaType.includes('*'))
      throw new DefinitionError(
        `"response" of ${place} offers a file of any type in "${mediaType}": give it one media type, by which clients can choose it`,
      )
    if (contents.findIndex(other => essenceOf(other) === mediaTypeEssence(mediaType)) !== index)
      throw new DefinitionError(
        `"response" of ${place} has the media type "${mediaType}" twice: clients could not choose between them`,
      )
  }
  return contents
}

const essenceOf = ({ mediaType }: CompiledContent): string => mediaTypeEssence(mediaType)

/** One content of a response. */
export function compileContent(schema: Schema | undefined, place: string): CompiledContent {
  const content = contentOf(schema)
  if (content?.form !== undefined || content?.oneOf !== undefined)
    throw new DefinitionError(
      `"response" of ${place} is a ${content.form === undefined ? '"oneOf"' : 'form'}, which only a body can be: give another schema`,
    )
  const body = schema && compileSent(schema, `"response" of ${place}`)
  const plain = { body, format: BODY_FORMATS.json, stream: undefined, mediaType: mediaTypeOf(schema), isFile: false }
  if (content === undefined) return { ...plain, prune: body && compilePruning(body.output) }
  if (content.file !== undefined) return { ...plain, isFile: true, prune: undefined }
  if (content.stream === undefined) {
    const prune = content.isJson && body && compilePruning(body.output)
    return { ...plain, format: content.format, prune }
  }
  const item = content.item && compileSent(content.item, `items of "response" of ${place}`)
  const stream = { format: content.stream, item, prune: item && compilePruning(item.output) }
  return { ...plain, stream, prune: undefined }
}
