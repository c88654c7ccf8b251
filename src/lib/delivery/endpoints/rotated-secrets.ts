import { decodeBase64 } from '../../signature/base64.ts'
import { InvalidEndpointError } from './invalid-endpoint-error.ts'
import { type EndpointSecrets, signingSecrets } from './sealed-endpoint.ts'
import { TooManySecretsError } from './too-many-secrets-error.ts'

/** A receiver does not accept any number of signatures. */
const mostSigning = 3
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
  return { ...secrets, secrets: [{ secret, createdAt: now }, ...kept], rotationKey: idempotencyKey }
}

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
