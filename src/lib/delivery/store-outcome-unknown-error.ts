import { RingbackError } from '../error.ts'

/**
 * Thrown when the delivery store began something and did not answer in time, for example because its disk hangs. The
 * work may have been done, or may still be done. Storing the same prepared deliveries again is safe, because their ids
 * are the same; calling `send` again may send twice. Code `ERR_STORE_OUTCOME_UNKNOWN`; an application responds with 503 and
 * says that the outcome is unknown.
 *
 * @example
 * ```ts
 * import { StoreOutcomeUnknownError } from 'ringback/delivery'
 *
 * const error = new StoreOutcomeUnknownError('it does not answer')
 * console.log(error.message) // The delivery store did not confirm it, so it may have been stored: it does not answer
 * ```
 */
export class StoreOutcomeUnknownError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_STORE_OUTCOME_UNKNOWN'
  declare readonly code: typeof StoreOutcomeUnknownError.code

  constructor(reason: string, options?: { cause?: unknown }) {
    super(
      StoreOutcomeUnknownError.code,
      `The delivery store did not confirm it, so it may have been stored: ${reason}`,
      options,
    )
  }
}
