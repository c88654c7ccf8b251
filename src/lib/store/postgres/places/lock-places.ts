import { NotTogether, TryAgain } from '../connection/reasons.ts'
import type { Transaction } from '../connection/transaction.ts'

/**
 * Locks destinations and their origins, origins first and each by number, and before anything else is locked, so that nobody
 * waits for one who waits for him. What is decided by what others may just have committed is read after it.
 */
export async function lockPlaces(transaction: Transaction, destinations: readonly string[]): Promise<void> {
  if (destinations.length === 0) return
  waitForOthers(transaction)
  const origins = new Set((await transaction.query(lockOrigins, [destinations])).map(({ number }) => number))
  // One that somebody makes meanwhile is none of them: its origin is not locked.
  const locked = await transaction.query(lockDestinations, [destinations, [...origins]])
  // That of an endpoint may have moved to another origin just now.
  if (locked.some(({ origin = null }) => !origins.has(origin))) throw new TryAgain('a destination has moved')
}

/** The same where something is locked already. Throws `TryAgain` where somebody else is at work on one of them. */
export async function lockWithoutWaiting(transaction: Transaction, destinations: readonly string[]): Promise<void> {
  const free = await lockFreePlaces(transaction, destinations)
  if (destinations.some(destination => !free.has(destination)))
    throw new TryAgain('somebody else is at work on a place')
}

/** To be called before others are waited for. Throws `NotTogether` where something may be held for which they wait. */
export function waitForOthers(transaction: Transaction): void {
  if (!transaction.mayWait) throw new NotTogether('something is locked already')
}

const lockOrigins = `select number from ringback.origin
  where number in (select origin from ringback.destination where number = any($1::bigint[])) order by number for update`

const lockDestinations = `select number, origin from ringback.destination d where number = any($1::bigint[])
    and (origin = any($2::bigint[]) or exists (select 1 from ringback.endpoint e where e.destination = d.number))
  order by number for update`

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
