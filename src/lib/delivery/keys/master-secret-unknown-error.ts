import { RingbackError } from '../../error.ts'

/**
 * Thrown when the delivery store was used with other master secrets than the given ones: signatures would suddenly
 * change for every receiver. Nothing was stored or signed. Code `ERR_MASTER_SECRET_UNKNOWN`; `start` rejects with it,
 * and an application responds with 503.
 *
 * @example
 * ```ts
 * import { createDelivery, MasterSecretUnknownError, memoryStore } from 'ringback/delivery'
 * import { generateSecret } from 'ringback/signature'
 *
 * const store = memoryStore()
 * await createDelivery({ store, signing: { masterSecret: generateSecret() }, worker: false }).start()
 * try {
 *   await createDelivery({ store, signing: { masterSecret: generateSecret() }, worker: false }).start()
 * } catch (error) {
 *   console.log(error instanceof MasterSecretUnknownError) // true
 * }
 * ```
 */
export class MasterSecretUnknownError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_MASTER_SECRET_UNKNOWN'
  declare readonly code: typeof MasterSecretUnknownError.code

  /** `store` is where the store is; `given` says what was found instead of its secret. */
  constructor(store: string, given = 'none of the given master secrets is among them') {
    super(
      MasterSecretUnknownError.code,
      `The delivery store "${store}" was used with other master secrets: ${given}. Put the earlier one back (in the file "master-secret" beside the store, RINGBACK_MASTER_SECRET or "signing.masterSecret"; to rotate, list it after the new one) or, if every receiver is to get new keys, run "ringback keys adopt"`,
    )
  }
}
