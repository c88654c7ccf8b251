import { type DueTime, dueAtOf } from '../../queue/due-time.ts'
import type { Transaction } from '../connection/transaction.ts'
import { bringForward } from '../places/bring-forward.ts'

/** A delivery of the queue, and when it is to be due. */
export interface ScheduledDelivery {
  readonly number: string
  readonly due: DueTime
}

/** Makes deliveries of the queue due, or lets them wait for earlier ones of their keys. Their places are locked. */
export async function schedule(
  transaction: Transaction,
  deliveries: readonly ScheduledDelivery[],
  now: number,
): Promise<void> {
  if (deliveries.length === 0) return
  const rows = await transaction.query(move, [
    deliveries.map(({ number }) => number),
    deliveries.map(({ due }) => dueAtOf(due, now)),
    deliveries.map(({ due }) => due.delayMs ?? 0),
    deliveries.map(({ due }) => due.dueAt ?? null),
  ])
  await bringForward(transaction, rows, now)
}

const isBehind = `q.ordering_key is not null and exists (select 1 from ringback.queue h
  where h.destination = q.destination and h.ordering_key = q.ordering_key and h.behind = 0 and h.number <> q.number)`

const move = `with moved as (
    update ringback.queue q set due_at = j.due_at, wanted_at = j.due_at, leased_at = null, delay_ms = j.delay_ms,
      asked_at = j.asked_at, behind = case when ${isBehind} then 1 else 0 end
    from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) as j(number, due_at, delay_ms, asked_at)
    where q.number = j.number returning q.destination, q.due_at, q.behind
  ) select destination, due_at from moved where behind = 0`

/** Lets the next one of each key go where none is before it any more; gives what now need not wait. */
export async function promote(
  transaction: Transaction,
  keys: readonly { readonly destination: string; readonly orderingKey: string | undefined }[],
  now: number,
) {
  const given = keys.filter(({ orderingKey }) => orderingKey !== undefined)
  if (given.length === 0) return []
  const rows = await transaction.query(letGo, [
    given.map(({ destination }) => destination),
    given.map(({ orderingKey }) => orderingKey),
    now,
  ])
  await bringForward(transaction, rows, now)
  return rows
}

const letGo = `with next as (
    select (select number from ringback.queue q
      where q.destination = k.destination and q.ordering_key = k.key and q.behind = 1 order by number limit 1) as number
    from (select distinct destination, key from unnest($1::bigint[], $2::text[]) as k(destination, key)) k
    where not exists (select 1 from ringback.queue h
      where h.destination = k.destination and h.ordering_key = k.key and h.behind = 0)
  )
  update ringback.queue q
  set behind = 0, due_at = least(q.due_at, greatest($3::bigint + q.delay_ms, coalesce(q.asked_at, 0)))
  from next n where q.number = n.number returning q.destination, q.ordering_key, q.due_at`
