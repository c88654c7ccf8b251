import { randomInt } from 'node:crypto'
import { originGroup } from '../../../delivery/isolation/origin-group.ts'
import type { NewDelivery } from '../../../delivery/stored-delivery.ts'
import { dueAtOf } from '../../queue/due-time.ts'
import type { Transaction } from '../connection/transaction.ts'
import { destinationNumber, originNumber } from '../places/place-number.ts'

/** A delivery as it is to be stored. */
export interface InsertedDelivery {
  readonly row: NewDelivery
  readonly now: number
  /** Undefined where nobody holds it. */
  readonly heldUntil: number | undefined
}

/**
 * Inserts deliveries in one statement, due as their rows say, or held, and gives the ids of those that were inserted: where an
 * id or a key is there already that one stands. No row that others need is changed.
 */
export async function insertDeliveries(
  { query, tally }: Transaction,
  deliveries: readonly InsertedDelivery[],
): Promise<ReadonlySet<string>> {
  if (deliveries.length === 0) return new Set()
  const contents = Buffer.concat(deliveries.map(({ row }) => row.content))
  const columns = given.map(([, , value]) => deliveries.map(value))
  const rows = await query(insert, [contents, randomInt(1 << numberBits), ...columns])
  tally.change('scheduled', rows.length)
  return new Set(rows.map(({ id }) => String(id)))
}

/** The lower bits of a number keep apart what was added in the same microsecond. */
const numberBits = 12

/** The columns of what is inserted, each with its type and its value. */
const given: readonly (readonly [name: string, type: string, value: (delivery: InsertedDelivery) => unknown])[] = [
  ['id', 'text', ({ row }) => row.id],
  ['operation', 'text', ({ row }) => row.operation],
  ['callback', 'text', ({ row }) => row.callback],
  ['method', 'text', ({ row }) => row.method],
  ['url', 'text', ({ row }) => row.url],
  ['timeout_ms', 'int', ({ row }) => row.timeoutMs],
  ['idempotency_key', 'text', ({ row }) => row.idempotencyKey ?? null],
  ['digest', 'text', ({ row }) => row.digest ?? null],
  ['ordering_key', 'text', ({ row }) => row.orderingKey ?? null],
  ['destination_hash', 'text', ({ row }) => row.destinationHash],
  ['destination_url', 'text', ({ row }) => row.destination],
  ['recipient', 'text', ({ row }) => row.recipient ?? ''],
  ['destination', 'bigint', ({ row }) => destinationNumber(row)],
  ['origin_name', 'text', ({ row }) => row.origin],
  ['origin', 'bigint', ({ row }) => originNumber(row.origin)],
  ['group_name', 'text', ({ row }) => originGroup(row)],
  ['bytes', 'int', ({ row }) => row.content.length],
  ['sealed', 'boolean', ({ row }) => row.isSealed],
  ['due_at', 'bigint', delivery => dueAtOf(dueOf(delivery), delivery.now)],
  ['delay_ms', 'bigint', delivery => dueOf(delivery).delayMs ?? 0],
  ['asked_at', 'bigint', ({ row }) => row.dueAt ?? null],
  ['expires_at', 'bigint', ({ row }) => row.expiresAt ?? null],
  ['held', 'boolean', ({ heldUntil }) => heldUntil !== undefined],
  ['created_at', 'bigint', ({ now }) => now],
]

function dueOf({ row, now, heldUntil }: InsertedDelivery) {
  const { dueAt, delayMs } = row
  return { dueAt, delayMs: heldUntil === undefined ? delayMs : Math.max(delayMs ?? 0, heldUntil - now) }
}

/** Microseconds of the server since 2026 began, so that numbers of all processes grow with time. */
export const timeNumber = '((extract(epoch from clock_timestamp()) * 1000000)::bigint - 1767225600000000)'

/** Keys in their order, so that two processes that store the same ones never wait for each other. */
const insert = `with numbered as (
    select g.*, ((b.base + g.ord) << ${numberBits}) + $2::bigint as number,
      1 + coalesce(sum(g.bytes) over (order by g.ord rows between unbounded preceding and 1 preceding), 0)::int as starts
    from (select ${timeNumber} as base offset 0) b
    cross join unnest(${given.map(([, type], index) => `$${index + 3}::${type}[]`).join(', ')}) with ordinality
      as g(${given.map(([name]) => name).join(', ')}, ord)
  ), added as (
    insert into ringback.delivery (number, id, message, destination, destination_url, recipient, operation, callback, method,
      url, timeout_ms, idempotency_key, digest, ordering_key, destination_hash, created_at)
    select number, id, number, destination, destination_url, recipient, operation, callback, method, url, timeout_ms,
      idempotency_key, digest, ordering_key, destination_hash, created_at
    from numbered order by idempotency_key nulls first, ord on conflict do nothing returning number, id
  ), fresh as (
    select n.* from numbered n join added using (number)
  ), messages as (
    insert into ringback.message (number, content, sealed)
    select number, substring($1::bytea from starts for bytes), sealed from fresh
  ), queued as (
    insert into ringback.queue (number, destination, due_at, wanted_at, behind, ordering_key, bytes, token, attempt_count,
      delay_ms, asked_at, expires_at)
    select number, destination, due_at, due_at, case when ordering_key is null then 0 else 2 end, ordering_key, bytes, 0, 0,
      delay_ms, asked_at, expires_at
    from fresh
  ), holding as (
    insert into ringback.held (delivery, holders) select number, 1 from fresh where held
  ), told as (
    insert into ringback.arrival (number, destination, origin, origin_name, group_name, url, recipient, due_at, keyed,
      added_at, is_new)
    select min(number), destination, min(origin), min(origin_name), min(group_name), min(destination_url), min(recipient),
      min(due_at) filter (where ordering_key is null), bool_or(ordering_key is not null), min(created_at),
      not exists (select 1 from ringback.destination d where d.number = fresh.destination)
    from fresh group by destination
  )
  select id from added`
