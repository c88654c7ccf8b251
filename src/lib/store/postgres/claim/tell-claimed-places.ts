import type { Asked } from '../connection/statement.ts'

/** What the places of a claim are to be told. */
export interface ToldPlaces {
  readonly destinations: readonly PlaceChange[]
  readonly origins: readonly PlaceChange[]
}

/** Who probes a place until when, and when the next attempt may start there. */
export interface PlaceChange {
  readonly key: string
  readonly probe?: string | undefined
  readonly probeUntil?: number | undefined
  readonly nextStartAt?: number | undefined
  /** Whether something that is due was left there. */
  readonly hasMore?: boolean
}

/** What tells the places of a claim, which are locked, what it took of them, and when there may be more. */
export function placesTold({ destinations, origins }: ToldPlaces, now: number): Asked[] {
  if (destinations.length === 0 && origins.length === 0) return []
  const isPlain = [...destinations, ...origins].every(
    each => each.probe === undefined && each.nextStartAt === undefined,
  )
  if (isPlain) return [{ text: tellPlain, values: [now, ...readyOf(destinations), ...readyOf(origins)] }]
  const nextStarts = destinations.map(({ nextStartAt }) => nextStartAt ?? null)
  const [keys, ready] = readyOf(destinations)
  const asked = [{ text: tellOrigins, values: [now, ...valuesOf(origins), readyOf(origins)[1]] }]
  if (keys.length === 0) return asked
  return [{ text: tellDestinations, values: [now, ...valuesOf(destinations), nextStarts, ready] }, ...asked]
}

function readyOf(places: readonly PlaceChange[]): [string[], boolean[]] {
  return [places.map(({ key }) => key), places.map(({ hasMore = false }) => hasMore)]
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

/** When the destinations that were told are ready, by their origins: looked up, where a join would compare each with each. */
const toldOf = `(select jsonb_object_agg(origin, at) from (
  select origin, min(ready_at) as at from told group by origin) m)`

/**
 * The same in one statement where nothing begins that holds up others. An origin sees its other destinations as they were: they
 * are changed by nobody while it is locked.
 */
const tellPlain = `with told as (
    update ringback.destination t set ready_at = case when t.held_at is not null or t.cancelling = 1 then null
      when j.more then greatest($1::bigint, t.paused_until, t.next_start_at) else (
        select greatest($1::bigint, t.paused_until, t.next_start_at, w.due_at) from ringback.queue w
        where w.destination = t.number and w.leased_at is null and w.behind = 0 order by w.due_at limit 1) end
    from unnest($2::bigint[], $3::boolean[]) as j(number, more)
    where t.number = j.number returning t.origin, t.ready_at
  )
  update ringback.origin t set (ready_at, turn) = (
    select x.at, case when x.at <= $1::bigint then t.turn end from (
      select case when j.more then greatest($1::bigint, t.paused_until) else (
        select greatest($1::bigint, t.paused_until, first.at) from (
          select least((${toldOf} ->> t.number::text)::bigint, (select d.ready_at from ringback.destination d
            where d.origin = t.number and d.ready_at is not null and d.number <> all($2::bigint[])
            order by d.ready_at limit 1)) as at offset 0) first
        where first.at is not null) end as at offset 0) x)
  from unnest($4::bigint[], $5::boolean[]) as j(number, more)
  where t.number = j.number`
