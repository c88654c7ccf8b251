import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { memoize } from '../memoize.ts'
import { keyId } from './at-rest.ts'
import { keyPairOfSeed, type SigningKeyPair } from './ed25519-key.ts'
import { serializeSecret } from './secret-key.ts'
import { SigningKeyError } from './signing-key-error.ts'

/** A shorter master secret is not accepted. */
export const leastSecretBytes = 24

interface MasterKeys {
  readonly secret: (name: string) => string
  readonly derive: (info: string) => Buffer
}

/**
 * The secret whose `v1` signatures one recipient verifies, `whsec_…`, derived from the master secret: no two recipients
 * share one, and none has to be stored. Show it only to someone known to be that recipient.
 *
 * HKDF-SHA-256 (RFC 5869) of the master secret's UTF-8 bytes, empty salt, info `ringback/v1/recipient/` and the recipient,
 * 32 bytes. From the second on, its version enters: `ringback/v1/recipient-version/2/` and the recipient. A master secret is
 * any text of at least 24 bytes; a shorter one throws `SigningKeyError`.
 *
 * @example
 * ```ts
 * import { recipientSecret } from 'ringback/signature'
 *
 * const secret = recipientSecret('correct horse battery staple', 'customer-17')
 * console.log(secret) // whsec_W1H3j+qMvx6nN+KPi+5Ni0UYnEecHZpXyj15YW/ZxB0=
 * ```
 */
export function recipientSecret(masterSecret: string, recipient: string, version = 1): string {
  if (!Number.isSafeInteger(version) || version < 1)
    throw new RangeError(`The version of a secret is ${version}; give a whole number from 1`)
  const name = version === 1 ? `recipient/${recipient}` : `recipient-version/${version}/${recipient}`
  return masterKeys(masterSecret).secret(name)
}

/**
 * The pair of Ed25519 keys that a master secret stands for: the sender signs `v1a` with the private one and publishes the
 * public one, so that a receiver verifies without sharing any secret. Derived as `recipientSecret` is, with the info
 * `ringback/v1/ed25519`, the 32 bytes being the seed (RFC 8032, section 5.1.5).
 *
 * @example
 * ```ts
 * import { publicKeySet, signingKeyPair } from 'ringback/signature'
 *
 * const { publicKey } = signingKeyPair('correct horse battery staple')
 * console.log(JSON.stringify(publicKeySet([publicKey]), undefined, 2))
 * ```
 */
export function signingKeyPair(masterSecret: string): SigningKeyPair {
  return keyPairOfSeed(masterKeys(masterSecret).derive('ringback/v1/ed25519'))
}

/**
 * The key that seals secrets at rest under a master secret, 32 bytes, for `encryptAtRest` and `decryptAtRest`. Derived as
 * `recipientSecret` is, with the info `ringback/v1/at-rest`.
 *
 * @example
 * ```ts
 * import { atRestKey, encryptAtRest } from 'ringback/signature'
 *
 * const sealed = encryptAtRest(atRestKey('correct horse battery staple'), Buffer.from('a credential'))
 * console.log(sealed.length) // 49
 * ```
 */
export function atRestKey(masterSecret: string): Uint8Array {
  return masterKeys(masterSecret).derive('ringback/v1/at-rest')
}

/**
 * The key that seals the values of a session's cookie, 32 bytes. Derived as `recipientSecret` is, with the info
 * `ringback/v1/session/` and the cookie's name.
 */
export function sessionKey(secret: string, cookieName: string): Uint8Array {
  return masterKeys(secret).derive(`ringback/v1/session/${cookieName}`)
}

/** Keys that sign nothing but what somebody sends to try a receiver out. */
export interface TestKeys extends SigningKeyPair {
  readonly secret: string
}

/**
 * The keys for trying receivers out. Derived as `recipientSecret` is, with the infos `ringback/v1/test/secret` and
 * `ringback/v1/test/ed25519`: whoever knows them can forge nothing that production sends.
 */
export function testKeys(masterSecret: string): TestKeys {
  const { secret, derive } = masterKeys(masterSecret)
  return { secret: secret('test/secret'), ...keyPairOfSeed(derive('ringback/v1/test/ed25519')) }
}

/**
 * What the pages of an application send with their actions, the same in all of its processes. Derived as
 * `recipientSecret` is, with the info `ringback/v1/docs`, in base64url.
 */
export function docsToken(masterSecret: string): string {
  return masterKeys(masterSecret).derive('ringback/v1/docs').toString('base64url')
}

/** What a master secret is known by where it must not stand itself; tells nothing of it. */
export function masterSecretId(masterSecret: string): string {
  return keyId(atRestKey(masterSecret)).toString('hex')
}

/**
 * What names all processes that share a master secret in the header `CDN-Loop`. Derived as `recipientSecret` is, with the info
 * `ringback/v1/loop`, the first 12 bytes in base64url: it is public and tells nothing of the secret.
 */
export const loopId: (masterSecret: string) => string = memoize(16, masterSecret =>
  masterKeys(masterSecret).derive('ringback/v1/loop').subarray(0, 12).toString('base64url'),
)

const masterKeys = memoize<MasterKeys>(16, masterSecret => {
  if (Buffer.byteLength(masterSecret) < leastSecretBytes)
    throw new SigningKeyError(
      `The master secret is shorter than ${leastSecretBytes} bytes; make one with generateSecret()`,
    )
  const extracted = extract(masterSecret)
  const derive = (info: string) => expand(extracted, info)
  return {
    derive,
    secret: memoize(10_000, name => serializeSecret(derive(`ringback/v1/${name}`))),
  }
})

/** HKDF-Extract with an empty salt (RFC 5869, section 2.2). */
function extract(inputKeyingMaterial: string): KeyObject {
  return createSecretKey(createHmac('sha256', '').update(inputKeyingMaterial).digest())
}

/**
 * HKDF-Expand to one block (RFC 5869, section 2.3). Node's own `hkdfSync` takes no info above 1,024 bytes, and a recipient
 * may be a long URL; it would also extract again for each recipient.
 */
function expand(key: KeyObject, info: string): Buffer {
  return createHmac('sha256', key).update(info).update(Buffer.of(1)).digest()
}
