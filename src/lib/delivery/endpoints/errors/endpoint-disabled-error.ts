import { RingbackError } from '../../../error.ts'
import type { DisabledReason } from '../endpoint.ts'

/**
 * Thrown by `recover`, and by a replay, for a disabled endpoint, and by `enable` for one that only an operator may enable. Code `ERR_ENDPOINT_DISABLED`.
 *
 * @example
 * ```ts
 * import { EndpointDisabledError } from 'ringback/delivery'
 *
 * console.log(new EndpointDisabledError('owner').code) // ERR_ENDPOINT_DISABLED
 * ```
 */
export class EndpointDisabledError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_ENDPOINT_DISABLED'
  declare readonly code: typeof EndpointDisabledError.code

  readonly reason: DisabledReason

  constructor(reason: DisabledReason) {
    super(EndpointDisabledError.code, `The endpoint is disabled (${reason}); ${mending(reason)}`)
    this.reason = reason
  }
}

function mending(reason: DisabledReason): string {
  return reason === 'operator' ? 'only the operator of the API can enable it' : 'enable it first'
}
