import { TryAgain } from '../connection/reasons.ts'
import type { Transaction } from '../connection/transaction.ts'

/**
 * Locks destinations and their origins, origins first and each by number, so that nobody waits for one who waits for him.
 * What is decided by what others may just have committed is read after it.
 */
export async function lockPlaces({ query }: Transaction, destinations: readonly string[]): Promise<void> {
  if (destinations.length === 0) return
  const origins = new Set((await query(lockOrigins, [destinations])).map(({ number }) => number))
  const locked = await query(lockDestinations, [destinations])
  // That of an endpoint may have moved to another origin just now
  if (locked.some(({ origin = null }) => origin !== null && !origins.has(origin)))
    throw new TryAgain('a destination has moved')
}

const lockOrigins = `select number from ringback.origin
  where number in (select origin from ringback.destination where number = any($1::bigint[])) order by number for update`

const lockDestinations = `select number, (select o.number from ringback.origin o where o.number = d.origin) as origin
  from ringback.destination d where number = any($1::bigint[]) order by number for update`

/** The same for those that nobody else is at work on: gives these, and waits for nobody. */
export async function lockFreePlaces({ query }: Transaction, destinations: readonly string[]) {
  const rows = await query(lockFree, [destinations])
  return new Set(rows.map(({ number }) => String(number)))
}

const lockFree = `with o as materialized (
    select number from ringback.origin
    where number in (select origin from ringback.destination where number = any($1::bigint[])) for update skip locked
  ) select number from ringback.destination
  where number = any($1::bigint[]) and origin in (select number from o) for update skip locked`
