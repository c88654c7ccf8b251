import { RingbackError } from '../../error.ts'

/**
 * Thrown by `send` for a header that only the engine may set (hop-by-hop headers, `host`, `content-length`, `cdn-loop`,
 * `webhook-*`) or that HTTP does not allow. Code `ERR_RESERVED_HEADER`.
 *
 * @example
 * ```ts
 * import { ReservedHeaderError } from 'ringback/delivery'
 *
 * const error = new ReservedHeaderError('webhook-id', 'it is reserved')
 * console.log(error.code) // ERR_RESERVED_HEADER
 * ```
 */
export class ReservedHeaderError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_RESERVED_HEADER'
  declare readonly code: typeof ReservedHeaderError.code

  readonly header: string
  readonly reason: string

  constructor(header: string, reason: string) {
    super(ReservedHeaderError.code, `Cannot send the header "${header}": ${reason}`)
    this.header = header
    this.reason = reason
  }
}
