import { RingbackError } from '../error.ts'

/**
 * The receiver of a `call` gave a response that the callback does not declare: another status, or a body that its
 * schema refuses. `status` is the response's. If it is not caught, the client gets a 502.
 *
 * `code` is `ERR_CALLBACK_RESPONSE`.
 *
 * @example
 * ```ts
 * import { CallbackResponseError } from 'ringback/errors'
 *
 * const error = new CallbackResponseError('paid', 500, 'the status is not declared')
 * console.log(error.status, error.message)
 * ```
 */
export class CallbackResponseError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_CALLBACK_RESPONSE'
  declare readonly code: typeof CallbackResponseError.code

  readonly status: number

  constructor(callback: string, status: number, reason: string) {
    super(CallbackResponseError.code, `The receiver of the callback "${callback}" responded with ${status}: ${reason}`)
    this.status = status
  }
}
