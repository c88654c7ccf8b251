import type { DeliveryState, SettledReason } from '../../delivery/delivery-state.ts'
import type { Connection } from './connection.ts'
import type { Counts } from './counts.ts'
import type { Trouble } from './handlers/trouble.ts'
import type { Ordered, Queue } from './queue.ts'
import type { Hours } from './stats/hours.ts'

/** The state of a delivery before it settles, and the state in which it settles. */
interface DeliveryEnd {
  readonly from: DeliveryState
  readonly state: DeliveryState
  readonly responseValid?: boolean | undefined
  readonly reason?: SettledReason | undefined
  /**
   * When any worker may run the handler; null if none is to run. If it is left out and the delivery failed or is
   * blocked, the handler may run at once, so that the failure is told whatever settled the delivery.
   */
  readonly handlerDueAt?: number | null
}

/** Settles a delivery, and lets the next one of its ordering key go; true if there is one. */
export type Settle = (delivery: Ordered, end: DeliveryEnd, now: number) => boolean

/** What else settling changes. */
export interface SettleParts {
  readonly queue: Queue
  readonly counts: Counts
  readonly trouble: Trouble
  readonly hours: Hours
}

export function createSettle(database: Connection, { queue, counts, trouble, hours }: SettleParts): Settle {
  const settle = database.prepare(
    `insert into ringback_settled (delivery, state, settled_at, response_valid, handler_due_at, reason, token,
       attempt_count, kept)
     select q.number, ?, ?, ?, ?, ?, q.token, q.attempt_count, iif(d.endpoint is null, 'all', 'webhook')
     from ringback_queue q cross join ringback_delivery d on d.number = q.number where q.number = ?`,
  )
  return (delivery, { from, state, responseValid, handlerDueAt, reason = null }, now) => {
    const valid = responseValid === undefined ? null : Number(responseValid)
    const dueAt = handlerDueAt === undefined ? dueAtFor(state, now) : handlerDueAt
    settle.run(state, now, valid, dueAt, reason, delivery.number)
    queue.remove(delivery.number)
    counts.move(from, state)
    hours.settled(state, now)
    const promoted = queue.promote(delivery, now)
    if (state !== 'delivered') trouble.rest(delivery.destination)
    return promoted
  }
}

function dueAtFor(state: DeliveryState, now: number): number | null {
  return state === 'failed' || state === 'blocked' ? now : null
}
