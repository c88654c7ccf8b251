import { RingbackError } from '../../error.ts'

/**
 * Thrown by `call` when `delivery.attemptHeaders` threw an error (`cause`), did not return in time, or gave a header
 * that it may not give. Nothing was sent. Code `ERR_ATTEMPT_HEADERS`; an application responds with 502. For a delivery, the
 * attempt is `abandoned`.
 *
 * @example
 * ```ts
 * import { AttemptHeadersError } from 'ringback/delivery'
 *
 * const error = new AttemptHeadersError('threw an error', { cause: new Error('the token server is away') })
 * console.log(error.code, error.message) // ERR_ATTEMPT_HEADERS "attemptHeaders" threw an error
 * ```
 */
export class AttemptHeadersError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_ATTEMPT_HEADERS'
  declare readonly code: typeof AttemptHeadersError.code

  constructor(reason: string, options?: { cause?: unknown }) {
    super(AttemptHeadersError.code, `"attemptHeaders" ${reason}`, options)
  }
}
