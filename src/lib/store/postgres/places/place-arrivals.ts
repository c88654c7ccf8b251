import type { Row } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'
import { enterPlaces } from './enter-places.ts'

/** So many are placed at once: of destinations that are there, and of those that have to be made, which takes far longer. */
const placedAtOnce = 1_000
const madeAtOnce = 128

/**
 * Tells origins and destinations what was added since: makes those that are new, puts what has an ordering key behind what
 * comes before it, and brings forward when something may be claimed. Many new ones hold up neither a claim nor what goes to
 * those that are there. What somebody else is at work on stays for the next
 * time, so nobody ever waits here for one who may wait for him.
 */
export async function placeArrivals(transaction: Transaction, now: number): Promise<PlacedArrivals> {
  let onlyKnown = true
  for (;;) {
    const arrivals = await transaction.query(take)
    if (arrivals.length === 0) return { onlyKnown, hasMore: false }
    const made = await makePlaces(transaction, arrivals)
    const placed = arrivals.filter(({ free, destination }) => free === 1 || made.has(destination))
    if (placed.length > 0) await place(transaction, placed, now)
    onlyKnown &&= placed.every(({ to_known }) => to_known === 1)
    const fresh = placed.filter(({ is_new }) => is_new === 1).length
    if (placed.length - fresh < placedAtOnce) return { onlyKnown, hasMore: fresh === madeAtOnce }
  }
}

/** What was placed. */
export interface PlacedArrivals {
  /** Whether all of it goes to known origins. */
  readonly onlyKnown: boolean
  /** Whether more may wait for the next time. */
  readonly hasMore: boolean
}

const first = (which: string, limit: number) =>
  `select * from ringback.arrival where ${which} order by number limit ${limit} for update skip locked`

/**
 * One key after the other, and what was locked hashed: whatever the planner takes the tables for. The destination of an
 * endpoint may have another origin than when the arrival was written.
 */
const take = `with b as materialized (
    select a.number, a.destination, coalesce(p.origin, a.origin) as origin, coalesce(p.origin, a.origin) = a.origin as is_named,
      a.origin_name, a.group_name, a.url, a.recipient, a.due_at, a.keyed, a.added_at, a.is_new,
      coalesce(p.epoch > a.epoch, false) as is_late
    from (
      select * from (${first('not is_new', placedAtOnce)}) t union all select * from (${first('is_new', madeAtOnce)}) n) a
    left join lateral (select origin, epoch from ringback.destination where number = a.destination offset 0) p on true
  ), o as materialized (
    select o.* from (select distinct origin from b) k cross join lateral (
      select number, lane from ringback.origin where number = k.origin for update skip locked) o
  ), d as materialized (
    select d.* from (select distinct destination, origin from b) k cross join lateral (
      select number from ringback.destination where number = k.destination and origin = k.origin for update skip locked) d
    where case when k.origin in (select number from o) then true end
  )
  select b.number, b.destination, b.origin, b.origin_name, b.group_name, b.url, b.recipient, b.due_at, b.keyed,
    b.added_at, b.is_new, b.destination in (select number from d) as free, b.is_late,
    b.origin in (select number from o where lane = 'known') as to_known,
    b.is_named and not b.origin in (select number from o)
      and not exists (select 1 from ringback.origin where number = b.origin) as is_new_origin,
    not b.destination in (select number from d)
      and not exists (select 1 from ringback.destination where number = b.destination) as is_new_destination
  from b order by b.number`

const lock = `with o as materialized (
    select number from ringback.origin where number = any($1::bigint[]) for update skip locked
  ) select number from ringback.destination
  where number = any($2::bigint[]) and origin in (select number from o) for update skip locked`

/** Makes those that are new, and gives those of them that nobody else has made and is at work on. */
async function makePlaces(transaction: Transaction, arrivals: readonly Row[]): Promise<ReadonlySet<unknown>> {
  const fresh = arrivals.filter(row => row.is_new_origin === 1 || row.is_new_destination === 1)
  if (fresh.length === 0) return new Set()
  if (!transaction.hasEntered) await enterPlaces(transaction, fresh)
  const all = (column: 'origin' | 'destination') => [...new Set(fresh.map(row => row[column]))]
  const rows = await transaction.query(lock, [all('origin'), all('destination')])
  return new Set(rows.map(({ number }) => number))
}

async function place(transaction: Transaction, arrivals: readonly Row[], now: number): Promise<void> {
  const late = arrivals.filter(({ is_late }) => is_late)
  if (late.length > 0) await transaction.query(cancel, [late.map(({ destination }) => destination)])
  const due = arrivals.flatMap(({ destination, due_at, added_at }) =>
    due_at === null ? [] : [{ destination, at: Math.max(Number(due_at), Number(added_at)) }],
  )
  const keyed = arrivals.filter(({ keyed }) => keyed)
  const heads = keyed.length === 0 ? [] : await transaction.query(putBehind, [keyed.map(row => row.destination), now])
  const all = [...due, ...heads.map(({ destination, at }) => ({ destination, at: Number(at) }))]
  transaction.sendWithNext(bringForward, [
    all.map(({ destination }) => destination),
    all.map(({ at }) => at),
    arrivals.map(({ number }) => number),
    arrivals.map(({ is_new }) => is_new === 1),
  ])
}

/** What was being added for an endpoint while that was disabled is found and settled with the rest. */
const cancel = 'update ringback.destination set cancelling = 1 where number = any($1::bigint[])'

/** Gives what need not wait for another one of its key. */
const putBehind = `with looked as (
    update ringback.queue q set behind = case when n.rank = 1 and not exists (
      select 1 from ringback.queue h
      where h.destination = n.destination and h.ordering_key = n.ordering_key and h.behind = 0) then 0 else 1 end
    from (select number, destination, row_number() over (partition by destination, ordering_key order by number) as rank,
        ordering_key
      from ringback.queue where destination = any($1::bigint[]) and behind = 2) n
    where q.number = n.number returning q.number, q.destination, q.due_at, q.behind
  ) select l.destination, greatest(l.due_at, least(d.created_at, $2::bigint)) as at
  from looked l join ringback.delivery d on d.number = l.number where l.behind = 0`

const bringForward = `with given as (
    select destination, min(at) as at from unnest($1::bigint[], $2::bigint[]) as g(destination, at) group by destination
  ), brought as (
    update ringback.destination d set ready_at = greatest(g.at, d.paused_until, d.next_start_at) from given g
    where d.number = g.destination and d.held_at is null and d.cancelling = 0
      and (d.ready_at is null or d.ready_at > greatest(g.at, d.paused_until, d.next_start_at))
    returning d.origin, d.ready_at
  ), gone as (
    delete from ringback.arrival a using unnest($3::bigint[], $4::boolean[]) as g(number, is_new)
    where a.is_new = g.is_new and a.number = g.number
  )
  update ringback.origin o set ready_at = greatest(b.at, o.paused_until)
  from (select origin, min(ready_at) as at from brought group by origin) b
  where o.number = b.origin and (o.ready_at is null or o.ready_at > greatest(b.at, o.paused_until))`
