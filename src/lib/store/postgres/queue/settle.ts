import type { DeliveryState, SettledReason } from '../../../delivery/delivery-state.ts'
import type { Transaction } from '../connection/transaction.ts'
import { restTrouble } from '../handlers/trouble.ts'
import type { Ordered } from './ordered.ts'
import { promote } from './schedule.ts'

/** A delivery of the queue, and how it ends. */
export interface SettledEnd extends Ordered {
  readonly from: DeliveryState
  readonly state: DeliveryState
  readonly responseValid?: boolean | undefined
  readonly reason?: SettledReason | undefined
  /**
   * When any worker may run the handler; null where none is to run. A delivery that fails, or is blocked, where nothing else
   * is said, waits for its handler at once, so that whatever settles it, somebody is told.
   */
  readonly handlerDueAt?: number | null
}

/** Settles deliveries, and lets the next ones of their keys go; gives those. Their places are locked. */
export async function settle(transaction: Transaction, ends: readonly SettledEnd[], now: number) {
  if (ends.length === 0) return []
  await transaction.query(move, [
    ends.map(({ number }) => number),
    ends.map(({ state }) => state),
    ends.map(({ responseValid }) => (responseValid === undefined ? null : Number(responseValid))),
    ends.map(({ state, handlerDueAt = dueAtFor(state, now) }) => handlerDueAt),
    ends.map(({ reason }) => reason ?? null),
    now,
  ])
  for (const { from, state } of ends) {
    transaction.tally.move(from, state)
    transaction.tally.settled(state, now)
  }
  const promoted = await promote(transaction, ends, now)
  const notDelivered = ends.filter(({ state }) => state !== 'delivered')
  await restTrouble(
    transaction,
    notDelivered.map(({ destination }) => destination),
  )
  return promoted
}

const move = `with gone as (
    delete from ringback.queue q
    using unnest($1::bigint[], $2::text[], $3::int[], $4::bigint[], $5::text[])
      as j(number, state, response_valid, handler_due_at, reason)
    where q.number = j.number
    returning q.number, j.state, j.response_valid, j.handler_due_at, j.reason, q.token, q.attempt_count
  )
  insert into ringback.settled (delivery, state, settled_at, response_valid, handler_due_at, reason, token, attempt_count,
    kept)
  select g.number, g.state, $6::bigint, g.response_valid, g.handler_due_at, g.reason, g.token, g.attempt_count,
    case when d.endpoint is null then 'all' else 'webhook' end
  from gone g join ringback.delivery d on d.number = g.number`

function dueAtFor(state: DeliveryState, now: number): number | null {
  return state === 'failed' || state === 'blocked' ? now : null
}
