import { optionalNumber, type Row } from '../../rows/row.ts'
import type { Seen, Transaction } from '../connection/transaction.ts'

/** What there is to be done before a claim: in most claims nothing of it, and one look costs less than a statement for each. */
export async function look(transaction: Transaction): Promise<Seen> {
  if (transaction.seen !== undefined) return transaction.seen
  const [row = {}] = await transaction.query(`select ${seenColumns}`)
  return seenOf(row)
}

export function seenOf(row: Row): Seen {
  const [leasedUntil, expiresAt] = [optionalNumber(row.leased_until), optionalNumber(row.expires_at)]
  const passes = [leasedUntil, expiresAt].filter(time => time !== undefined)
  return {
    arrivals: row.arrivals === 1,
    passesAt: passes.length === 0 ? undefined : Math.min(...passes),
    newcomerAt: optionalNumber(row.newcomer_at),
    silentAt: optionalNumber(row.silent_at),
    turns: row.turns === 1,
  }
}

const readyInLane = (lane: string) => `(select ready_at from ringback.origin
  where lane = '${lane}' and ready_at is not null and turn is null order by ready_at limit 1)`

/** The first one of an index, and not whether there is one: a plan for all values would read the table for that. */
export const seenColumns = `exists (select 1 from ringback.arrival) as arrivals,
  (select due_at from ringback.queue where leased_at is not null order by due_at limit 1) as leased_until,
  (select expires_at from ringback.queue where expires_at is not null and leased_at is null
    order by expires_at limit 1) as expires_at,
  ${readyInLane('new')} as newcomer_at, ${readyInLane('silent')} as silent_at,
  (select turn from ringback.origin where turn is not null order by turn limit 1) is not null as turns`
