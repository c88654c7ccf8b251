import { RingbackError } from '../../../error.ts'

/**
 * Thrown for the id of an endpoint that this owner does not have. Code `ERR_ENDPOINT_NOT_FOUND`.
 *
 * @example
 * ```ts
 * import { EndpointNotFoundError } from 'ringback/delivery'
 *
 * console.log(new EndpointNotFoundError().code) // ERR_ENDPOINT_NOT_FOUND
 * ```
 */
export class EndpointNotFoundError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_ENDPOINT_NOT_FOUND'
  declare readonly code: typeof EndpointNotFoundError.code

  constructor() {
    super(EndpointNotFoundError.code, 'This owner has no endpoint with this id; look at the list of its endpoints')
  }
}
