import { hash } from 'node:crypto'
import { type Ed25519Jwk, publicBytes, publicKey } from './ed25519-key.ts'

/** One public key of a {@link PublicKeySet}. */
export interface PublicJwk {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  /** The key, base64url without padding. */
  readonly x: string
  readonly use: 'sig'
  /** The key's SHA-256 thumbprint (RFC 7638), base64url: the same key always has the same. */
  readonly kid: string
}

/** A JSON Web Key Set (RFC 7517, section 5) of Ed25519 keys. */
export interface PublicKeySet {
  readonly keys: readonly PublicJwk[]
}

/**
 * The JSON Web Key Set that a sender publishes at `/.well-known/jwks.json`, so that anybody verifies its `v1a` signatures.
 * Give the coming, the current and the former public key (`whpk_…`) while one is rotated. Throws `SigningKeyError` for a
 * key of another kind.
 *
 * @example
 * ```ts
 * import { generateKeyPair, publicKeySet, sign, verify } from 'ringback/signature'
 *
 * const { privateKey, publicKey } = generateKeyPair()
 * const { keys } = publicKeySet([publicKey])
 *
 * const timestamp = Math.floor(Date.now() / 1000)
 * const signature = sign({ id: 'msg_1', timestamp, body: '{}', privateKeys: [privateKey] })
 * const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(timestamp), 'webhook-signature': signature }
 * verify({ headers, body: '{}' }, { publicKeys: keys })
 * ```
 */
export function publicKeySet(publicKeys: readonly (string | Ed25519Jwk)[]): PublicKeySet {
  return { keys: publicKeys.map(jwkOf) }
}

function jwkOf(key: string | Ed25519Jwk): PublicJwk {
  const x = publicBytes(publicKey(key)).toString('base64url')
  return { kty: 'OKP', crv: 'Ed25519', x, use: 'sig', kid: thumbprint(x) }
}

/** RFC 7638, section 3, with the members that RFC 8037, section 2, names, in lexical order. */
function thumbprint(x: string): string {
  return hash('sha256', JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }), 'base64url')
}
