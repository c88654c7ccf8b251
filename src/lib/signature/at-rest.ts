import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { AtRestError } from './at-rest-error.ts'

const algorithm = 'aes-256-gcm'
const formatVersion = 1
const keyIdBytes = 8
const nonceBytes = 12
const tagBytes = 16
const headerBytes = 1 + keyIdBytes

/** One key, or several while the master secret is rotated, the current one first. */
type AtRestKeys = Uint8Array | readonly Uint8Array[]

/**
 * Seals bytes for a store with AES-256-GCM under the first of `keys` (32 bytes each, from `atRestKey`). The sealed form is
 * 37 bytes longer: 1 for the version of the form, 8 for the key's id, 12 for the nonce, the sealed bytes, 16 for the tag. The
 * id is how `decryptAtRest` finds the key after a rotation; it tells nothing of the key.
 *
 * @example
 * ```ts
 * import { atRestKey, decryptAtRest, encryptAtRest } from 'ringback/signature'
 *
 * const old = atRestKey('correct horse battery staple')
 * const current = atRestKey('another horse, another battery')
 * const sealed = encryptAtRest(old, Buffer.from('a credential'))
 * console.log(Buffer.from(decryptAtRest([current, old], sealed)).toString()) // a credential
 * ```
 */
export function encryptAtRest(keys: AtRestKeys, plain: Uint8Array): Uint8Array {
  const [key] = listOf(keys)
  if (key === undefined) throw new AtRestError('There is no key to seal with; give one made by atRestKey()')
  const header = Buffer.concat([Buffer.of(formatVersion), keyId(key)])
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, key, nonce).setAAD(header)
  return Buffer.concat([header, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/**
 * Opens what `encryptAtRest` sealed, with whichever of `keys` sealed it. Throws `AtRestError` if none of them did or the
 * bytes were changed.
 *
 * @example
 * ```ts
 * import { atRestKey, decryptAtRest, encryptAtRest } from 'ringback/signature'
 *
 * const key = atRestKey('correct horse battery staple')
 * const plain = decryptAtRest(key, encryptAtRest(key, Buffer.from('a credential')))
 * console.log(Buffer.from(plain).toString()) // a credential
 * ```
 */
export function decryptAtRest(keys: AtRestKeys, sealed: Uint8Array): Uint8Array {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  if (bytes.length < headerBytes + nonceBytes + tagBytes || bytes[0] !== formatVersion)
    throw new AtRestError('The bytes are not in the form that encryptAtRest() returns')
  const header = bytes.subarray(0, headerBytes)
  const key = listOf(keys).find(candidate => keyId(candidate).equals(header.subarray(1)))
  if (key === undefined)
    throw new AtRestError('None of the keys sealed these bytes; put the earlier master secret into the list as well', {
      keyIsMissing: true,
    })
  try {
    const nonce = bytes.subarray(headerBytes, headerBytes + nonceBytes)
    const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes })
    decipher.setAAD(header).setAuthTag(bytes.subarray(-tagBytes))
    return Buffer.concat([decipher.update(bytes.subarray(headerBytes + nonceBytes, -tagBytes)), decipher.final()])
  } catch (cause) {
    throw new AtRestError('The sealed bytes were changed or cut', { cause })
  }
}

/** By which a key is found; tells nothing of it. */
export function keyId(key: Uint8Array): Buffer {
  return createHmac('sha256', key).update('ringback/v1/at-rest/key-id').digest().subarray(0, keyIdBytes)
}

/** Whether bytes were sealed with this key, as far as they say so themselves. */
export function sealedBy(key: Uint8Array, sealed: Uint8Array): boolean {
  return keyId(key).equals(sealed.subarray(1, headerBytes))
}

function listOf(keys: AtRestKeys): readonly Uint8Array[] {
  return keys instanceof Uint8Array ? [keys] : keys
}
