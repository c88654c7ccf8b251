import { RingbackError } from '../../error.ts'

/**
 * Thrown by `deliveries.erase` when the deliveries are gone, but their bytes are still in the log of the database,
 * because something (a backup, an open SQLite shell) was reading it all the time. Every process that uses the store
 * keeps trying to empty the log; call `erase` again to wait for that. Code `ERR_ERASE_PENDING`.
 *
 * @example
 * ```ts
 * import { ErasePendingError } from 'ringback/delivery'
 *
 * const error = new ErasePendingError(3)
 * console.log(error.code, error.erased) // ERR_ERASE_PENDING 3
 * ```
 */
export class ErasePendingError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_ERASE_PENDING'
  declare readonly code: typeof ErasePendingError.code

  /** How many deliveries were removed. */
  readonly erased: number

  constructor(erased: number) {
    super(
      ErasePendingError.code,
      `Removed ${erased} ${erased === 1 ? 'delivery' : 'deliveries'}, but their bytes stay in the log of the store until nobody reads it any more; call "erase" again to wait for that`,
    )
    this.erased = erased
  }
}
