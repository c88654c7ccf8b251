import { isSettled } from '../../delivery/delivery-state.ts'
import type { Row } from '../rows/row.ts'
import type { Connection } from './connection.ts'
import type { Counts } from './counts.ts'
import type { Queue } from './queue.ts'
import { orderedOf, stateOf } from './remove.ts'
import type { Settle } from './settle.ts'

/** Sends a delivery that has ended again under its own id. Tokens and attempts continue to count from where they were. */
export type SendAgain = (row: Row, now: number) => void

/** What sending again changes. */
export interface SendAgainParts {
  readonly queue: Queue
  readonly counts: Counts
  readonly settle: Settle
}

export function createSendAgain(database: Connection, { queue, counts, settle }: SendAgainParts): SendAgain {
  const unsettle = database.prepare(
    `delete from ringback_settled where delivery = ?
     returning token, attempt_count, (select length(m.content) from ringback_delivery d
       join ringback_message m on m.number = d.message where d.number = delivery) as bytes`,
  )
  const free = database.prepare('delete from ringback_held where delivery = ?')
  return (row, now) => {
    const delivery = orderedOf(row)
    const from = stateOf(row)
    if (!isSettled(from)) settle(delivery, { from, state: 'cancelled' }, now)
    const { token, attempt_count, bytes } = unsettle.get(delivery.number) ?? {}
    free.run(delivery.number)
    const queued = { token: Number(token), attemptCount: Number(attempt_count), bytes: Number(bytes) }
    queue.add({ ...delivery, ...queued }, {}, now)
    counts.move(isSettled(from) ? from : 'cancelled', 'scheduled')
  }
}
