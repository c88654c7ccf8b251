import type { StoredDelivery } from '../../../delivery/stored-delivery.ts'
import type { Connection } from '../connection.ts'
import type { Counts } from '../counts.ts'
import type { Attempts } from '../end-attempts.ts'
import type { Queue } from '../queue.ts'
import type { Settle } from '../settle.ts'
import { optionalText, storedDelivery, storedDeliveryColumns, storedDeliveryTables } from '../values.ts'

/** A delivery over which so many workers in a row died has failed: it may be what kills them. */
export const deathsToFail = 3

const expiredAtOnce = 1_000

/** What is taken back, and how it ends. */
export interface TakeBackParts {
  readonly queue: Queue
  readonly counts: Counts
  readonly attempts: Attempts
  readonly settle: Settle
}

/** Takes back what workers that died left behind, and gives what has failed by it. */
export function createTakeBack(database: Connection, { queue, counts, attempts, settle }: TakeBackParts) {
  const expired = database.prepare(
    `select ${storedDeliveryColumns}, q.destination as destination_number, q.ordering_key, q.deaths
     from ringback_queue q cross join ${storedDeliveryTables('q.number', 'q')}
     where q.leased_at is not null and q.due_at <= ? limit ${expiredAtOnce}`,
  )
  const addDeath = database.prepare('update ringback_queue set deaths = ?, token = token + 1 where number = ?')
  return (now: number): StoredDelivery[] =>
    expired.all(now).flatMap(row => {
      const number = Number(row.number)
      const destination = Number(row.destination_number)
      const ordered = { number, destination, orderingKey: optionalText(row.ordering_key) }
      const deaths = Number(row.deaths) + 1
      attempts.abandon(number, now)
      addDeath.run(deaths, number)
      if (deaths < deathsToFail) {
        queue.schedule(ordered, now, now)
        counts.move('attempting', 'scheduled')
        return []
      }
      settle(ordered, { from: 'attempting', state: 'failed' }, now)
      return [{ ...storedDelivery(row), state: 'failed', nextAttemptAt: undefined, settledAt: now }]
    })
}
