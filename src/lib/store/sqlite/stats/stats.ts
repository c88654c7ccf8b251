import { hourMs, hoursKept, mostTroubled, type StoredStats } from '../../../delivery/manage/store-stats.ts'
import { optionalNumber } from '../../rows/row.ts'
import type { Connection } from '../connection.ts'
import type { Hours } from './hours.ts'
import type { LastClaim } from './last-claim.ts'

/**
 * `at` limits how many origins of each lane, and how many of their destinations, are looked at; those that have waited
 * longest come first. `asked` limits how many healthy destinations are asked for their oldest delivery.
 */
const looked = { at: 1_000, asked: 250 }

/** The store's own counts. Their cost does not grow with the store. */
export function createStats(database: Connection, hours: Hours, lastClaim: LastClaim) {
  const oldestDue = createOldestDue(database)
  const troubled = database.prepare(
    `select count(*) as count from (select 1 from ringback_destination
       where state <> 'closed' and state = ? limit ${mostTroubled})`,
  )
  const count = (state: 'slowed' | 'open') => Number(troubled.get(state)?.['count'])
  return ({ now }: { readonly now: number }): StoredStats => ({
    oldestDueAt: oldestDue(now),
    lastClaimAt: lastClaim.read(),
    slowed: count('slowed'),
    open: count('open'),
    ...hours.read(now - (hoursKept - 1) * hourMs),
  })
}

function createOldestDue(database: Connection): (now: number) => number | undefined {
  const origins = (of: string) =>
    `select * from (select number, state from ringback_origin where ${of} limit ${looked.at})`
  const inLane = (lane: 'known' | 'silent' | 'new') =>
    origins(`lane = '${lane}' and ready_at <= ?1 and turn is null order by ready_at`)
  const oldest = database.prepare(
    `select min((select min(due_at) from ringback_queue q
         where q.destination = p.number and q.leased_at is null and q.behind = 0)) as at
     from (
       select number from (
         select d.number, d.state from (
           ${inLane('known')} union all ${inLane('silent')} union all ${inLane('new')}
           union all ${origins('turn is not null order by turn')}
         ) o cross join ringback_destination d on d.origin = o.number
         where o.state = 'closed' and d.ready_at <= ?1 limit ${looked.at}
       ) where state = 'closed' limit ${looked.asked}
     ) p`,
  )
  return now => optionalNumber(oldest.get(now)?.['at'])
}
