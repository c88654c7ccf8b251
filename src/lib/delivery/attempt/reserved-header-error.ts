import { RingbackError } from '../../error.ts'

/**
 * Thrown by `send` for a header that only the sender itself may set (hop-by-hop headers, `host`, `content-length`, `cdn-loop`,
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
  readonly header: string

  constructor(header: string, reason: string) {
    super('ERR_RESERVED_HEADER', `Cannot send the header "${header}": ${reason}`)
    this.header = header
  }
}
