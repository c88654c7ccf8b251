import type { DatabaseSync } from 'node:sqlite'
import type { AddRequest } from '../delivery/delivery-store.ts'
import type { NewDelivery } from '../delivery/stored-delivery.ts'
import type { OperationAnswer, QueuedOperation } from './sqlite-batch.ts'
import { text } from './sqlite-values.ts'

/** Deliveries that are stored together, as one text. */
export interface TakeInRequest {
  readonly deliveries: string
  readonly count: number
}

/** Where new deliveries wait until somebody looks at them. */
export interface Intake {
  takeIn(request: TakeInRequest): void
  /** Gives what waits its place among the deliveries, in the order in which it was stored. */
  empty(): void
}

/** More than this wait for nobody: then whoever stores also empties, so that nobody ever empties for long. */
const waitingLimit = 1_000

/**
 * A process that only stores deliveries pays for one row and one page, however many are stored together: their places in
 * tables and indexes are left to the first who looks. Nothing is at stake: both happen in committed transactions, and
 * whatever reads the deliveries empties first. The number of a row counts deliveries, so that two numbers say how many wait.
 */
export function createIntake(database: DatabaseSync, insert: (row: NewDelivery, now: number) => unknown): Intake {
  const add = database.prepare(
    `insert into ringback_intake (number, deliveries)
     values ((select coalesce(max(number), 0) from ringback_intake) + ?, ?)
     returning number - (select min(number) from ringback_intake) as waiting`,
  )
  const oldest = database.prepare('select deliveries from ringback_intake order by number')
  const clear = database.prepare('delete from ringback_intake')
  const empty = () => {
    const rows = oldest.all()
    for (const { deliveries } of rows)
      for (const { row, createdAt } of parseDeliveries(text(deliveries))) insert(row, createdAt)
    if (rows.length > 0) clear.run()
  }
  return {
    takeIn({ deliveries, count }) {
      const added = add.get(count, deliveries)
      if (Number(added?.waiting) > waitingLimit) empty()
    },
    empty,
  }
}

/**
 * One operation for a batch that only stores, or nothing where it does something else, or has to look: whether an
 * idempotency key is known is to be said at once.
 */
export function asTakeIn(batch: readonly QueuedOperation[]): QueuedOperation | undefined {
  const requests: AddRequest[] = []
  for (const { name, request } of batch) {
    if (name !== 'add') return undefined
    // The queue takes each name together with the request that belongs to it.
    const { rows, now } = request as AddRequest
    if (rows.some(({ idempotencyKey }) => idempotencyKey !== undefined)) return undefined
    requests.push({ rows, now })
  }
  const count = requests.reduce((sum, { rows }) => sum + rows.length, 0)
  const deadline = Math.min(...batch.map(operation => operation.deadline))
  return { name: 'takeIn', request: { deliveries: deliveriesText(requests), count }, deadline }
}

/** The answer to such a batch, as each of its operations gets it. */
export function answersToTakeIn(batch: readonly QueuedOperation[], answer: OperationAnswer): OperationAnswer[] {
  return batch.map(({ request }) => {
    if ('unavailable' in answer) return answer
    return { value: { added: (request as AddRequest).rows.map(({ id }) => ({ id, repeated: false })) } }
  })
}

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
    charactersOf(row.headers),
    charactersOf(row.body),
    row.responses ?? null,
    row.retryDelaysSeconds,
    row.timeoutMs,
    row.retryOnInvalidResponse,
    row.hasOnResponse,
    row.orderingKey ?? null,
    row.dueAt ?? null,
  ]
}

function deliveriesText(requests: readonly AddRequest[]): string {
  return JSON.stringify(requests.flatMap(({ rows, now }) => rows.map(row => writtenDelivery(row, now))))
}

interface ReadDelivery {
  readonly row: NewDelivery
  readonly createdAt: number
}

function parseDeliveries(deliveries: string): ReadDelivery[] {
  const written: WrittenDelivery[] = JSON.parse(deliveries)
  return written.map(readDelivery)
}

function readDelivery(written: WrittenDelivery): ReadDelivery {
  const [createdAt, id, operation, callback, method, url, destination, origin, recipient, ...more] = written
  const [headers, body, responses, retryDelaysSeconds, timeoutMs, retryOnInvalidResponse, hasOnResponse, ...last] = more
  const [orderingKey, dueAt] = last
  const row: NewDelivery = {
    ...{ id, operation, callback, method, url, destination, origin, recipient },
    ...{ retryDelaysSeconds, timeoutMs, retryOnInvalidResponse, hasOnResponse },
    headers: bytesOf(headers),
    body: bytesOf(body),
    responses: responses ?? undefined,
    idempotencyKey: undefined,
    digest: undefined,
    orderingKey: orderingKey ?? undefined,
    dueAt: dueAt ?? undefined,
  }
  return { row, createdAt }
}

function charactersOf(bytes: Uint8Array | undefined): string | null {
  if (bytes === undefined) return null
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

function bytesOf(characters: string | null): Uint8Array | undefined {
  return characters === null ? undefined : Buffer.from(characters, 'latin1')
}
