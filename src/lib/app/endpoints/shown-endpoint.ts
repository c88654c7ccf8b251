import type { Endpoint, Recovery, WithSecret } from '../../delivery/endpoints/endpoint.ts'
import type { ShownEndpoint, ShownRecovery, ShownWithSecret } from './endpoint-schemas.ts'

/** A time of the engine as clients see it. */
export const shownTime = (time: Date | number): string => new Date(time).toISOString()

/** A time that may not have come. */
export const shownTimeOrNull = (time: Date | number | null | undefined): string | null =>
  time === null || time === undefined ? null : shownTime(time)

/** An endpoint as its owner sees it: what we call the owner stays with us. */
export function shownEndpoint(endpoint: Endpoint): ShownEndpoint {
  const { id, url, description, events, channels, metadata, headerNames, ratePerSecond } = endpoint
  const { status, disabledReason, recovery } = endpoint
  return {
    ...{ id, url, description, events, channels, metadata, headerNames, ratePerSecond, status, disabledReason },
    disabledAt: shownTimeOrNull(endpoint.disabledAt),
    failingSince: shownTimeOrNull(endpoint.failingSince),
    lastDeliveredAt: shownTimeOrNull(endpoint.lastDeliveredAt),
    secrets: endpoint.secrets.map(({ fingerprint, createdAt, expiresAt }) => ({
      fingerprint,
      createdAt: shownTime(createdAt),
      expiresAt: shownTimeOrNull(expiresAt),
    })),
    recovery: recovery && shownRecovery(recovery),
    createdAt: shownTime(endpoint.createdAt),
    updatedAt: shownTime(endpoint.updatedAt),
  }
}

export const shownWithSecret = (endpoint: WithSecret<Endpoint>): ShownWithSecret => ({
  ...shownEndpoint(endpoint),
  secret: endpoint.secret,
})

export const shownRecovery = ({ state, deliveries, ...times }: Recovery): ShownRecovery => ({
  since: shownTime(times.since),
  until: shownTime(times.until),
  state,
  deliveries,
  startedAt: shownTime(times.startedAt),
  finishedAt: shownTimeOrNull(times.finishedAt),
})
