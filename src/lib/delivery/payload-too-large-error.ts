import { RingbackError } from '../error.ts'

/**
 * Thrown by `send` when a body is longer than `payloadLimitBytes`. Code `ERR_PAYLOAD_TOO_LARGE`.
 *
 * @example
 * ```ts
 * import { PayloadTooLargeError } from 'ringback/delivery'
 *
 * const error = new PayloadTooLargeError(300_000, 262_144)
 * console.log(error.code) // ERR_PAYLOAD_TOO_LARGE
 * ```
 */
export class PayloadTooLargeError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_PAYLOAD_TOO_LARGE'
  declare readonly code: typeof PayloadTooLargeError.code

  readonly bytes: number
  readonly limitBytes: number

  constructor(bytes: number, limitBytes: number) {
    super(
      PayloadTooLargeError.code,
      `The body has ${bytes} bytes and the limit is ${limitBytes}; send a link to the data instead, or raise "payloadLimitBytes"`,
    )
    this.bytes = bytes
    this.limitBytes = limitBytes
  }
}
