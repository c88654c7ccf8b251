import type { Attempt, Delivery, DeliveryDetails } from '../../delivery/deliveries.ts'
import type { AttemptOutcome } from '../../delivery/delivery-state.ts'
import type { ShownAttempt, ShownDelivery, ShownDeliveryDetails } from './delivery-schemas.ts'
import { shownTime, shownTimeOrNull } from './shown-endpoint.ts'

/** A delivery as the owner of its endpoint sees it. */
export function shownDelivery(delivery: Delivery): ShownDelivery {
  const { id, state, attemptCount, createdAt, nextAttemptAt, settledAt, reason = null } = delivery
  return {
    ...{ id, webhookId: id, state, reason, attemptCount },
    endpoint: delivery.endpoint ?? '',
    message: delivery.message ?? '',
    event: delivery.callback,
    createdAt: shownTime(createdAt),
    nextAttemptAt: shownTimeOrNull(nextAttemptAt),
    settledAt: shownTimeOrNull(settledAt),
  }
}

export const shownDeliveryDetails = (delivery: DeliveryDetails): ShownDeliveryDetails => ({
  ...shownDelivery(delivery),
  webhookId: delivery.webhookId,
  body: shownText(delivery.body),
  attempts: delivery.attempts.map(attempt => shownAttempt(attempt)),
})

const SHOWN_BYTES = 2_048

function shownAttempt(attempt: Attempt): ShownAttempt {
  const { number, startedAt, finishedAt, outcome = null, status = null, url = '', responseBody } = attempt
  return {
    ...{ number, outcome, status, url },
    startedAt: shownTime(startedAt),
    durationMs: finishedAt === undefined ? null : Math.max(0, finishedAt - startedAt),
    detail: detailOf(attempt),
    responseBody: shownText(responseBody?.subarray(0, SHOWN_BYTES)),
  }
}

/** What attempts say of themselves may be about us: whoever else reads it gets one text for each outcome. */
const DETAILS: Readonly<Record<AttemptOutcome, string>> = {
  accepted: 'The endpoint accepted it',
  rejected: 'The endpoint did not accept it',
  unreachable: 'The endpoint could not be reached',
  'timed-out': 'The endpoint did not respond in time',
  refused: 'Nothing may be sent to this URL',
  abandoned: 'The attempt did not come to its end',
}

const detailOf = ({ outcome, error }: Attempt): string => {
  if (outcome === undefined) return 'The attempt is running'
  return outcome === 'unreachable' ? (error ?? DETAILS.unreachable) : DETAILS[outcome]
}

/** Bytes as text; null for none. */
export const shownText = (bytes: Uint8Array | null | undefined): string | null =>
  bytes === null || bytes === undefined ? null : new TextDecoder().decode(bytes)
