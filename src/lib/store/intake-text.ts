import type { AddRequest } from '../delivery/delivery-store.ts'
import type { NewDelivery } from '../delivery/stored-delivery.ts'
import { bytesOf, charactersOf } from './byte-characters.ts'

/** What the text holds of a delivery: values in one order, which are shorter than names and values, and sooner written. */
type WrittenDelivery = readonly [
  createdAt: number,
  id: string,
  operation: string,
  callback: string,
  method: string,
  url: string,
  destination: string,
  origin: string,
  recipient: string,
  /** The bytes of headers and body as characters, one each. */
  headers: string | null,
  body: string | null,
  responses: string | null,
  retryDelaysSeconds: readonly number[],
  timeoutMs: number,
  retryOnInvalidResponse: boolean,
  hasOnResponse: boolean,
  traceParent: string | null,
  orderingKey: string | null,
  dueAt: number | null,
]

function writtenDelivery(row: NewDelivery, createdAt: number): WrittenDelivery {
  return [
    createdAt,
    row.id,
    row.operation,
    row.callback,
    row.method,
    row.url,
    row.destination,
    row.origin,
    row.recipient,
    row.headers === undefined ? null : charactersOf(row.headers),
    row.body === undefined ? null : charactersOf(row.body),
    row.responses ?? null,
    row.retryDelaysSeconds,
    row.timeoutMs,
    row.retryOnInvalidResponse,
    row.hasOnResponse,
    row.traceParent ?? null,
    row.orderingKey ?? null,
    row.dueAt ?? null,
  ]
}

/** Deliveries that are stored together as one text. */
export function deliveriesText(requests: readonly AddRequest[]): string {
  return JSON.stringify(requests.flatMap(({ rows, now }) => rows.map(row => writtenDelivery(row, now))))
}

/** A delivery as it was before it was written. */
export interface ReadDelivery {
  readonly row: NewDelivery
  readonly createdAt: number
}

/** The deliveries of such a text, in their order. */
export function parseDeliveries(deliveries: string): ReadDelivery[] {
  const written: WrittenDelivery[] = JSON.parse(deliveries)
  return written.map(readDelivery)
}

function readDelivery(written: WrittenDelivery): ReadDelivery {
  const [createdAt, id, operation, callback, method, url, destination, origin, recipient, ...more] = written
  const [headers, body, responses, retryDelaysSeconds, timeoutMs, retryOnInvalidResponse, hasOnResponse, ...last] = more
  const [traceParent, orderingKey, dueAt] = last
  const row: NewDelivery = {
    ...{ id, operation, callback, method, url, destination, origin, recipient },
    ...{ retryDelaysSeconds, timeoutMs, retryOnInvalidResponse, hasOnResponse },
    headers: headers === null ? undefined : bytesOf(headers),
    body: body === null ? undefined : bytesOf(body),
    responses: responses ?? undefined,
    traceParent: traceParent ?? undefined,
    idempotencyKey: undefined,
    digest: undefined,
    orderingKey: orderingKey ?? undefined,
    dueAt: dueAt ?? undefined,
  }
  return { row, createdAt }
}
