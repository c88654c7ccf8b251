import { randomBytes } from 'node:crypto'
import { keyPairOfSeed, type SigningKeyPair } from './ed25519-key.ts'
import { serializeSecret } from './secret-key.ts'

/**
 * Makes a new symmetric secret for `v1` signatures, `whsec_` and base64 of 32 random bytes. It also serves as a master
 * secret.
 *
 * @example
 * ```ts
 * import { generateSecret } from 'ringback/signature'
 *
 * const secret = generateSecret()
 * console.log(secret.startsWith('whsec_')) // true
 * ```
 */
export function generateSecret(): string {
  return serializeSecret(randomBytes(32))
}

/**
 * Makes a new pair of Ed25519 keys for `v1a` signatures: `sign` with the private one (`whsk_…`), give the public one
 * (`whpk_…`) to everybody.
 *
 * @example
 * ```ts
 * import { generateKeyPair, sign, verify } from 'ringback/signature'
 *
 * const { privateKey, publicKey } = generateKeyPair()
 * const timestamp = Math.floor(Date.now() / 1000)
 * const signature = sign({ id: 'msg_1', timestamp, body: '{}', privateKeys: [privateKey] })
 * const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(timestamp), 'webhook-signature': signature }
 * verify({ headers, body: '{}' }, { publicKeys: [publicKey] })
 * ```
 */
export function generateKeyPair(): SigningKeyPair {
  return keyPairOfSeed(randomBytes(32))
}
