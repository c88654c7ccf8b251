import type { Endpoint } from './endpoint.ts'
import type { StoredEndpoint } from './endpoint-store.ts'
import { type EndpointSecrets, fingerprintOf } from './sealed-endpoint.ts'

/** What the store keeps of an endpoint without looking at it, and without anything secret. */
export interface EndpointDetails {
  readonly description: string
  readonly metadata: Readonly<Record<string, string>>
  readonly headerNames: readonly string[]
  readonly headerPrefixes: readonly string[]
  readonly secrets: readonly {
    readonly fingerprint: string
    readonly createdAt: number
    readonly expiresAt?: number | undefined
  }[]
}

/** The details that follow from what is sealed, and what people said. */
export function detailsOf(
  { secrets, headers, headerPrefixes }: EndpointSecrets,
  told: Pick<EndpointDetails, 'description' | 'metadata'>,
): EndpointDetails {
  return {
    description: told.description,
    metadata: told.metadata,
    headerNames: Object.keys(headers),
    headerPrefixes,
    secrets: secrets.map(({ secret, ...times }) => ({ fingerprint: fingerprintOf(secret), ...times })),
  }
}

export function readDetails({ details }: Pick<StoredEndpoint, 'details'>): EndpointDetails {
  return JSON.parse(details)
}

const dateOf = (time: number | undefined): Date | null => (time === undefined ? null : new Date(time))

/** An endpoint as everybody sees it. */
export function endpointOf(stored: StoredEndpoint, now: number): Endpoint {
  const { id, owner, url, events, channels, ratePerSecond = null, disabledReason = null } = stored
  const { description, metadata, headerNames, secrets } = readDetails(stored)
  const { recovery } = stored
  return {
    ...{ id, owner, url, description, events, channels, metadata, headerNames, ratePerSecond },
    status: disabledReason === null ? 'enabled' : 'disabled',
    disabledReason,
    disabledAt: dateOf(stored.disabledAt),
    failingSince: dateOf(stored.failingSince),
    lastDeliveredAt: dateOf(stored.lastDeliveredAt),
    secrets: secrets
      .filter(({ expiresAt = Number.POSITIVE_INFINITY }) => expiresAt > now)
      .map(({ fingerprint, createdAt, expiresAt }) => ({
        fingerprint,
        createdAt: new Date(createdAt),
        expiresAt: dateOf(expiresAt),
      })),
    recovery:
      recovery === undefined
        ? null
        : {
            since: new Date(recovery.since),
            until: new Date(recovery.until),
            state: recovery.state,
            deliveries: recovery.deliveries,
            startedAt: new Date(recovery.startedAt),
            finishedAt: dateOf(recovery.finishedAt),
          },
    createdAt: new Date(stored.createdAt),
    updatedAt: new Date(stored.updatedAt),
  }
}

/** The details after what is sealed has changed. */
export function detailsWith(stored: Pick<StoredEndpoint, 'details'>, secrets: EndpointSecrets): string {
  return JSON.stringify(detailsOf(secrets, readDetails(stored)))
}
