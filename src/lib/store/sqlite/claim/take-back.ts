import { waitAfterDeathMs } from '../../../delivery/attempt/wait-after-death.ts'
import type { StoredDelivery } from '../../../delivery/stored-delivery.ts'
import type { Connection } from '../connection.ts'
import type { Counts } from '../counts.ts'
import type { Attempts } from '../end-attempts.ts'
import type { Queue } from '../queue.ts'
import type { Settle } from '../settle.ts'
import { optionalText, storedDelivery, storedDeliveryColumns, storedDeliveryTables } from '../values.ts'

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
      const waitMs = waitAfterDeathMs(deaths)
      if (waitMs !== undefined) {
        queue.schedule(ordered, { delayMs: waitMs }, now)
        counts.move('attempting', 'scheduled')
        return []
      }
      const end = { state: 'failed', reason: 'worker-died' } as const
      settle(ordered, { ...end, from: 'attempting' }, now)
      return [{ ...storedDelivery(row), ...end, nextAttemptAt: undefined, settledAt: now }]
    })
}
