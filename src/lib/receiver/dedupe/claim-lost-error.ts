import { RingbackError } from '../../error.ts'

/**
 * A handler took longer than its claim holds, and another one may have the message now: what this one has done must not
 * be committed. `handled` throws it, so let it end your transaction; `leaseSeconds` of the dedupe makes claims longer.
 *
 * Code `ERR_CLAIM_LOST`.
 *
 * @example
 * ```ts
 * import { callback } from 'ringback'
 * import { ClaimLostError } from 'ringback/errors'
 * import { type Dedupe, receive } from 'ringback/receiver'
 * import { generateSecret } from 'ringback/signature'
 *
 * export const receiver = (dedupe: Dedupe) =>
 *   receive(callback.post('{$callback_url}', {}), { secrets: [generateSecret()], dedupe }, async ({ handled }) => {
 *     try {
 *       return await handled(undefined)
 *     } catch (error) {
 *       if (error instanceof ClaimLostError) console.warn('Somebody else handles it now')
 *       throw error
 *     }
 *   })
 * ```
 */
export class ClaimLostError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_CLAIM_LOST'
  declare readonly code: typeof ClaimLostError.code

  constructor() {
    super(
      ClaimLostError.code,
      'The handler took longer than its claim holds, and somebody else has the message now: roll back, or give the dedupe a longer "leaseSeconds"',
    )
  }
}
