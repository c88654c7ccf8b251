import { waitAfterDeathMs } from '../../../delivery/attempt/wait-after-death.ts'
import type { SettledReason } from '../../../delivery/delivery-state.ts'
import type { StoredDelivery } from '../../../delivery/stored-delivery.ts'
import { optionalNumber, optionalText, type Row } from '../../rows/row.ts'
import { storedDelivery } from '../../rows/stored-rows.ts'
import { storedDeliveryColumns, storedDeliveryTables } from '../columns.ts'
import type { Connection } from '../connection.ts'
import type { Counts } from '../counts.ts'
import type { Attempts } from '../end-attempts.ts'
import { createCancelReason } from '../endpoints/cancel-stale.ts'
import type { Places } from '../place.ts'
import type { Ordered, Queue } from '../queue.ts'
import type { Settle } from '../settle.ts'

/** The most rows of each kind in one claim. The next claim handles the rest. */
const passedAtOnce = 1_000

/** What is needed to take rows back and to fail them. */
export interface FailPassedParts {
  readonly places: Places
  readonly queue: Queue
  readonly counts: Counts
  readonly attempts: Attempts
  readonly settle: Settle
}

/**
 * Takes back what dead workers left behind, and fails what may not be sent any more: deliveries that expired, and those
 * over which too many workers in a row died. Returns the failed deliveries.
 */
export function createFailPassed(database: Connection, parts: FailPassedParts) {
  const { queue, counts, attempts, settle, places } = parts
  const passed = database.prepare(passedRows)
  const cancelled = createCancelReason(database)
  const addDeath = database.prepare('update ringback_queue set deaths = ?, token = token + 1 where number = ?')
  const scheduleAfterDeath = (delivery: Ordered, row: Row, now: number): boolean => {
    const deaths = Number(row.deaths) + 1
    attempts.abandon(delivery.number, now)
    addDeath.run(deaths, delivery.number)
    const waitMs = waitAfterDeathMs(deaths)
    if (waitMs === undefined || isExpired(row, now)) return false
    queue.schedule(delivery, { delayMs: waitMs }, now)
    counts.move('attempting', 'scheduled')
    return true
  }
  const refresh = (destinations: ReadonlySet<number>, now: number) => {
    if (destinations.size === 0) return
    places.refreshDestinations([...destinations], now)
    const origins = [...destinations].map(number => places.destination(number).origin)
    places.refreshOrigins([...new Set(origins)], now)
  }
  return (now: number): StoredDelivery[] => {
    const waited = new Set<number>()
    const failed = passed.all(now).flatMap(row => {
      const delivery = orderedOf(row)
      const from = row.leased === 1 ? 'attempting' : 'scheduled'
      if (row.is_cancelled === 1) {
        attempts.abandon(delivery.number, now)
        settle(delivery, { from, state: 'cancelled', reason: cancelled(delivery.number) }, now)
        return []
      }
      if (from === 'attempting' && scheduleAfterDeath(delivery, row, now)) return []
      const reason: SettledReason = isExpired(row, now) ? 'expired' : 'worker-died'
      settle(delivery, { from, state: 'failed', reason }, now)
      if (from === 'scheduled') waited.add(delivery.destination)
      return [{ ...storedDelivery(row), state: 'failed' as const, reason, nextAttemptAt: undefined, settledAt: now }]
    })
    refresh(waited, now)
    return failed
  }
}

const passedRows = `
  select ${storedDeliveryColumns}, q.destination as destination_number, q.ordering_key, q.deaths, q.expires_at,
    q.leased_at is not null as leased, q.epoch < p.epoch as is_cancelled
  from (
    select * from (select number from ringback_queue where leased_at is not null and due_at <= ?1 limit ${passedAtOnce})
    union all
    select * from (select number from ringback_queue where leased_at is null and expires_at <= ?1 limit ${passedAtOnce})
  ) as passed
  cross join ringback_queue q on q.number = passed.number cross join ${storedDeliveryTables('q.number', 'q')}
  order by q.number`

function orderedOf(row: Row): Ordered {
  return {
    number: Number(row.number),
    destination: Number(row.destination_number),
    orderingKey: optionalText(row.ordering_key),
  }
}

function isExpired(row: Row, now: number): boolean {
  return (optionalNumber(row.expires_at) ?? Number.POSITIVE_INFINITY) <= now
}
