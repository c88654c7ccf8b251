import { signedContent } from './signed-content.ts'
import { SigningKeyError } from './signing-key-error.ts'
import { type SigningKeys, signatureVersions } from './versions.ts'

/** What `sign` signs, and with which keys: at least one. */
export interface SignOptions extends SigningKeys {
  /** The value of `webhook-id`: the same for each attempt to deliver one message; visible ASCII without a dot. */
  readonly id: string
  /** The value of `webhook-timestamp`: whole seconds since 1970-01-01T00:00:00Z, those of this attempt. */
  readonly timestamp: number
  /** The bytes that are sent, exactly; text is sent as UTF-8. */
  readonly body: Uint8Array | string
}

/**
 * Signs a message as Standard Webhooks 1.0.0 says, and gives the value of its header `webhook-signature`: one `v1`
 * signature (HMAC-SHA-256) for each secret, then one `v1a` signature (Ed25519) for each private key, separated by spaces.
 * Give the old and the new key while one is rotated.
 *
 * Throws `SigningKeyError` for a key that cannot be used or no key at all, `SignatureError` for an id or a timestamp that
 * cannot be signed.
 *
 * @example
 * ```ts
 * import { sign } from 'ringback/signature'
 *
 * const signature = sign({
 *   id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
 *   timestamp: 1614265330,
 *   body: '{"test": 2432232314}',
 *   secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
 * })
 * console.log(signature) // v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=
 * ```
 */
export function sign(options: SignOptions): string {
  const content = signedContent(options.id, String(options.timestamp), options.body)
  const signatures = signatureVersions.flatMap(version =>
    version.signingKeys(options).map(key => `${version.label},${version.sign(key, content).toString('base64')}`),
  )
  if (signatures.length === 0)
    throw new SigningKeyError('There is no key to sign with; give "secrets" or "privateKeys"')
  return signatures.join(' ')
}
