import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { memoize } from '../memoize.ts'
import { decodeBase64 } from './base64.ts'
import { SigningKeyError } from './signing-key-error.ts'

const privateKeyPrefix = 'whsk_'
const publicKeyPrefix = 'whpk_'
const keyBytes = 32

/** What stands before the seed in PKCS #8 (RFC 8410, section 7): Node takes a bare seed in no other form. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** An Ed25519 public key as a JSON Web Key (RFC 8037, section 2), as a key set has it. */
export interface Ed25519Jwk {
  /** `OKP`. */
  readonly kty?: string | undefined
  /** `Ed25519`. */
  readonly crv?: string | undefined
  /** The key, base64url without padding. */
  readonly x?: string | undefined
  /** Not read. */
  readonly kid?: string | undefined
  /** Not read. */
  readonly use?: string | undefined
  /** Not read. */
  readonly alg?: string | undefined
}

/** A pair of keys for `v1a` signatures, as text. */
export interface SigningKeyPair {
  /** `whsk_` and base64 of the 32-byte seed followed by the 32-byte public key. */
  readonly privateKey: string
  /** `whpk_` and base64 of the 32-byte public key. */
  readonly publicKey: string
}

/** The signing key of `whsk_` text, with or without the public half after the seed. */
export const privateKey: (text: string) => KeyObject = memoize(100, text => {
  const bytes = prefixedBytes(text, privateKeyPrefix)
  if (bytes?.length !== keyBytes && bytes?.length !== 2 * keyBytes)
    throw new SigningKeyError('The private key is not "whsk_" and base64 of 32 or 64 bytes; see generateKeyPair()')
  const key = keyOfSeed(bytes.subarray(0, keyBytes))
  if (bytes.length > keyBytes && !bytes.subarray(keyBytes).equals(publicBytes(key)))
    throw new SigningKeyError('The two halves of the private key do not belong together; copy the whole "whsk_" text')
  return key
})

/** Throws `SigningKeyError` unless both keys of the pair can be used, and belong together. */
export function requireKeyPair(pair: SigningKeyPair): void {
  if (!publicBytes(privateKey(pair.privateKey)).equals(publicBytes(publicKey(pair.publicKey))))
    throw new SigningKeyError('The two keys of the pair do not belong together; see generateKeyPair()')
}

/** The verification key of `whpk_` text or of a JSON Web Key. */
export function publicKey(key: string | Ed25519Jwk): KeyObject {
  return keyOfPublicText(typeof key === 'string' ? key : textOfJwk(key))
}

/** The pair that grows from a seed of 32 bytes. */
export function keyPairOfSeed(seed: Uint8Array): SigningKeyPair {
  const half = publicBytes(keyOfSeed(seed))
  return {
    privateKey: privateKeyPrefix + Buffer.concat([seed, half]).toString('base64'),
    publicKey: publicKeyPrefix + half.toString('base64'),
  }
}

/** The 32 bytes of a public key, also where the private one is given. */
export function publicBytes(key: KeyObject): Buffer {
  const { x } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' })
  return Buffer.from(x ?? '', 'base64url')
}

const keyOfPublicText = memoize(1000, text => {
  const bytes = prefixedBytes(text, publicKeyPrefix)
  if (bytes?.length !== keyBytes)
    throw new SigningKeyError('The public key is not "whpk_" and base64 of 32 bytes; see generateKeyPair()')
  return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') } })
})

function textOfJwk({ kty, crv, x }: Ed25519Jwk): string {
  if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string')
    throw new SigningKeyError('The JSON Web Key is not an Ed25519 one: it needs "kty": "OKP", "crv": "Ed25519" and "x"')
  return publicKeyPrefix + Buffer.from(x, 'base64url').toString('base64')
}

function keyOfSeed(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' })
}

function prefixedBytes(text: string, prefix: string): Buffer | undefined {
  return text.startsWith(prefix) ? decodeBase64(text.slice(prefix.length)) : undefined
}
