import { RingbackError } from '../error.ts'

/**
 * Thrown when the delivery store cannot do its work now: it is locked, full, unreachable, overloaded, or not a delivery
 * store. Nothing was stored; the same call may succeed later, without a restart. Code `ERR_STORE_UNAVAILABLE`; an
 * application responds with 503.
 *
 * @example
 * ```ts
 * import { StoreUnavailableError } from 'ringback/delivery'
 *
 * const error = new StoreUnavailableError('the disk is full')
 * console.log(error.message) // The delivery store is unavailable: the disk is full
 * ```
 */
export class StoreUnavailableError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_STORE_UNAVAILABLE'
  declare readonly code: typeof StoreUnavailableError.code

  /** Why, without the first words of the message. */
  readonly reason: string
  /**
   * Whether it stays so until somebody repairs it, for example because the file is not a database. A start is refused
   * then.
   */
  readonly lasting: boolean

  constructor(reason: string, { lasting = false, ...options }: { cause?: unknown; lasting?: boolean } = {}) {
    super(StoreUnavailableError.code, `The delivery store is unavailable: ${reason}`, options)
    this.reason = reason
    this.lasting = lasting
  }
}
