import { hash } from 'node:crypto'
import { decryptAtRest, encryptAtRest } from '../../signature/at-rest.ts'
import { AtRestError } from '../../signature/at-rest-error.ts'
import { atRestKey } from '../../signature/master-secret.ts'

/** A secret of an endpoint. Times are epoch milliseconds. */
export interface KeptSecret {
  /** `whsec_…` */
  readonly secret: string
  readonly createdAt: number
  /** Undefined for the newest. */
  readonly expiresAt?: number | undefined
}

/** What an endpoint has that nobody may read in the store. */
export interface EndpointSecrets {
  /** The newest first. */
  readonly secrets: readonly KeptSecret[]
  readonly headers: Readonly<Record<string, string>>
  readonly headerPrefixes: readonly string[]
  /** The rotations of the last day that had an idempotency key, the newest first. */
  readonly rotations?: readonly KeyedRotation[] | undefined
}

/** A rotation by which a repetition of its request is known. */
export interface KeyedRotation {
  readonly keyDigest: string
  /** That of the secret that it made. */
  readonly fingerprint: string
  readonly overlapSeconds: number
  readonly at: number
}

/** The sealed form, which also says whose it is, so that the bytes of another endpoint are not taken for it. */
interface Sealed extends EndpointSecrets {
  readonly id: string
}

/** Seals what an endpoint has (AES-256-GCM) under the first of the master secrets. */
export function sealEndpoint(id: string, secrets: EndpointSecrets, masterSecrets: readonly string[]): Uint8Array {
  const sealed: Sealed = { id, ...secrets }
  return encryptAtRest(masterSecrets.map(atRestKey), Buffer.from(JSON.stringify(sealed)))
}

/** Opens what {@link sealEndpoint} sealed; throws `AtRestError`. */
export function openEndpoint(
  { id, sealed }: { readonly id: string; readonly sealed: Uint8Array },
  masterSecrets: readonly string[],
): EndpointSecrets {
  const opened: Sealed = JSON.parse(Buffer.from(decryptAtRest(masterSecrets.map(atRestKey), sealed)).toString())
  if (opened.id !== id) throw new AtRestError('The sealed bytes are those of another endpoint')
  const { id: _, ...secrets } = opened
  return secrets
}

/** Those that sign at a time, the newest first. */
export function signingSecrets(secrets: readonly KeptSecret[], now: number): readonly KeptSecret[] {
  return secrets.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now)
}

/** By which two people can compare secrets without telling them. */
export function fingerprintOf(secret: string): string {
  return hash('sha256', secret).slice(0, 8)
}
