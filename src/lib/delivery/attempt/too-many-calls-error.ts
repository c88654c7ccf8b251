import { RingbackError } from '../../error.ts'

/**
 * Thrown by `call` when so many calls already wait that one more could not get its turn in time. Nothing was sent. Code
 * `ERR_TOO_MANY_CALLS`; an application responds with 503.
 *
 * @example
 * ```ts
 * import { TooManyCallsError } from 'ringback/delivery'
 *
 * const error = new TooManyCallsError(10_000)
 * console.log(error.code) // ERR_TOO_MANY_CALLS
 * ```
 */
export class TooManyCallsError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_TOO_MANY_CALLS'
  declare readonly code: typeof TooManyCallsError.code

  constructor(waiting: number) {
    super(
      TooManyCallsError.code,
      `${waiting} calls are already waiting; try again later, use "send", or raise "delivery.callConcurrency"`,
    )
  }
}
