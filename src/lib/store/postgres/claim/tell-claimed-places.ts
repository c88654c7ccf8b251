import type { Transaction } from '../connection/transaction.ts'
import type { Leased, PlaceChange } from './lease.ts'

/** Tells the places of a claim, which are locked, what it took of them, and when there may be more. */
export async function tellClaimedPlaces(
  { query }: Transaction,
  { destinations, origins }: Leased,
  now: number,
): Promise<void> {
  const more = [
    destinations.map(({ nextStartAt }) => nextStartAt ?? null),
    destinations.map(({ hasMore = false }) => hasMore),
  ]
  if (destinations.length > 0) await query(tellDestinations, [now, ...valuesOf(destinations), ...more])
  const ready = origins.map(({ hasMore = false }) => hasMore)
  if (origins.length > 0) await query(tellOrigins, [now, ...valuesOf(origins), ready])
}

function valuesOf(places: readonly PlaceChange[]): unknown[] {
  return [
    places.map(({ key }) => key),
    places.map(({ probe }) => probe ?? null),
    places.map(({ probeUntil }) => probeUntil ?? null),
  ]
}

/** A probe that begins holds up everything else. */
const probe = `probe = coalesce(j.probe, t.probe), paused_until = coalesce(j.until, t.paused_until),
  paused_at = case when j.until is null then t.paused_at else $1::bigint end`

const notBefore = '$1::bigint, coalesce(j.until, t.paused_until), coalesce(j.next_start, t.next_start_at)'

/** Where nothing that is due was left, what comes next is looked for. */
const tellDestinations = `update ringback.destination t set ${probe}, next_start_at = coalesce(j.next_start, t.next_start_at),
    ready_at = case when t.held_at is not null or t.cancelling = 1 then null when j.more then greatest(${notBefore}) else (
      select greatest(${notBefore}, w.due_at) from ringback.queue w
      where w.destination = t.number and w.leased_at is null and w.behind = 0 order by w.due_at limit 1) end
  from unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::boolean[])
    as j(number, probe, until, next_start, more)
  where t.number = j.number`

const originNotBefore = '$1::bigint, coalesce(j.until, t.paused_until)'

const tellOrigins = `update ringback.origin t set ${probe}, (ready_at, turn) = (
    select x.at, case when x.at <= $1::bigint then t.turn end from (
      select case when j.more then greatest(${originNotBefore}) else (
        select greatest(${originNotBefore}, d.ready_at) from ringback.destination d
        where d.origin = t.number and d.ready_at is not null order by d.ready_at limit 1) end as at) x)
  from unnest($2::bigint[], $3::text[], $4::bigint[], $5::boolean[]) as j(number, probe, until, more)
  where t.number = j.number`
