import { RingbackError } from '../error.ts'

/**
 * Thrown by `send` and `store` when the given `transaction` is not a connection to the delivery store's database with
 * an open transaction. Code `ERR_NOT_IN_TRANSACTION`.
 *
 * @example
 * ```ts
 * import { NotInTransactionError } from 'ringback/delivery'
 *
 * const error = new NotInTransactionError('no transaction is open on it')
 * console.log(error.message) // Cannot store in this transaction: no transaction is open on it
 * ```
 */
export class NotInTransactionError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_NOT_IN_TRANSACTION'
  declare readonly code: typeof NotInTransactionError.code

  constructor(reason: string) {
    super(NotInTransactionError.code, `Cannot store in this transaction: ${reason}`)
  }
}
