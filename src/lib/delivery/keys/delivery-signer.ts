import { requireKeyPair } from '../../signature/ed25519-key.ts'
import { atRestKey, recipientSecret, signingKeyPair } from '../../signature/master-secret.ts'
import { sign } from '../../signature/sign.ts'
import { webhookId } from './webhook-id.ts'

/** The keys that requests are signed with. */
export interface DeliverySigning {
  /**
   * From which the other keys are derived. In a list the first is the current one; those it replaces sign as well, so that
   * receivers may change over one by one, and open what they sealed in the store.
   */
  readonly masterSecret: string | readonly string[]
  /** Ed25519 pairs in place of the derived one. */
  readonly keyPairs?: readonly { readonly privateKey: string; readonly publicKey: string }[]
}

/** What a signature is made for. */
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

/** Signs requests as Standard Webhooks 1.0.0 says. */
export interface DeliverySigner {
  headers(message: SignedMessage): Record<string, string>
  /** That of one version under the current master secret. */
  secretFor(recipient: string, version: number): string
  /** Those that its `v1a` signatures are verified with, `whpk_…`. */
  readonly publicKeys: readonly string[]
  readonly masterSecrets: readonly string[]
}

const noBytes = new Uint8Array()

/** Throws `SigningKeyError` for a key that cannot be used. */
export function createDeliverySigner(signing: DeliverySigning): DeliverySigner {
  const masterSecrets = typeof signing.masterSecret === 'string' ? [signing.masterSecret] : signing.masterSecret
  const [current] = masterSecrets
  if (current === undefined) throw new TypeError('The list "signing.masterSecret" is empty; give at least one secret')
  // A key that cannot be used is a mistake of configuration, and would else be met only when something is sent
  masterSecrets.forEach(atRestKey)
  signing.keyPairs?.forEach(requireKeyPair)
  const pairs = signing.keyPairs ?? masterSecrets.map(signingKeyPair)
  const privateKeys = pairs.map(pair => pair.privateKey)
  return {
    masterSecrets,
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
