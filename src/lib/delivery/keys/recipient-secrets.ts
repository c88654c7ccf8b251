import type { Clock } from '../../clock.ts'
import { canonicalUrl } from '../../url/canonical-url.ts'
import type { DeliveryStore } from '../delivery-store.ts'
import { checkStoredText } from '../manage/check-stored-text.ts'
import type { SharedParts } from '../shared-parts.ts'
import type { DeliverySigner } from './delivery-signer.ts'
import type { StoreKeys } from './store-keys.ts'

/** The secrets with which recipients verify `v1` signatures. */
export interface RecipientSecrets {
  /**
   * The newest secret of a recipient, which is what `send` or `delivery.recipient` names, else the base URL that the
   * receiver gave. Show it only to someone who is known to be that recipient. Throws `MasterSecretUnknownError` if the
   * store was used with other master secrets, and `StoreUnavailableError`.
   */
  secretFor(recipient: string): Promise<string>
  /**
   * Replaces a recipient's secret, because it leaked or is old, and resolves to the new one. The old secret signs as
   * well for `overlapSeconds` (default 86,400; 0 ends it at once), so that the receiver can change over meanwhile. At
   * most three secrets sign at the same time. Throws a `RangeError` for an overlap that is negative or longer than a
   * year, and what `secretFor` throws.
   *
   * Other recipients, and `v1a` signatures, are not affected. To change those, change the master secret.
   */
  rotateSecret(recipient: string, options?: { readonly overlapSeconds?: number }): Promise<string>
}

const usualOverlapSeconds = 86_400
const longestOverlapSeconds = 366 * 86_400

/** Derives the secrets. The store only knows how often each was rotated. */
export function createRecipientSecrets(
  { store, keys, clock }: Pick<SharedParts, 'store' | 'keys' | 'clock'>,
  signer: Pick<DeliverySigner, 'secretFor'>,
): RecipientSecrets {
  return {
    async secretFor(text) {
      checkStoredText('recipient', text)
      await keys.ensure()
      const recipient = canonicalUrl(text)
      const [newest = 1] = await store.secretVersions({ recipient, now: clock.now() })
      return signer.secretFor(recipient, newest)
    },
    async rotateSecret(text, { overlapSeconds = usualOverlapSeconds } = {}) {
      if (!(overlapSeconds >= 0 && overlapSeconds <= longestOverlapSeconds))
        throw new RangeError(
          `"overlapSeconds" is ${overlapSeconds}; give a number from 0 to ${longestOverlapSeconds.toLocaleString('en')}`,
        )
      checkStoredText('recipient', text)
      if (text === '') throw new RangeError('The recipient is empty: name the one whose secret you want to rotate')
      await keys.ensure()
      const recipient = canonicalUrl(text)
      const overlapMs = Math.round(overlapSeconds * 1000)
      const version = await store.rotateSecret({ recipient, overlapMs, now: clock.now() })
      return signer.secretFor(recipient, version)
    },
  }
}
