import { RingbackError } from '../error.ts'

/**
 * Thrown by `send` and `store` when the `transaction` they were given is not a connection of the delivery store's database
 * on which a transaction is open. Code `ERR_NOT_IN_TRANSACTION`.
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
  constructor(reason: string) {
    super('ERR_NOT_IN_TRANSACTION', `Cannot store in this transaction: ${reason}`)
  }
}
