import { RingbackError } from '../error.ts'

/**
 * The data given to `app.restore` is not what `toJSON` of this callback gives: another callback's, of an operation
 * that the code no longer has, or with a URL that is not allowed.
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
