import { hash } from 'node:crypto'
import { decodeBase64 } from '../../signature/base64.ts'
import { IdempotencyConflictError } from '../idempotency-conflict-error.ts'
import { InvalidEndpointError } from './errors/invalid-endpoint-error.ts'
import { TooManySecretsError } from './errors/too-many-secrets-error.ts'
import { type EndpointSecrets, fingerprintOf, type KeyedRotation, signingSecrets } from './sealed-endpoint.ts'

/** A receiver does not accept any number of signatures. */
export const mostSigning = 3
/** For how long a key is known, and how many are. */
const keptMs = 86_400_000
const mostRotations = 10
const longestOverlapSeconds = 604_800
const secretBytes = { least: 16, most: 64 }

/** What is asked of a rotation. */
export interface Rotation {
  readonly secret: string
  readonly overlapSeconds: number
  readonly idempotencyKey: string | undefined
}

/**
 * The secrets after a rotation: the new one first. The one before it signs for the overlap; each earlier one keeps the end
 * that it has. Throws `TooManySecretsError`, and a `RangeError` for the overlap.
 */
export function rotatedSecrets(
  secrets: EndpointSecrets,
  { secret, overlapSeconds, idempotencyKey }: Rotation,
  now: number,
): EndpointSecrets {
  if (!(overlapSeconds >= 0 && overlapSeconds <= longestOverlapSeconds))
    throw new RangeError(`"overlapSeconds" is ${overlapSeconds}; give a number from 0 to ${longestOverlapSeconds}`)
  checkSecret(secret, '/secret')
  const expiresAt = now + Math.round(overlapSeconds * 1_000)
  const [newest, ...earlier] = signingSecrets(secrets.secrets, now)
  const kept = newest === undefined ? [] : signingSecrets([{ ...newest, expiresAt }, ...earlier], now)
  if (kept.length >= mostSigning)
    throw new TooManySecretsError(new Date(Math.min(...kept.map(each => each.expiresAt ?? Number.POSITIVE_INFINITY))))
  const rotations = recentRotations(secrets, now)
  const own = idempotencyKey !== undefined && {
    ...{ keyDigest: digestOf(idempotencyKey), fingerprint: fingerprintOf(secret), overlapSeconds, at: now },
  }
  return {
    ...secrets,
    secrets: [{ secret, createdAt: now }, ...kept],
    rotations: (own ? [own, ...rotations] : rotations).slice(0, mostRotations),
  }
}

/**
 * Whether this very rotation was the last one. Throws `IdempotencyConflictError` if its key was used for another one, or if
 * the secret was rotated since.
 */
export function isRepeated(
  id: string,
  secrets: EndpointSecrets,
  { idempotencyKey, overlapSeconds }: Omit<Rotation, 'secret'>,
  now: number,
): boolean {
  if (idempotencyKey === undefined) return false
  const keyDigest = digestOf(idempotencyKey)
  const known = recentRotations(secrets, now).find(rotation => rotation.keyDigest === keyDigest)
  if (known === undefined) return false
  const [newest] = secrets.secrets
  const isSame = known.overlapSeconds === overlapSeconds
  if (isSame && newest !== undefined && known.fingerprint === fingerprintOf(newest.secret)) return true
  throw new IdempotencyConflictError(id)
}

const recentRotations = ({ rotations = [] }: EndpointSecrets, now: number): readonly KeyedRotation[] =>
  rotations.filter(({ at }) => at > now - keptMs)

const digestOf = (key: string): string => hash('sha256', key, 'base64url')

/** Throws `InvalidEndpointError` for a secret that cannot sign, or is too short. */
export function checkSecret(secret: unknown, pointer: string): asserts secret is string {
  const bytes =
    typeof secret === 'string' && secret.startsWith('whsec_') ? decodeBase64(secret.slice('whsec_'.length)) : undefined
  if (bytes === undefined) throw new InvalidEndpointError(pointer, 'write it as "whsec_" and base64')
  if (bytes.length < secretBytes.least || bytes.length > secretBytes.most)
    throw new InvalidEndpointError(
      pointer,
      `it has ${bytes.length} bytes; it must have ${secretBytes.least} to ${secretBytes.most}: rotate a shorter one first`,
    )
}
