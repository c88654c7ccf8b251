import { holdsMoreValues, isSmallBody } from '../../json/holds-more-values.ts'
import { opensMore } from '../../json/opens-more.ts'
import { HttpError } from '../http-error.ts'
import { isJsonType, mediaTypeEssence } from '../media-type.ts'
import type { WholeBodyFormat } from './body-format.ts'
import { ContentTooLargeError } from './content-too-large-error.ts'

/**
 * Counting the brackets of a body takes as long as parsing it. Below this size, brackets alone take at most 20 MB of
 * the parser's memory.
 */
const CHEAP_TO_PARSE = 200_000

/** JSON (RFC 8259: UTF-8). Reading throws a 413 over a limit, and a 400 for what is not JSON. */
export const JSON_BODY: WholeBodyFormat = {
  mediaType: 'application/json',
  fits: isJsonType,
  read: async (view, limitValues) => JSON_BODY.parse(await view.readBody(), limitValues),
  parse(bytes, limitValues) {
    if (bytes.byteLength === 0) return undefined
    if (bytes.byteLength > CHEAP_TO_PARSE && opensMore(bytes, limitValues))
      throw new ContentTooLargeError(limitValues, 'values')
    const value = parseJson(bytes)
    if (!isSmallBody(bytes.byteLength, limitValues) && holdsMoreValues(value, limitValues))
      throw new ContentTooLargeError(limitValues, 'values')
    return value
  },
  write: value => JSON.stringify(value) as string | undefined,
  describe: schema => ({ schema }),
}

/** JSON under another media type: only under that one. */
export function jsonBody(mediaType: string): WholeBodyFormat {
  const essence = mediaTypeEssence(mediaType)
  return { ...JSON_BODY, mediaType, fits: contentType => mediaTypeEssence(contentType) === essence }
}

/** The value of a message that is JSON text. Throws as reading a body does. */
export function readJsonText(text: string, limitValues: number): unknown {
  if (text.length > CHEAP_TO_PARSE && opensMore(Buffer.from(text), limitValues))
    throw new ContentTooLargeError(limitValues, 'values')
  const value = parseText(text, 'message')
  if (!isSmallBody(text.length, limitValues) && holdsMoreValues(value, limitValues))
    throw new ContentTooLargeError(limitValues, 'values')
  return value
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function parseJson(bytes: Uint8Array): unknown {
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    throw new HttpError(400, 'The body is not UTF-8 text')
  }
  return parseText(text, 'body')
}

function parseText(text: string, what: 'body' | 'message'): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new HttpError(400, `The ${what} is not JSON: ${reasonOf(error)}`)
  }
}

/** V8 repeats a part of the text in its message, which does not belong in a log; only the position is kept. */
function reasonOf(error: unknown): string {
  const position =
    error instanceof Error ? /at position \d+(?: \(line \d+ column \d+\))?/.exec(error.message)?.[0] : undefined
  return position === undefined
    ? 'it ends too early or has an unexpected token'
    : `there is an unexpected token ${position}`
}
