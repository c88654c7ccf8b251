import type { SQLOutputValue } from 'node:sqlite'
import type { AttemptOutcome, DeliveryState, SettledReason } from '../../delivery/delivery-state.ts'
import type { AttemptResponse, StoredAttempt, StoredDelivery } from '../../delivery/stored-delivery.ts'

/** A row as node:sqlite gives it. */
export type Row = Record<string, SQLOutputValue>

/**
 * The state of a delivery, from its row `q` in the queue or its row `s` among the settled ones; it has only one of
 * them.
 */
export const stateColumn = "coalesce(s.state, iif(q.leased_at is null, 'scheduled', 'attempting'))"

/** The columns that {@link storedDelivery} reads, from the tables that {@link storedDeliveryTables} joins. */
export const storedDeliveryColumns = `d.number, d.id, ${stateColumn} as state, d.operation, d.callback, d.method, d.url,
  p.url as destination, p.recipient, d.destination_hash, coalesce(q.attempt_count, s.attempt_count) as attempt_count,
  s.response_valid, d.created_at, q.due_at, s.settled_at, s.reason`

/**
 * The tables of delivery, destination, queue and end, except for the one that stands before them in the query; for one
 * delivery if `number` is given.
 */
export function storedDeliveryTables(number?: string, before?: 'q' | 's'): string {
  return [
    `ringback_delivery d${number === undefined ? '' : ` on d.number = ${number}`}`,
    'cross join ringback_destination p on p.number = d.destination',
    ...(before === 'q' ? [] : ['left join ringback_queue q on q.number = d.number']),
    ...(before === 's' ? [] : ['left join ringback_settled s on s.delivery = d.number']),
  ].join(' ')
}

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
  }
}

/** The columns that {@link storedAttempt} reads. */
export const attemptColumns =
  'number, started_at, finished_at, outcome, status, headers, body, body_truncated, address, error'

export function storedAttempt(row: Row): StoredAttempt {
  return {
    number: Number(row.number),
    startedAt: Number(row.started_at),
    finishedAt: optionalNumber(row.finished_at),
    outcome: optionalText(row.outcome) as AttemptOutcome | undefined,
    response: attemptResponse(row),
    error: optionalText(row.error),
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

export function text(value: SQLOutputValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

export function optionalText(value: SQLOutputValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

export function optionalNumber(value: SQLOutputValue | undefined): number | undefined {
  return isNull(value) ? undefined : Number(value)
}

export function optionalBytes(value: SQLOutputValue | undefined): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined
}

function isNull(value: SQLOutputValue | undefined): boolean {
  return value === null || value === undefined
}
