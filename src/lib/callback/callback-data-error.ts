import { RingbackError } from '../error.ts'

/**
 * The data given to `app.restore` did not come from `toJSON` of this callback: it is another callback's, or of an
 * operation that no longer exists, or its URL is not allowed.
 *
 * `code` is `ERR_CALLBACK_DATA`.
 *
 * @example
 * ```ts
 * import { Ringback, callback } from 'ringback'
 * import { CallbackDataError } from 'ringback/errors'
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * try {
 *   app.restore(callback.post('https://www.external.org/events', {}), { operation: 'gone' })
 * } catch (error) {
 *   console.log(error instanceof CallbackDataError) // true
 * }
 * ```
 */
export class CallbackDataError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_CALLBACK_DATA'
  declare readonly code: typeof CallbackDataError.code

  constructor(reason: string) {
    super(CallbackDataError.code, `The callback cannot be restored: ${reason}`)
  }
}
