export { decryptAtRest, encryptAtRest } from './lib/signature/at-rest.ts'
export { AtRestError } from './lib/signature/at-rest-error.ts'
export { destinationHash } from './lib/signature/destination-hash.ts'
export type { Ed25519Jwk, SigningKeyPair } from './lib/signature/ed25519-key.ts'
export { generateKeyPair, generateSecret } from './lib/signature/generate.ts'
export { atRestKey, recipientSecret, signingKeyPair } from './lib/signature/master-secret.ts'
export { type PublicJwk, type PublicKeySet, publicKeySet } from './lib/signature/public-key-set.ts'
export { type SignOptions, sign } from './lib/signature/sign.ts'
export { SignatureError, type SignatureErrorReason } from './lib/signature/signature-error.ts'
export { SigningKeyError } from './lib/signature/signing-key-error.ts'
export {
  type SignedRequest,
  type VerifiedMessage,
  type VerifyOptions,
  verify,
} from './lib/signature/verify.ts'
export type { SigningKeys, VerificationKeys } from './lib/signature/versions.ts'
