import type {
  ClaimOutagesRequest,
  EndOutagesRequest,
  OutageEnd,
  UnhandledOutage,
} from '../../../delivery/handlers/handler-requests.ts'
import { unhandledOutage } from '../../rows/unhandled-outage-row.ts'
import type { Transaction } from '../connection/transaction.ts'
import { waitForOthers } from '../places/lock-places.ts'
import { placeArrivals } from '../places/place-arrivals.ts'
import { destinationNumber } from '../places/place-number.ts'
import { somethingWaits } from './trouble.ts'

/** The outages of destinations whose handlers have still to run: first that one began, then that it ended. */
export async function claimOutages(
  transaction: Transaction,
  { now, afterMs, limit, leaseMs }: ClaimOutagesRequest,
): Promise<UnhandledOutage[]> {
  const { query, engine } = transaction
  await placeArrivals(transaction, now)
  // Nobody tries to reach what an operator has paused.
  if (!engine.isPaused) await query(begin, [now, now - afterMs, limit])
  const rows = await query(due, [now, limit])
  if (rows.length > 0) await query(lease, [now + leaseMs, rows.map(({ number }) => number)])
  return rows.map(unhandledOutage)
}

const begin = `update ringback.destination t set outage_since = trouble_since, outage_due_at = $1::bigint
  where t.number in (select d.number from ringback.destination d
    where d.trouble_since <= $2::bigint and d.outage_since is null and ${somethingWaits} and d.held_at is null
    order by d.trouble_since, d.entered limit $3::int for update skip locked)`

const due = `select d.*, o.name as origin_name
  from ringback.destination d join ringback.origin o on o.number = d.origin
  where d.outage_due_at <= $1::bigint order by d.outage_due_at, d.entered limit $2::int for update of d skip locked`

const lease = 'update ringback.destination set outage_due_at = $1::bigint where number = any($2::bigint[])'

export async function endOutages(transaction: Transaction, { outages, now }: EndOutagesRequest): Promise<void> {
  if (outages.length > 0) waitForOthers(transaction)
  const numbered = outages.map(outage => ({ number: numberOf(outage), outage }))
  // In the order in which others lock them.
  for (const { number, outage } of numbered.sort((a, b) => (BigInt(a.number) < BigInt(b.number) ? -1 : 1)))
    await endOutage(transaction, { number, outage }, now)
}

function numberOf({ origin, url, recipient }: OutageEnd): string {
  return destinationNumber({ origin, destination: url, recipient })
}

interface NumberedOutage {
  readonly number: string
  readonly outage: OutageEnd
}

async function endOutage({ query }: Transaction, { number, outage }: NumberedOutage, now: number): Promise<void> {
  const { since, state, againInMs } = outage
  const place = [number, since]
  if (againInMs !== undefined) await query(again, [...place, now + againInMs, state === 'began' ? 0 : 1])
  else if (state === 'began') await query(tellEnd, [...place, now])
  else await query(forget, place)
}

const isMeant = 'number = $1::bigint and outage_since = $2::bigint'

const again = `update ringback.destination set outage_due_at = $3::bigint, outage_failures = outage_failures + 1
  where ${isMeant} and outage_told = $4::int`

const tellEnd = `update ringback.destination set outage_told = 1, outage_failures = 0,
    outage_due_at = case when outage_ended_at is not null then $3::bigint end
  where ${isMeant} and outage_told = 0`

const forget = `update ringback.destination set outage_since = null, outage_ended_at = null, outage_due_at = null,
    outage_told = 0, outage_failures = 0
  where ${isMeant} and outage_told = 1`
