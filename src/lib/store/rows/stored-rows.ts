import type { AttemptOutcome, DeliveryState, SettledReason } from '../../delivery/delivery-state.ts'
import type { AttemptResponse, StoredAttempt, StoredDelivery } from '../../delivery/stored-delivery.ts'
import { isNull, optionalBytes, optionalNumber, optionalText, type Row, text } from './row.ts'

/** A delivery from the columns that a store selects for it. */
export function storedDelivery(row: Row): StoredDelivery {
  const state = text(row.state) as DeliveryState
  return {
    id: text(row.id),
    state,
    operation: text(row.operation),
    callback: text(row.callback),
    method: text(row.method),
    url: text(row.url),
    destination: text(row.destination),
    recipient: recipientOf(row),
    destinationHash: text(row.destination_hash),
    attemptCount: Number(row.attempt_count),
    responseValid: isNull(row.response_valid) ? undefined : row.response_valid === 1,
    createdAt: Number(row.created_at),
    nextAttemptAt: state === 'scheduled' ? Number(row.due_at) : undefined,
    settledAt: optionalNumber(row.settled_at),
    reason: optionalText(row.reason) as SettledReason | undefined,
    ...(!isNull(row.endpoint) && {
      endpoint: text(row.endpoint),
      owner: text(row.owner),
      message: optionalText(row.webhook_message),
    }),
  }
}

/** The columns that {@link storedAttempt} reads. */
export const attemptColumns =
  'number, started_at, finished_at, outcome, status, headers, body, body_truncated, address, error, url'

/** An attempt from its columns. */
export function storedAttempt(row: Row): StoredAttempt {
  return {
    number: Number(row.number),
    startedAt: Number(row.started_at),
    finishedAt: optionalNumber(row.finished_at),
    outcome: optionalText(row.outcome) as AttemptOutcome | undefined,
    response: attemptResponse(row),
    error: optionalText(row.error),
    ...(!isNull(row.url) && { url: text(row.url) }),
  }
}

function attemptResponse(row: Row): AttemptResponse | undefined {
  if (isNull(row.status)) return undefined
  return {
    status: Number(row.status),
    headers: text(row.headers),
    body: optionalBytes(row.body) ?? new Uint8Array(),
    bodyTruncated: row.body_truncated === 1,
    address: optionalText(row.address),
  }
}

/** An empty column means that no recipient was named. Unlike null, an empty text is compared in a unique index. */
const recipientOf = (destination: Row): string | undefined => text(destination.recipient) || undefined
