import { requireKeyPair } from '../../signature/ed25519-key.ts'
import { atRestKey, recipientSecret, signingKeyPair } from '../../signature/master-secret.ts'
import { sign } from '../../signature/sign.ts'
import { webhookId } from './webhook-id.ts'

/** The keys that requests are signed with. */
export interface DeliverySigning {
  /**
   * The secret that all other keys are derived from. In a list, the first one is current. The ones it replaces sign as
   * well, so that receivers can change over one by one, and they open what was sealed with them in the store.
   */
  readonly masterSecret: string | readonly string[]
  /** Ed25519 key pairs, instead of the derived one. */
  readonly keyPairs?: readonly { readonly privateKey: string; readonly publicKey: string }[]
}

/** What is signed. */
export interface SignedMessage {
  readonly id: string
  readonly destination: string
  readonly recipient: string | undefined
  readonly destinationHash: string
  readonly secretVersions: readonly number[]
  readonly body: Uint8Array | undefined
  /** Epoch milliseconds. */
  readonly now: number
}

/** Signs requests as Standard Webhooks 1.0.0 requires. */
export interface DeliverySigner {
  headers(message: SignedMessage): Record<string, string>
  /** The secret of one version, derived from the current master secret. */
  secretFor(recipient: string, version: number): string
  /** The public keys for its `v1a` signatures, `whpk_…`. */
  readonly publicKeys: readonly string[]
  readonly masterSecrets: readonly string[]
  /** The keys of its `v1a` signatures. */
  readonly privateKeys: readonly string[]
}

const noBytes = new Uint8Array()

/** Throws `SigningKeyError` for a key that cannot be used. */
export function createDeliverySigner(signing: DeliverySigning): DeliverySigner {
  const masterSecrets = typeof signing.masterSecret === 'string' ? [signing.masterSecret] : signing.masterSecret
  const [current] = masterSecrets
  if (current === undefined) throw new TypeError('The list "signing.masterSecret" is empty; give at least one secret')
  // An unusable key is a mistake in the configuration. Without this it would be found only when something is sent
  masterSecrets.forEach(atRestKey)
  signing.keyPairs?.forEach(requireKeyPair)
  const pairs = signing.keyPairs ?? masterSecrets.map(signingKeyPair)
  const privateKeys = pairs.map(pair => pair.privateKey)
  return {
    masterSecrets,
    privateKeys,
    publicKeys: pairs.map(pair => pair.publicKey),
    secretFor: (recipient, version) => recipientSecret(current, recipient, version),
    headers({ id, destination, recipient = destination, destinationHash, secretVersions, body, now }) {
      const messageId = webhookId({ id, destinationHash })
      const timestamp = Math.floor(now / 1000)
      const secrets = masterSecrets.flatMap(masterSecret =>
        secretVersions.map(version => recipientSecret(masterSecret, recipient, version)),
      )
      return {
        'webhook-id': messageId,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': sign({ id: messageId, timestamp, body: body ?? noBytes, secrets, privateKeys }),
      }
    },
  }
}
