import { longestHandlerWaitMs } from '../../../delivery/handlers/handler-runs.ts'
import type { Connection } from '../connection.ts'
import { readyAt } from '../place.ts'

/** The longest pause there is: what a receiver asks for is limited to this as well. */
const longestPauseMs = 24 * 3_600_000

/**
 * Corrects what was set by a clock that was ahead of `?1`. Leases and pauses that were set then are over. What waits
 * becomes due no later than its wait from now, or at the time that its sender asked for. What ended later than now has
 * ended now.
 */
const corrections = [
  'update ringback_queue set due_at = ?1, leased_at = ?1 where leased_at > ?1',
  `update ringback_queue set due_at = max(?1 + delay_ms, coalesce(asked_at, 0))
   where leased_at is null and due_at > max(?1 + delay_ms, coalesce(asked_at, 0))`,
  ...['ringback_destination', 'ringback_origin'].map(
    table => `update ${table} set failing_since = min(failing_since, ?1), paused_until = min(paused_until, ?1), paused_at = ?1
      where paused_at > ?1 or paused_until > ?1 + ${longestPauseMs} or failing_since > ?1`,
  ),
  `update ringback_destination set next_start_at = min(next_start_at, ?1), last_success_at = min(last_success_at, ?1)
   where next_start_at > ?1 or last_success_at > ?1`,
  `update ringback_destination as t set ready_at = ${readyAt} where ready_at > ?1`,
  `update ringback_origin as o set ready_at = r.at, turn = iif(r.at <= ?1, o.turn, null)
   from (select p.number, max(?1, p.paused_until, (
     select min(ready_at) from ringback_destination where origin = p.number and ready_at is not null
   )) as at from ringback_origin p where p.ready_at > ?1) as r where o.number = r.number`,
  `update ringback_settled set handler_due_at = ?1 where handler_due_at > ?1
   and (settled_at > ?1 or handler_due_at > ?1 + ${longestHandlerWaitMs})`,
  `update ringback_settled set settled_at = ?1 where kept in ('all', 'webhook', 'row', 'failed row') and settled_at > ?1`,
  `update ringback_fanout set due_at = ?1 where due_at > ?1 and (endpoint is not null or after_number > 0)`,
  'update ringback_notice set due_at = ?1 where due_at > ?1',
  'update ringback_secret set signs_until = ?1 + signs_until - ended_at, ended_at = ?1 where ended_at > ?1',
]

/** The statements are prepared only when they are needed, which is hardly ever. */
export function createCorrectTimes(database: Connection): (now: number) => void {
  return now => {
    for (const sql of corrections) database.prepare(sql).run(now)
  }
}
