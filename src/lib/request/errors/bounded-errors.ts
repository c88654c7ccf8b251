import { cutText } from '../../cut-text.ts'
import { MOST_CHARACTERS, MOST_PLACES } from '../../schema/issue.ts'
import type { ValidationError } from '../../schema/validation-error.ts'

/** The length of all entries of a response together. In JSON their text may be six times as long. */
const MOST_BYTES = 90_000

/** This few entries are never too long. */
const FEW = 30

/**
 * The entries of one response, for all parts of the request together: at most 100, each pointer and detail cut to 200
 * characters, and all of them to a size that is safe for every client.
 */
export function boundedErrors(errors: readonly ValidationError[]): readonly ValidationError[] {
  const cut = errors.slice(0, MOST_PLACES).map(cutError)
  if (cut.length <= FEW) return cut
  let bytes = 0
  const end = cut.findIndex(error => {
    bytes += Buffer.byteLength(JSON.stringify(error))
    return bytes > MOST_BYTES
  })
  return end < 0 ? cut : cut.slice(0, end)
}

function cutError(error: ValidationError): ValidationError {
  const { pointer, detail } = error
  if (pointer.length <= MOST_CHARACTERS && detail.length <= MOST_CHARACTERS) return error
  return { ...error, pointer: cutText(pointer, MOST_CHARACTERS), detail: cutText(detail, MOST_CHARACTERS) }
}
