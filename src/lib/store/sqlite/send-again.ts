import type { Row } from '../rows/row.ts'
import type { Connection } from './connection.ts'
import type { Counts } from './counts.ts'
import type { Queue } from './queue.ts'
import { orderedOf, stateOf } from './remove.ts'

/** Sends a settled delivery again under its own id. Tokens and attempts continue to count from where they were. */
export type SendAgain = (row: Row, now: number) => void

export function createSendAgain(database: Connection, queue: Queue, counts: Counts): SendAgain {
  const unsettle = database.prepare(
    `delete from ringback_settled where delivery = ?
     returning token, attempt_count, (select length(m.content) from ringback_delivery d
       join ringback_message m on m.number = d.message where d.number = delivery) as bytes`,
  )
  const free = database.prepare('delete from ringback_held where delivery = ?')
  return (row, now) => {
    const delivery = orderedOf(row)
    const { token, attempt_count, bytes } = unsettle.get(delivery.number) ?? {}
    free.run(delivery.number)
    const queued = { token: Number(token), attemptCount: Number(attempt_count), bytes: Number(bytes) }
    queue.add({ ...delivery, ...queued }, {}, now)
    counts.move(stateOf(row), 'scheduled')
  }
}
