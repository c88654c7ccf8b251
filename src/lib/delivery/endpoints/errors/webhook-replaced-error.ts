import { RingbackError } from '../../../error.ts'

/**
 * Thrown by a send of a webhook that a newer one replaces. Code `ERR_WEBHOOK_REPLACED`.
 *
 * @example
 * ```ts
 * import { WebhookReplacedError } from 'ringback/delivery'
 *
 * console.log(new WebhookReplacedError('invoice.paid', 'invoice.paid.v2').code) // ERR_WEBHOOK_REPLACED
 * ```
 */
export class WebhookReplacedError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_WEBHOOK_REPLACED'
  declare readonly code: typeof WebhookReplacedError.code

  constructor(event: string, newer: string) {
    super(
      WebhookReplacedError.code,
      `"${event}" is replaced by "${newer}"; send that: whoever listens to "${event}" gets the earlier form of it`,
    )
  }
}
