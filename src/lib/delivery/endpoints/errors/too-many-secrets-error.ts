import { RingbackError } from '../../../error.ts'

/**
 * Thrown by `rotateSecret` while as many secrets sign as may. Code `ERR_TOO_MANY_SECRETS`.
 *
 * @example
 * ```ts
 * import { TooManySecretsError } from 'ringback/delivery'
 *
 * console.log(new TooManySecretsError(new Date('2026-01-31T12:00:00Z')).code) // ERR_TOO_MANY_SECRETS
 * ```
 */
export class TooManySecretsError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_TOO_MANY_SECRETS'
  declare readonly code: typeof TooManySecretsError.code

  /** When the next of them ends. */
  readonly nextEnd: Date

  constructor(nextEnd: Date) {
    super(
      TooManySecretsError.code,
      `Three secrets of the endpoint sign at present; the next of them ends at ${nextEnd.toISOString()}: rotate after that, or with an overlap of 0 seconds`,
    )
    this.nextEnd = nextEnd
  }
}
