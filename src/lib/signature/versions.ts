import {
  createHmac,
  type KeyObject,
  sign as signAsymmetric,
  timingSafeEqual,
  verify as verifyAsymmetric,
} from 'node:crypto'
import { type Ed25519Jwk, privateKey, publicKey } from './ed25519-key.ts'
import { secretKey } from './secret-key.ts'

/** The keys that one may sign with. */
export interface SigningKeys {
  /** Symmetric secrets (`whsec_…`), each giving one `v1` signature. None by default. */
  readonly secrets?: readonly string[] | undefined
  /** Ed25519 private keys (`whsk_…`), each giving one `v1a` signature. None by default. */
  readonly privateKeys?: readonly string[] | undefined
}

/** The keys that one may verify with. */
export interface VerificationKeys {
  /** Symmetric secrets (`whsec_…`) whose `v1` signatures are taken; several while one is rotated. None by default. */
  readonly secrets?: readonly string[] | undefined
  /** Ed25519 public keys (`whpk_…`, or the entries of a JSON Web Key Set) whose `v1a` signatures are taken. None by default. */
  readonly publicKeys?: readonly (string | Ed25519Jwk)[] | undefined
}

/** One version of the signature scheme: what differs between them, and nothing else knows. */
interface SignatureVersion {
  /** What stands before the comma in `webhook-signature`. */
  readonly label: string
  signingKeys(keys: SigningKeys): readonly KeyObject[]
  verificationKeys(keys: VerificationKeys): readonly KeyObject[]
  sign(key: KeyObject, content: Buffer): Buffer
  /** Whether a signature is one of `content` by any of `keys`; prepared once, asked for each signature of the list. */
  matcher(keys: readonly KeyObject[], content: Buffer): (signature: Buffer) => boolean
}

/** The versions of Standard Webhooks, in the order in which their signatures are listed. */
export const signatureVersions: readonly SignatureVersion[] = [
  {
    label: 'v1',
    signingKeys: ({ secrets = [] }) => secrets.map(secretKey),
    verificationKeys: ({ secrets = [] }) => secrets.map(secretKey),
    sign: mac,
    matcher(keys, content) {
      const expected = keys.map(key => mac(key, content))
      return signature => expected.some(one => one.length === signature.length && timingSafeEqual(one, signature))
    },
  },
  {
    label: 'v1a',
    signingKeys: ({ privateKeys = [] }) => privateKeys.map(privateKey),
    verificationKeys: ({ publicKeys = [] }) => publicKeys.map(publicKey),
    sign: (key, content) => signAsymmetric(null, content, key),
    matcher: (keys, content) => signature => keys.some(key => verifyAsymmetric(null, content, key, signature)),
  },
]

function mac(key: KeyObject, content: Buffer): Buffer {
  return createHmac('sha256', key).update(content).digest()
}
