import type { AddRequest } from '../../delivery/delivery-store.ts'
import type { NewDelivery } from '../../delivery/stored-delivery.ts'
import { hashOf } from '../../signature/destination-hash.ts'
import { bytesOf, charactersOf } from './thread/byte-characters.ts'

/**
 * What all deliveries of a callback have in common, and most of their text: it is written once. The shape of the whole
 * belongs to the version of the tables: whoever knows one knows the other.
 */
type Kind = readonly [
  operation: string,
  callback: string,
  method: string,
  responses: string | null,
  retryDelaysSeconds: readonly number[],
  timeoutMs: number,
  retryOnInvalidResponse: boolean,
  hasOnResponse: boolean,
]

/** What the text holds of a delivery: values in one order, which are shorter than names and values, and sooner written. */
type WrittenDelivery = readonly [
  /** The place of its kind among the kinds. */
  kind: number,
  createdAt: number,
  id: string,
  url: string,
  destination: string,
  origin: string,
  recipient: string | null,
  /** The bytes of headers and body as characters, one each. */
  headers: string | null,
  body: string | null,
  traceParent: string | null,
  orderingKey: string | null,
  dueAt: number | null,
  /** Not in a text of version 2 of the tables, where the recipient is the destination if none was named. */
  destinationHash?: string,
]

type Written = readonly [kinds: readonly Kind[], deliveries: readonly WrittenDelivery[]]

/** Deliveries that are stored together as one text. */
export function deliveriesText(requests: readonly AddRequest[]): string {
  const firstOfKind: NewDelivery[] = []
  const deliveries: WrittenDelivery[] = []
  for (const { rows, now } of requests)
    for (const row of rows) deliveries.push(writtenDelivery(row, kindNumber(row, firstOfKind), now))
  const written: Written = [firstOfKind.map(kindOf), deliveries]
  return JSON.stringify(written)
}

/** Deliveries that are stored together are of few kinds; where they are not, comparing each with all would take long. */
const kindsCompared = 8

/** The place of the row's kind among the kinds, to which it is added where it is new or was met long ago. */
function kindNumber(row: NewDelivery, firstOfKind: NewDelivery[]): number {
  const oldest = Math.max(firstOfKind.length - kindsCompared, 0)
  for (let number = firstOfKind.length - 1; number >= oldest; number--)
    if (isSameKind(firstOfKind[number]!, row)) return number
  return firstOfKind.push(row) - 1
}

function isSameKind(one: NewDelivery, other: NewDelivery): boolean {
  return (
    one.callback === other.callback &&
    one.operation === other.operation &&
    one.method === other.method &&
    one.responses === other.responses &&
    one.timeoutMs === other.timeoutMs &&
    one.retryOnInvalidResponse === other.retryOnInvalidResponse &&
    one.hasOnResponse === other.hasOnResponse &&
    isSameList(one.retryDelaysSeconds, other.retryDelaysSeconds)
  )
}

function isSameList(one: readonly number[], other: readonly number[]): boolean {
  return one === other || (one.length === other.length && one.every((value, index) => value === other[index]))
}

function kindOf(row: NewDelivery): Kind {
  const { operation, callback, method, responses = null, retryDelaysSeconds, timeoutMs } = row
  const { retryOnInvalidResponse, hasOnResponse } = row
  return [operation, callback, method, responses, retryDelaysSeconds, timeoutMs, retryOnInvalidResponse, hasOnResponse]
}

function writtenDelivery(row: NewDelivery, kind: number, createdAt: number): WrittenDelivery {
  return [
    kind,
    createdAt,
    row.id,
    row.url,
    row.destination,
    row.origin,
    row.recipient ?? null,
    row.headers === undefined ? null : charactersOf(row.headers),
    row.body === undefined ? null : charactersOf(row.body),
    row.traceParent ?? null,
    row.orderingKey ?? null,
    row.dueAt ?? null,
    row.destinationHash,
  ]
}

/** A delivery as it was before it was written. */
export interface ReadDelivery {
  readonly row: NewDelivery
  readonly createdAt: number
}

/** The deliveries of such a text, in their order. */
export function parseDeliveries(text: string): ReadDelivery[] {
  const [kinds, deliveries]: Written = JSON.parse(text)
  return deliveries.map(written => readDelivery(kinds[written[0]]!, written))
}

function readDelivery(kind: Kind, written: WrittenDelivery): ReadDelivery {
  const [operation, callback, method, responses, retryDelaysSeconds, timeoutMs, ...answers] = kind
  const [retryOnInvalidResponse, hasOnResponse] = answers
  const [, createdAt, id, url, destination, origin, recipient, headers, body, ...last] = written
  const [traceParent, orderingKey, dueAt, destinationHash] = last
  const row: NewDelivery = {
    ...{ id, operation, callback, method, url, destination, origin },
    ...(destinationHash === undefined
      ? {
          recipient: recipient === destination ? undefined : (recipient ?? undefined),
          destinationHash: hashOf(destination),
        }
      : { recipient: recipient ?? undefined, destinationHash }),
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
