import { createSecretKey, type KeyObject } from 'node:crypto'
import { memoize } from '../memoize.ts'
import { decodeBase64 } from './base64.ts'
import { SigningKeyError } from './signing-key-error.ts'

const secretPrefix = 'whsec_'

/**
 * The HMAC key of a symmetric secret: base64 with or without the prefix `whsec_`. Any length but none is taken, because a
 * receiver must live with the secret it was given; the specification asks senders for 24 to 64 bytes.
 */
export const secretKey: (secret: string) => KeyObject = memoize(10_000, secret => {
  const bytes = decodeBase64(secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : secret)
  if (bytes === undefined)
    throw new SigningKeyError('The secret is not base64 after "whsec_"; make one with generateSecret()')
  if (bytes.length === 0) throw new SigningKeyError('The secret is empty; make one with generateSecret()')
  return createSecretKey(bytes)
})

/** `bytes` as a secret is written. */
export function serializeSecret(bytes: Uint8Array): string {
  return secretPrefix + Buffer.from(bytes).toString('base64')
}
