import { DefinitionError } from '../definition/definition-error.ts'

/**
 * How much of a body a request may have. Of several levels that give a limit the innermost holds: the operation, then the
 * router that it is registered on, then what includes that router, and so on to the application.
 */
export interface BodyLimits {
  /**
   * The largest body of a request, whoever reads it: the operation's `body`, a handler or dependency through `request`,
   * or middleware. Beyond it the response is 413. Default: 1,048,576 (1 MiB).
   */
  readonly bodyLimitBytes?: number
  /**
   * How many values a JSON body may hold: each object, list, text, number, boolean and null is one. Beyond it the response is
   * 413, before anything is validated; it bounds the time that validation may take. So is the answer to a body that is
   * both wide and deep: so many values may lie 16 levels deep. `.max()` on lists bounds it further: Zod looks
   * at the length before it looks at an item. Default: 50,000.
   */
  readonly bodyLimitValues?: number
}

export const DEFAULT_BODY_LIMITS: Required<BodyLimits> = { bodyLimitBytes: 1_048_576, bodyLimitValues: 50_000 }

/** What of the limits was given; throws a `DefinitionError` for a limit that is none. */
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
