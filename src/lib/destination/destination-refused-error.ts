import { RingbackError } from '../error.ts'
import type { DestinationRefusal, RefusedDestination } from './verdict.ts'

/**
 * Thrown when the guard does not let a request go to its destination. Code `ERR_DESTINATION_REFUSED`.
 *
 * The message is safe to show: it is the same for every refused name and address, so that it tells nothing about the
 * network. `reason` says which rule refused and belongs in a log.
 *
 * @example
 * ```ts
 * import { createDestinationPolicy, createGuardedTransport, DestinationRefusedError } from 'ringback/destination'
 *
 * const transport = createGuardedTransport({ policy: createDestinationPolicy() })
 * const request = { method: 'GET', url: 'http://169.254.169.254/latest/meta-data/', headers: {}, body: undefined }
 * try {
 *   await transport.send(request, { timeoutMs: 5_000, responseLimitBytes: 65_536 })
 * } catch (error) {
 *   if (!(error instanceof DestinationRefusedError)) throw error
 *   console.log(error.message) // This destination is not allowed
 *   console.log(error.permanent) // true
 * }
 * ```
 */
export class DestinationRefusedError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_DESTINATION_REFUSED'
  declare readonly code: typeof DestinationRefusedError.code

  /** Which rule refused. */
  readonly reason: DestinationRefusal
  /** Whether the URL alone is refused (scheme, port, literal address): no later attempt can go better. */
  readonly permanent: boolean

  constructor(refused: RefusedDestination, options: { readonly permanent: boolean; readonly cause?: unknown }) {
    super(DestinationRefusedError.code, refused.text, 'cause' in options ? { cause: options.cause } : undefined)
    this.reason = refused.reason
    this.permanent = options.permanent
  }
}
