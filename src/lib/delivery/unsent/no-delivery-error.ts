import { RingbackError } from '../../error.ts'

/**
 * This runtime cannot send callbacks: it has no thread for a store and no sockets that the guard could judge. Nothing was
 * stored or sent. On Cloudflare's workerd, `send` and `call` reject with it, and so does all that `app.deliveries` offers.
 *
 * @example
 * ```ts
 * import { NoDeliveryError } from 'ringback/errors'
 *
 * console.log(NoDeliveryError.code) // ERR_NO_DELIVERY
 * ```
 */
export class NoDeliveryError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_NO_DELIVERY'
  declare readonly code: typeof NoDeliveryError.code

  constructor(runtime: string) {
    super(
      'ERR_NO_DELIVERY',
      `Callbacks cannot be sent from ${runtime}: let an application on Node, Bun or Deno send them`,
    )
  }
}
