import { RingbackError } from '../../../error.ts'

/**
 * Thrown by `create`, `update` and `import` for a value that an endpoint cannot have. Code `ERR_INVALID_ENDPOINT`.
 *
 * @example
 * ```ts
 * import { InvalidEndpointError } from 'ringback/delivery'
 *
 * const error = new InvalidEndpointError('/events/0', 'there is no event "invoice.payed"')
 * console.log(error.message) // Invalid endpoint, at /events/0: there is no event "invoice.payed"
 * ```
 */
export class InvalidEndpointError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_INVALID_ENDPOINT'
  declare readonly code: typeof InvalidEndpointError.code

  /** Where the value is, as a JSON Pointer into what was given. */
  readonly pointer: string
  /** What is wrong with it, and how to mend it. May be shown to whoever gave it. */
  readonly detail: string

  constructor(pointer: string, detail: string) {
    super(InvalidEndpointError.code, `Invalid endpoint, at ${pointer}: ${detail}`)
    this.pointer = pointer
    this.detail = detail
  }
}
