import { RingbackError } from '../error.ts'

/**
 * Thrown by `send` when its idempotency key was used before, for the same callback, destination and recipient, with
 * other bytes. Code `ERR_IDEMPOTENCY_CONFLICT`.
 *
 * @example
 * ```ts
 * import { IdempotencyConflictError } from 'ringback/delivery'
 *
 * const error = new IdempotencyConflictError('msg_0e8a')
 * console.log(error.code, error.deliveryId) // ERR_IDEMPOTENCY_CONFLICT msg_0e8a
 * ```
 */
export class IdempotencyConflictError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_IDEMPOTENCY_CONFLICT'
  declare readonly code: typeof IdempotencyConflictError.code

  /** The first delivery with this key. */
  readonly deliveryId: string

  constructor(deliveryId: string) {
    super(
      IdempotencyConflictError.code,
      `The idempotency key belongs to delivery "${deliveryId}", which sends a different message; use a new key for a new message`,
    )
    this.deliveryId = deliveryId
  }
}
