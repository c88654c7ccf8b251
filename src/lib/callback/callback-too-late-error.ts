import { RingbackError } from '../error.ts'

/**
 * A `send` came too late: the URL of this callback reads the response, so it is stored when the handler returns.
 *
 * `code` is `ERR_CALLBACK_TOO_LATE`.
 *
 * @example
 * ```ts
 * import { CallbackTooLateError } from 'ringback/errors'
 *
 * console.log(new CallbackTooLateError('shipped').code) // ERR_CALLBACK_TOO_LATE
 * ```
 */
export class CallbackTooLateError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_CALLBACK_TOO_LATE'
  declare readonly code: typeof CallbackTooLateError.code

  constructor(callback: string) {
    super(
      CallbackTooLateError.code,
      `The callback "${callback}" reads the response, so it must be sent before the handler returns; send it in the handler itself`,
    )
  }
}
