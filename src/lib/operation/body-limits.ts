import { DefinitionError } from '../definition/definition-error.ts'
import { MULTIPART } from '../http/form/form-body.ts'
import { mediaTypeEssence } from '../http/media-type.ts'
import type { RequestView } from '../http/request-view.ts'

/**
 * How much of a body a request may have. Where several levels give a limit, the innermost wins: the operation, then its
 * router, then whatever includes that router, and so on up to the application.
 */
export interface BodyLimits {
  /**
   * The largest body that a request may have, whoever reads it: the operation's `body`, a handler or dependency through
   * `request`, or middleware. Beyond it the response is 413. Default: 1,048,576 (1 MiB), and 33,554,432 (32 MiB) for a
   * form whose schema holds files.
   */
  readonly bodyLimitBytes?: number
  /**
   * How many values a JSON body or a form may have: each object, list, text, number, boolean and null is one. Beyond it the
   * response is 413, before anything is validated; it bounds the time that validation may take. A body that is both
   * wide and deep is a 413 as well: it may have this many values if they lie 16 levels deep. `.max()` on lists bounds
   * it further: Zod looks at the length before it looks at an item. Default: 50,000.
   */
  readonly bodyLimitValues?: number
}

export const DEFAULT_BODY_LIMITS: Required<BodyLimits> = { bodyLimitBytes: 1_048_576, bodyLimitValues: 50_000 }

/** The limits of an operation with their defaults. */
export interface AllBodyLimits extends Required<BodyLimits> {
  /** The same for the media type of a form with files; undefined where none is taken. */
  readonly multipartLimitBytes: number | undefined
}

/** Files are read piece by piece, so that a large form costs little memory. */
const MULTIPART_LIMIT_BYTES = 33_554_432

/** Adds the defaults to the limits that were given. */
export const allBodyLimits = (given: BodyLimits, takesFiles: boolean): AllBodyLimits => ({
  ...DEFAULT_BODY_LIMITS,
  ...given,
  multipartLimitBytes: takesFiles ? (given.bodyLimitBytes ?? MULTIPART_LIMIT_BYTES) : undefined,
})

/** The limit of a request's body by its `Content-Type`. */
export function bodyLimitOf(limits: AllBodyLimits, request: Pick<RequestView, 'header'>): number {
  const { bodyLimitBytes, multipartLimitBytes } = limits
  if (multipartLimitBytes === undefined) return bodyLimitBytes
  return mediaTypeEssence(request.header('content-type') ?? '') === MULTIPART ? multipartLimitBytes : bodyLimitBytes
}

/** The limits that were given. Throws a `DefinitionError` for an invalid one. */
export function givenBodyLimits(given: BodyLimits, place: string): BodyLimits {
  const { bodyLimitBytes, bodyLimitValues } = given
  const limits = {
    ...(bodyLimitBytes !== undefined && { bodyLimitBytes }),
    ...(bodyLimitValues !== undefined && { bodyLimitValues }),
  }
  for (const [name, limit] of Object.entries(limits))
    if (limit !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(limit) && limit >= 0))
      throw new DefinitionError(`"${name}" of ${place} is "${limit}": give a whole number, 0 or more, or Infinity`)
  return limits
}
