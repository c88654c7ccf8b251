import {
  type DestinationsPage,
  type DestinationsQuery,
  mostWaitingCounted,
} from '../../../delivery/isolation/stored-destination.ts'
import { text } from '../../rows/row.ts'
import { storedDestination } from '../../rows/stored-destination-row.ts'
import type { Transaction } from '../connection/transaction.ts'
import { numberIn } from '../find/read.ts'
import { placeArrivals } from '../places/place-arrivals.ts'

/** So many destinations are looked at for one page. */
const lookedAt = 10_000
const greatest = '9223372036854775807'

export async function listDestinations(
  transaction: Transaction,
  request: DestinationsQuery,
): Promise<DestinationsPage> {
  const { state, text: part, cursor, limit, now } = request
  await placeArrivals(transaction, now)
  const before = cursor === undefined ? greatest : numberIn(cursor)
  const [looked] = await transaction.query(lowest, [before])
  const last = looked?.['entered'] ?? before
  const rows = await transaction.query(page, [before, last, state ?? null, part ?? null, limit + 1])
  const items = rows.slice(0, limit)
  const next =
    rows.length > limit ? items.at(-1)?.['entered'] : Number(looked?.['rows']) === lookedAt ? last : undefined
  return {
    items: items.map(row => storedDestination(row, now)),
    nextCursor: next === undefined ? undefined : text(next),
  }
}

const lowest = `select min(entered) as entered, count(*) as rows from (
  select entered from ringback.destination where entered < $1::bigint order by entered desc limit ${lookedAt}) x`

const state = `case when d.held_at is not null then 'paused' when 'open' in (d.state, o.state) then 'open'
  when 'slowed' in (d.state, o.state) then 'slowed' else 'healthy' end`

/** Those that wait behind another one of their ordering key stand in another index than the rest. */
const waiting = `select number from (
    (select number from ringback.queue
      where destination = d.number and leased_at is null and behind = 0 limit ${mostWaitingCounted})
    union all (select number from ringback.queue
      where destination = d.number and ordering_key is not null and behind > 0 limit ${mostWaitingCounted})
  ) w limit ${mostWaitingCounted}`

const page = `
  select d.entered, d.url, d.recipient, ${state} as shown_state, d.failures, o.failures as origin_failures,
    greatest(case when d.state <> 'closed' then d.paused_until else 0 end,
      case when o.state <> 'closed' then o.paused_until else 0 end) as held_up_until,
    d.held_at, d.held_reason, d.held_by, d.rate, d.last_success_at,
    (select count(*) from (${waiting}) x) as waiting,
    (select created_at from ringback.delivery where number = (select min(number) from (${waiting}) x)) as oldest_at
  from ringback.destination d join ringback.origin o on o.number = d.origin
  where d.entered < $1::bigint and d.entered >= $2::bigint and ($3::text is null or $3::text = ${state})
    and ($4::text is null or strpos(d.url, $4::text) > 0 or strpos(d.recipient, $4::text) > 0)
  order by d.entered desc limit $5::int`
