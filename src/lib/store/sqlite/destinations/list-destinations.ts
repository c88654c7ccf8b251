import {
  type DestinationsPage,
  type DestinationsQuery,
  mostWaitingCounted,
} from '../../../delivery/isolation/stored-destination.ts'
import { storedDestination } from '../../rows/stored-destination-row.ts'
import type { Connection } from '../connection.ts'

/** How many destinations are looked at for one page. */
const lookedAt = 10_000

const state = `case when d.held_at is not null then 'paused' when 'open' in (d.state, o.state) then 'open'
  when 'slowed' in (d.state, o.state) then 'slowed' else 'healthy' end`

/** Deliveries that wait behind another one of their ordering key are in another index than the rest. */
const waiting = `
  select number from (select number from ringback_queue
    where destination = d.number and leased_at is null and behind = 0 limit ${mostWaitingCounted})
  union all select number from (select number, behind from ringback_queue
    where destination = d.number and ordering_key is not null limit ${2 * mostWaitingCounted}) where behind = 1
  limit ${mostWaitingCounted}`

const page = `
  select d.number, d.url, d.recipient, ${state} as shown_state, d.failures, o.failures as origin_failures,
    max(iif(d.state = 'closed', 0, d.paused_until), iif(o.state = 'closed', 0, o.paused_until)) as held_up_until,
    d.held_at, d.held_reason, d.held_by, d.rate, d.last_success_at,
    (select count(*) from (${waiting})) as waiting,
    (select created_at from ringback_delivery where number = (select min(number) from (${waiting}))) as oldest_at
  from ringback_destination d cross join ringback_origin o on o.number = d.origin
  where d.number < ?1 and d.number >= ?2 and (?3 is null or ?3 = ${state})
    and (?4 is null or instr(d.url, ?4) > 0 or instr(d.recipient, ?4) > 0)
  order by d.number desc limit ?5`

export function createListDestinations(database: Connection) {
  const lowest = database.prepare(
    `select min(number) as number, count(*) as rows from (
       select number from ringback_destination where number < ? order by number desc limit ${lookedAt})`,
  )
  const list = database.prepare(page)
  return ({ state, text: part, cursor, limit, now }: DestinationsQuery): DestinationsPage => {
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor) || 0
    const { number: last, rows: count } = lowest.get(before) ?? {}
    const rows = list.all(before, last ?? before, state ?? null, part ?? null, limit + 1)
    const items = rows.slice(0, limit)
    const isFull = rows.length > limit
    const next = isFull ? items.at(-1)?.number : count === lookedAt ? last : undefined
    return {
      items: items.map(row => storedDestination(row, now)),
      nextCursor: next === undefined ? undefined : String(next),
    }
  }
}
