import { longestHandlerWaitMs } from '../../delivery/handlers/handler-runs.ts'
import type { Transaction } from './connection/transaction.ts'
import { placeArrivals } from './places/place-arrivals.ts'
import { readyAt } from './places/refresh-places.ts'

/** What is asked waits for its commit, and so comes up to this later than its time says: no sign of a wrong clock. */
const latenessMs = 10_000
/** So much later than the last time that was written another one is. */
const writtenEveryMs = 1_000
/** No receiver is obeyed for longer, and no other pause is as long. */
const longestPauseMs = 24 * 3_600_000

/**
 * Sees each time that the store is told. One that is before an earlier one shows that the clock was ahead and has been put
 * right: then all that was set by it is put right as well. The latest time is kept, for all processes.
 */
export async function watchClock(transaction: Transaction, now: number): Promise<void> {
  const { latestAt } = transaction.engine
  if (latestAt !== undefined && now < latestAt - latenessMs) await correctTimes(transaction, now)
  else if (latestAt === undefined || now >= latestAt + writtenEveryMs) transaction.sendWithNext(note, [now])
}

/** Whoever finds it being written leaves it: the next one writes it. */
const note = `update ringback.engine set latest_at = $1::bigint where row in (
  select row from ringback.engine where latest_at is null or latest_at < $1::bigint for update skip locked)`

/** One process does it; those that come meanwhile wait, and find it done. */
async function correctTimes(transaction: Transaction, now: number): Promise<void> {
  const { query } = transaction
  const [engine] = await query('select latest_at from ringback.engine for update')
  if (now >= Number(engine?.['latest_at']) - latenessMs) return
  transaction.seen = undefined
  await placeArrivals(transaction, now)
  for (const sql of corrections) await query(sql, [now])
  await query('update ringback.engine set latest_at = $1::bigint', [now])
}

const dueNoLater = 'greatest($1::bigint + delay_ms, coalesce(asked_at, 0))'

/**
 * What was set by a clock that was ahead of `$1`, put right. Leases and pauses that were are over; what waits is due no
 * later than its wait from now, or at the time that its sender asked for; what ended later than now has ended now.
 */
const corrections = [
  'update ringback.queue set due_at = $1::bigint, leased_at = $1::bigint where leased_at > $1::bigint',
  `update ringback.queue set due_at = ${dueNoLater} where leased_at is null and due_at > ${dueNoLater}`,
  ...['destination', 'origin'].map(
    table => `update ringback.${table} set failing_since = least(failing_since, $1::bigint),
        paused_until = least(paused_until, $1::bigint), paused_at = $1::bigint
      where paused_at > $1::bigint or paused_until > $1::bigint + ${longestPauseMs} or failing_since > $1::bigint`,
  ),
  `update ringback.destination set next_start_at = least(next_start_at, $1::bigint),
     last_success_at = case when last_success_at is not null then least(last_success_at, $1::bigint) end
   where next_start_at > $1::bigint or last_success_at > $1::bigint`,
  `update ringback.destination t set ready_at = ${readyAt} where ready_at > $1::bigint`,
  // What could not be placed just now
  `update ringback.arrival set added_at = least(added_at, $1::bigint),
     due_at = case when due_at is not null then least(due_at, $1::bigint) end
   where due_at > $1::bigint or added_at > $1::bigint`,
  `update ringback.origin o set ready_at = r.at, turn = case when r.at <= $1::bigint then o.turn end
   from (select p.number, (select greatest($1::bigint, p.paused_until, d.ready_at) from ringback.destination d
       where d.origin = p.number and d.ready_at is not null order by d.ready_at limit 1) as at
     from ringback.origin p where p.ready_at > $1::bigint) r where o.number = r.number`,
  `update ringback.settled set handler_due_at = $1::bigint where handler_due_at > $1::bigint
     and (settled_at > $1::bigint or handler_due_at > $1::bigint + ${longestHandlerWaitMs})`,
  `update ringback.settled set settled_at = $1::bigint
   where kept in ('all', 'webhook', 'row', 'failed row') and settled_at > $1::bigint`,
  `update ringback.fanout set due_at = $1::bigint where due_at > $1::bigint and (endpoint is not null or after_number > 0)`,
  'update ringback.notice set due_at = $1::bigint where due_at > $1::bigint',
  'update ringback.endpoint set listens_from = $1::bigint where listens_from > $1::bigint',
  `update ringback.secret set signs_until = $1::bigint + signs_until - ended_at, ended_at = $1::bigint
   where ended_at > $1::bigint`,
]
