import { RingbackError } from '../error.ts'
import type { ValidationError } from '../schema/validation-error.ts'

/**
 * A body, header or query parameter given to `send` or `call` is not as the callback or webhook declares it, or an option
 * is unknown or invalid: a mistake of the program, so the client gets a 500 without details. `errors` names every wrong
 * place in what was to be sent; it is empty where an option is at fault.
 *
 * `code` is `ERR_CALLBACK_ARGUMENT`.
 *
 * @example
 * ```ts
 * import { CallbackArgumentError } from 'ringback/errors'
 *
 * const error = new CallbackArgumentError('paid', [{ in: 'body', pointer: '#/paid', code: 'type', detail: 'Expected boolean' }])
 * console.log(error.message) // The callback "paid" cannot be sent: body at "#/paid": Expected boolean
 * ```
 */
export class CallbackArgumentError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_CALLBACK_ARGUMENT'
  declare readonly code: typeof CallbackArgumentError.code

  readonly errors: readonly ValidationError[]

  /** `problem` says what is wrong with the options, or names the wrong places in what was to be sent. */
  constructor(name: string, problem: readonly ValidationError[] | string, kind: 'callback' | 'webhook' = 'callback') {
    const errors = typeof problem === 'string' ? [] : problem
    const [first] = errors
    const text = typeof problem === 'string' ? problem : `${first?.in} at "${first?.pointer}": ${first?.detail}`
    super(CallbackArgumentError.code, `The ${kind} "${name}" cannot be sent: ${text}`)
    this.errors = errors
  }
}
