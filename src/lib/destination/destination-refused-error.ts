import { RingbackError } from '../error.ts'
import type { DestinationRefusal, RefusedDestination } from './verdict.ts'

/**
 * Thrown when the guard refuses the destination of a request. Code `ERR_DESTINATION_REFUSED`.
 *
 * The message may be shown to anybody: it is the same for every refused name and address, so it reveals nothing about
 * the network. `reason` names the rule and belongs in a log only.
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
  /** Whether the URL itself is refused (scheme, port, literal address), so that no later attempt can succeed. */
  readonly permanent: boolean

  constructor(refused: RefusedDestination, options: { readonly permanent: boolean; readonly cause?: unknown }) {
    super(DestinationRefusedError.code, refused.text, 'cause' in options ? { cause: options.cause } : undefined)
    this.reason = refused.reason
    this.permanent = options.permanent
  }
}
