import type { Attempt, Delivery, DeliveryDetails } from '../delivery/deliveries.ts'
import { bodyText } from './body-text.ts'

/** A delivery of a list for programs: times are ISO 8601 in UTC. */
export function deliveryJson(delivery: Delivery) {
  const { createdAt, nextAttemptAt, settledAt } = delivery
  return {
    ...delivery,
    createdAt: isoTime(createdAt),
    nextAttemptAt: isoTime(nextAttemptAt),
    settledAt: isoTime(settledAt),
  }
}

/** A whole delivery for programs: a body that is not text is given as base64, under a name of its own. */
export function detailsJson({ body, attempts, ...delivery }: DeliveryDetails) {
  return { ...deliveryJson(delivery), ...bodyJson('body', body), attempts: attempts.map(attemptJson) }
}

function attemptJson({ responseBody, startedAt, finishedAt, ...attempt }: Attempt) {
  const times = { startedAt: isoTime(startedAt), finishedAt: isoTime(finishedAt) }
  return { ...attempt, ...times, ...bodyJson('responseBody', responseBody) }
}

function bodyJson(name: 'body' | 'responseBody', body: Uint8Array | undefined) {
  const text = body && bodyText(body)
  if (body === undefined || text !== undefined) return { [name]: text }
  return { [`${name}Base64`]: Buffer.from(body).toString('base64') }
}

/** A time for programs. */
export function isoTime(timeMs: number | undefined): string | undefined {
  return timeMs === undefined ? undefined : new Date(timeMs).toISOString()
}
