import { fewNewOrigins } from '../../../delivery/isolation/origin-lane.ts'
import { type Row, text } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'
import { destinationNumber } from './place-number.ts'

/** Makes the origins and destinations of arrivals that are new, in the order of the arrivals. */
export async function enterPlaces(transaction: Transaction, arrivals: readonly Row[]): Promise<void> {
  const { query } = transaction
  const origins = firstOf(arrivals, 'origin', 'is_new_origin')
  if (origins.length > 0)
    await query(enterOrigins, [
      origins.map(row => row.origin),
      origins.map(row => row.number),
      origins.map(row => row.origin_name),
      origins.map(row => row.group_name),
    ])
  const destinations = firstOf(arrivals, 'destination', 'is_new_destination')
  // Others may wait for these: more of them would be out of their order.
  if (origins.length + destinations.length > 0) transaction.hasEntered = true
  if (destinations.length > 0)
    await query(enterDestinations, [
      destinations.map(row => row.destination),
      destinations.map(row => row.number),
      destinations.map(row => row.origin),
      destinations.map(row => row.url),
      destinations.map(row => row.recipient),
      destinations.map(numberOfAll),
    ])
}

/** The number of the destination that has the same URL and no recipient. */
function numberOfAll({ origin_name, url }: Row): string {
  return destinationNumber({ origin: text(origin_name), destination: text(url), recipient: undefined })
}

/** The first arrival of each place that is new. */
function firstOf(arrivals: readonly Row[], key: 'origin' | 'destination', isNew: string): Row[] {
  const first = new Map<unknown, Row>()
  for (const row of arrivals) if (row[isNew] && !first.has(row[key])) first.set(row[key], row)
  return [...first.values()]
}

const enterOrigins = `insert into ringback.origin (number, entered, name, group_name, lane, of_few)
  select j.number, j.entered, j.name, j.group_name, 'new', case when (
      select count(*) from (select 1 from ringback.origin x
        where x.group_name = j.group_name and x.lane = 'new' limit ${fewNewOrigins}) few
    ) + row_number() over (partition by j.group_name order by j.entered) - 1 < ${fewNewOrigins} then 1 else 0 end
  from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) as j(number, entered, name, group_name)
  order by j.number on conflict do nothing`

/** What holds for all of its URL holds for it as well. */
const enterDestinations = `insert into ringback.destination (number, entered, origin, url, recipient, of_all, held_at,
    held_reason, held_by, rate)
  select j.number, j.entered, j.origin, j.url, j.recipient, j.of_all, p.held_at, p.held_reason, p.held_by, p.rate
  from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[])
    as j(number, entered, origin, url, recipient, of_all)
  left join ringback.destination p on p.number = j.of_all
  order by j.number on conflict do nothing`
