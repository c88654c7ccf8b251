import { RingbackError } from '../../error.ts'

/**
 * Thrown by `call` where so many calls wait already that one more would only wait in vain. Nothing was sent. Code
 * `ERR_TOO_MANY_CALLS`; an application answers 503.
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
  constructor(waiting: number) {
    super(
      'ERR_TOO_MANY_CALLS',
      `${waiting} calls are already waiting; try again later, use "send", or raise "delivery.callConcurrency"`,
    )
  }
}
