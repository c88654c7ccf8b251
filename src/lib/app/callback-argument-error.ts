import { RingbackError } from '../error.ts'
import type { ValidationError } from '../schema/validation-error.ts'

/**
 * A body, header or query parameter given to `send` or `call` is not as the callback declares it: a mistake of the
 * program, so the client gets a 500 that tells nothing. `errors` names every place.
 *
 * `code` is `ERR_CALLBACK_ARGUMENT`.
 *
 * @example
 * ```ts
 * import { CallbackArgumentError } from 'ringback/errors'
 *
 * const error = new CallbackArgumentError('paid', [{ in: 'body', pointer: '#/paid', detail: 'Expected boolean' }])
 * console.log(error.message) // The callback "paid" cannot be sent: body at "#/paid": Expected boolean
 * ```
 */
export class CallbackArgumentError extends RingbackError {
  readonly errors: readonly ValidationError[]

  constructor(callback: string, errors: readonly ValidationError[]) {
    const first = errors[0]
    super(
      'ERR_CALLBACK_ARGUMENT',
      `The callback "${callback}" cannot be sent: ${first?.in} at "${first?.pointer}": ${first?.detail}`,
    )
    this.errors = errors
  }
}
