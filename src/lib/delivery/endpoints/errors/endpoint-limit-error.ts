import { RingbackError } from '../../../error.ts'

/**
 * Thrown by `create` if the owner has as many endpoints as one may have. Code `ERR_ENDPOINT_LIMIT`.
 *
 * @example
 * ```ts
 * import { EndpointLimitError } from 'ringback/delivery'
 *
 * console.log(new EndpointLimitError(50).code) // ERR_ENDPOINT_LIMIT
 * ```
 */
export class EndpointLimitError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_ENDPOINT_LIMIT'
  declare readonly code: typeof EndpointLimitError.code

  constructor(limit: number) {
    super(
      EndpointLimitError.code,
      `The owner has ${limit} endpoints, the most that one may have; delete one that is no longer needed`,
    )
  }
}
