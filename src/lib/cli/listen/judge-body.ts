import type { MessageContent } from '../../document/message/outgoing-message.ts'
import type { ValueFault } from '../../document/message/value-check.ts'
import { isJsonType, mediaTypeEssence } from '../../http/media-type.ts'
import { decodeJson } from '../../json/decode-json.ts'
import type { MessageRoute } from './message-route.ts'
import { contentOf } from './message-route.ts'

/** What is wrong with a body, and the status that says so. */
export interface BodyFault {
  readonly status: 400 | 415 | 422
  readonly detail: string
  readonly errors: readonly ValueFault[]
}

/** Compares a body with what a callback or webhook declares. */
export function judgeBody(
  route: MessageRoute,
  contentType: string | undefined,
  body: Uint8Array,
): BodyFault | undefined {
  const { contents, bodyRequired } = route.message
  if (body.length === 0) {
    if (!bodyRequired || contents.length === 0) return undefined
    return { status: 422, detail: 'The request has no body, and must have one', errors: [] }
  }
  return judgeContent(contents, contentType, body, content => route.check(content))
}

/** The same for any declared contents, of a response too. */
export function judgeContent(
  contents: readonly MessageContent[],
  contentType: string | undefined,
  body: Uint8Array,
  checkOf: (content: MessageContent) => (value: unknown) => readonly ValueFault[],
): BodyFault | undefined {
  if (contents.length === 0) return undefined
  const content = contentOf(contents, contentType)
  if (content === undefined) {
    const declared = contents.map(({ mediaType }) => `"${mediaType}"`).join(', ')
    return {
      status: 415,
      detail: `The content type "${contentType}" is not declared; declared: ${declared}`,
      errors: [],
    }
  }
  const read = readValue(content, body)
  if (read === 'unchecked') return undefined
  if (read === 'broken') return { status: 400, detail: 'The body is not JSON', errors: [] }
  const errors = checkOf(content)(read.value)
  if (errors.length === 0) return undefined
  const [first] = errors
  return { status: 422, detail: `The body breaks its schema: ${first!.pointer} ${first!.detail}`, errors }
}

function readValue({ mediaType }: MessageContent, body: Uint8Array): { value: unknown } | 'broken' | 'unchecked' {
  const essence = mediaTypeEssence(mediaType)
  if (essence === 'application/x-www-form-urlencoded')
    return { value: Object.fromEntries(new URLSearchParams(Buffer.from(body).toString())) }
  if (!isJsonType(essence) && essence !== '*/*' && essence !== 'application/*') return 'unchecked'
  try {
    return { value: decodeJson(body) }
  } catch {
    return 'broken'
  }
}
