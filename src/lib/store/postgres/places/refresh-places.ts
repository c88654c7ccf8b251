import type { Transaction } from '../connection/transaction.ts'

/** When a destination "t" is ready, no earlier than $1: never where nothing waits, or somebody paused it. */
export const readyAt = `case when t.held_at is null and t.cancelling = 0 then (
    select greatest($1::bigint, t.paused_until, t.next_start_at, w.due_at) from ringback.queue w
    where w.destination = t.number and w.leased_at is null and w.behind = 0 order by w.due_at limit 1) end`

/** Computes anew when something may be claimed, never earlier than `now`. The places are locked. */
export async function refreshPlaces(
  { query, sendWithNext }: Transaction,
  destinations: readonly string[],
  now: number,
): Promise<void> {
  if (destinations.length === 0) return
  sendWithNext(refreshDestinations, [now, destinations])
  await query(refreshOrigins, [now, destinations])
}

/** The same for one origin, whatever its destinations. */
export async function refreshOrigin({ query }: Transaction, origin: string, now: number): Promise<void> {
  await query(refreshOneOrigin, [now, origin])
}

const refreshDestinations = `update ringback.destination t set ready_at = ${readyAt} where t.number = any($2::bigint[])`

const refreshAll = `update ringback.origin o set ready_at = r.at, turn = case when r.at <= $1::bigint then o.turn end
  from (select p.number, (select greatest($1::bigint, p.paused_until, d.ready_at) from ringback.destination d
      where d.origin = p.number and d.ready_at is not null order by d.ready_at limit 1) as at
    from ringback.origin p where p.number in`

const refreshOrigins = `${refreshAll} (select origin from ringback.destination where number = any($2::bigint[]))) r
  where o.number = r.number`

const refreshOneOrigin = `${refreshAll} ($2::bigint)) r where o.number = r.number`
