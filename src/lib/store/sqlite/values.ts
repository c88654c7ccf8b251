import type { SQLOutputValue } from 'node:sqlite'
import type { AttemptOutcome, DeliveryState } from '../../delivery/delivery-state.ts'
import type { AttemptAnswer, StoredAttempt, StoredDelivery } from '../../delivery/stored-delivery.ts'
import { hashOf } from '../../signature/destination-hash.ts'

/** A row as node:sqlite gives it. */
export type Row = Record<string, SQLOutputValue>

/** The columns that {@link storedDelivery} reads, of `ringback_delivery d` joined with `ringback_destination p`. */
export const storedDeliveryColumns = `d.number, d.id, d.state, d.operation, d.callback, d.method, d.url, p.url as destination,
  p.recipient, d.destination_hash, d.attempt_count, d.response_valid, d.created_at, d.due_at, d.settled_at`

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
    destinationHash: optionalText(row.destination_hash) ?? hashOf(text(row.destination)),
    attemptCount: Number(row.attempt_count),
    responseValid: isNull(row.response_valid) ? undefined : row.response_valid === 1,
    createdAt: Number(row.created_at),
    nextAttemptAt: state === 'scheduled' ? Number(row.due_at) : undefined,
    settledAt: optionalNumber(row.settled_at),
  }
}

/** The columns that {@link storedAttempt} and {@link attemptAnswer} read. */
export const attemptColumns =
  'number, started_at, finished_at, outcome, status, headers, body, body_truncated, address, error'

export function storedAttempt(row: Row): StoredAttempt {
  return {
    number: Number(row.number),
    startedAt: Number(row.started_at),
    finishedAt: optionalNumber(row.finished_at),
    outcome: optionalText(row.outcome) as AttemptOutcome | undefined,
    answer: attemptAnswer(row),
    error: optionalText(row.error),
  }
}

export function attemptAnswer(row: Row): AttemptAnswer | undefined {
  if (isNull(row.status)) return undefined
  return {
    status: Number(row.status),
    headers: text(row.headers),
    body: optionalBytes(row.body) ?? new Uint8Array(),
    bodyTruncated: row.body_truncated === 1,
    address: optionalText(row.address),
  }
}

/** An empty column means that none was named: it takes part in what is unique, where null would not. */
export const recipientOf = (destination: Row): string | undefined => text(destination.recipient) || undefined

export function text(value: SQLOutputValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

export function optionalText(value: SQLOutputValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function optionalNumber(value: SQLOutputValue | undefined): number | undefined {
  return isNull(value) ? undefined : Number(value)
}

export function optionalBytes(value: SQLOutputValue | undefined): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined
}

function isNull(value: SQLOutputValue | undefined): boolean {
  return value === null || value === undefined
}
