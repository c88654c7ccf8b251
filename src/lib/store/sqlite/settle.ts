import type { DeliveryState } from '../../delivery/delivery-state.ts'
import type { Connection } from './connection.ts'
import type { Counts } from './counts.ts'
import type { Ordered, Queue } from './queue.ts'
import type { Hours } from './stats/hours.ts'

/** The state in which a delivery was, and that in which it settles. */
interface DeliveryEnd {
  readonly from: DeliveryState
  readonly state: DeliveryState
  readonly responseValid?: boolean | undefined
  readonly responseDueAt?: number | undefined
}

/** Settles a delivery, and lets the next one of its ordering key go; true if there is one. */
export type Settle = (delivery: Ordered, end: DeliveryEnd, now: number) => boolean

export function createSettle(database: Connection, queue: Queue, counts: Counts, hours: Hours): Settle {
  const settle = database.prepare(
    `insert into ringback_settled (delivery, state, settled_at, response_valid, response_due_at, token, attempt_count)
     select number, ?, ?, ?, ?, token, attempt_count from ringback_queue where number = ?`,
  )
  return (delivery, { from, state, responseValid, responseDueAt = null }, now) => {
    const valid = responseValid === undefined ? null : Number(responseValid)
    settle.run(state, now, valid, responseDueAt, delivery.number)
    queue.remove(delivery.number)
    counts.move(from, state)
    hours.settled(state, now)
    return queue.promote(delivery, now)
  }
}
