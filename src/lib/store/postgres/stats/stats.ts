import { hourMs, hoursKept, mostTroubled, type StoredStats } from '../../../delivery/manage/store-stats.ts'
import { optionalNumber } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'
import { placeArrivals } from '../places/place-arrivals.ts'
import { lastClaimAt } from './last-claim.ts'
import { readTallyHours } from './tally-table.ts'

/**
 * So many origins of each lane, and so many of their destinations, are looked at, those that have waited longest first; and so many
 * destinations that are well are asked for what is oldest there.
 */
const looked = { at: 1_000, asked: 250 }

/** What a store counts of itself, at a cost that does not grow with it. */
export async function stats(transaction: Transaction, { now }: { readonly now: number }): Promise<StoredStats> {
  const { query } = transaction
  await placeArrivals(transaction, now)
  const [due] = await query(oldestDue, [now])
  const [troubled] = await query(countTroubled)
  return {
    oldestDueAt: optionalNumber(due?.['at']),
    lastClaimAt: await lastClaimAt(transaction),
    slowed: Number(troubled?.['slowed']),
    open: Number(troubled?.['open']),
    ...(await readTallyHours(transaction, now - (hoursKept - 1) * hourMs)),
  }
}

const count = (state: string) => `(select count(*) from (
  select 1 from ringback.destination where state <> 'closed' and state = '${state}' limit ${mostTroubled}) x)`

const countTroubled = `select ${count('slowed')} as slowed, ${count('open')} as open`

const origins = (of: string) => `(select number, state from ringback.origin where ${of} limit ${looked.at})`
const inLane = (lane: 'known' | 'silent' | 'new') =>
  origins(`lane = '${lane}' and ready_at <= $1::bigint and turn is null order by ready_at`)

const oldestDue = `select min((select min(q.due_at) from ringback.queue q
    where q.destination = p.number and q.leased_at is null and q.behind = 0)) as at
  from (
    select number from (
      select d.number, d.state from (
        ${inLane('known')} union all ${inLane('silent')} union all ${inLane('new')}
        union all ${origins('turn is not null order by turn')}
      ) o join ringback.destination d on d.origin = o.number
      where o.state = 'closed' and d.ready_at <= $1::bigint limit ${looked.at}
    ) a where state = 'closed' limit ${looked.asked}
  ) p`
