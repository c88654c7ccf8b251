import { DefinitionError } from '../definition/definition-error.ts'

/**
 * How much of a body a request may have. Where several levels give a limit, the innermost wins: the operation, then its
 * router, then whatever includes that router, and so on up to the application.
 */
export interface BodyLimits {
  /**
   * The largest body that a request may have, whoever reads it: the operation's `body`, a handler or dependency through
   * `request`, or middleware. Beyond it the response is 413. Default: 1,048,576 (1 MiB).
   */
  readonly bodyLimitBytes?: number
  /**
   * How many values a JSON body may have: each object, list, text, number, boolean and null is one. Beyond it the
   * response is 413, before anything is validated; it bounds the time that validation may take. A body that is both
   * wide and deep is a 413 as well: it may have this many values if they lie 16 levels deep. `.max()` on lists bounds
   * it further: Zod looks at the length before it looks at an item. Default: 50,000.
   */
  readonly bodyLimitValues?: number
}

export const DEFAULT_BODY_LIMITS: Required<BodyLimits> = { bodyLimitBytes: 1_048_576, bodyLimitValues: 50_000 }

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
