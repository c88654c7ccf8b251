import { type DueTime, dueAtOf } from '../queue/due-time.ts'
import type { Connection } from './connection.ts'
import type { Places } from './place.ts'

/** A delivery's place in the order of its key. */
export interface Ordered {
  readonly number: number
  readonly destination: number
  readonly orderingKey: string | undefined
}

/** The first values of a row in the queue. */
export interface QueuedDelivery extends Ordered {
  /** The length of its message. */
  readonly bytes: number
  /** The last token and the number of attempts so far; none at first. */
  readonly token: number
  readonly attemptCount: number
  /** No attempt begins at this time or later. */
  readonly expiresAt?: number | undefined
}

/** When deliveries are due, and which wait behind an earlier one of their ordering key. */
export interface Queue {
  /** Puts a delivery into the queue. */
  add(delivery: QueuedDelivery, due: DueTime, now: number): void
  /** Makes a delivery of the queue due, or lets it wait for an earlier one of its key. */
  schedule(delivery: Ordered, due: DueTime, now: number): void
  /** Takes a delivery out of the queue. */
  remove(delivery: number): void
  /** Lets the next delivery of the key go if none is before it any more; true if one was waiting. */
  promote(delivery: Ordered, now: number): boolean
}

export function createQueue(database: Connection, places: Places): Queue {
  const statements = prepareStatements(database)
  const { head, first } = statements
  const isBehind = ({ number, destination, orderingKey }: Ordered) =>
    orderingKey !== undefined && head.get(destination, orderingKey, number) !== undefined
  const schedule = (delivery: Ordered, due: DueTime, now: number) => {
    const behind = isBehind(delivery)
    const dueAt = dueAtOf(due, now)
    statements.move.run(dueAt, behind ? 1 : 0, delivery.number, due.delayMs ?? 0, due.dueAt ?? null)
    if (!behind) places.bringForward(delivery.destination, dueAt, now)
  }
  return {
    add(delivery, due, now) {
      const { number, destination, orderingKey = null, bytes, token, attemptCount } = delivery
      const behind = isBehind(delivery)
      const dueAt = dueAtOf(due, now)
      const times = [due.delayMs ?? 0, due.dueAt ?? null, delivery.expiresAt ?? null]
      const given = [orderingKey, bytes, token, attemptCount, ...times]
      statements.add.run(number, destination, dueAt, behind ? 1 : 0, ...given)
      if (!behind) places.bringForward(destination, dueAt, now)
    },
    schedule,
    remove(delivery) {
      statements.remove.run(delivery)
    },
    promote({ destination, orderingKey }, now) {
      if (orderingKey === undefined || head.get(destination, orderingKey, 0) !== undefined) return false
      const next = first.get(destination, orderingKey)
      if (next === undefined) return false
      const promoted = statements.promote.get(now, Number(next.number))
      places.bringForward(destination, Number(promoted?.due_at), now)
      return true
    },
  }
}

function prepareStatements(database: Connection) {
  return {
    head: database.prepare(
      `select number from ringback_queue where destination = ? and ordering_key = ? and behind = 0 and number <> ?
       limit 1`,
    ),
    first: database.prepare(
      `select number from ringback_queue where destination = ? and ordering_key = ? and behind = 1
       order by number limit 1`,
    ),
    promote: database.prepare(
      `update ringback_queue set behind = 0, due_at = min(due_at, max(?1 + delay_ms, coalesce(asked_at, 0)))
       where number = ?2 returning due_at`,
    ),
    add: database.prepare(
      `insert into ringback_queue (number, destination, due_at, wanted_at, behind, ordering_key, bytes, token,
         attempt_count, delay_ms, asked_at, expires_at, epoch)
       values (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,
         (select epoch from ringback_destination where number = ?2))`,
    ),
    move: database.prepare(
      `update ringback_queue set due_at = ?1, wanted_at = ?1, behind = ?2, leased_at = null, delay_ms = ?4, asked_at = ?5
       where number = ?3`,
    ),
    remove: database.prepare('delete from ringback_queue where number = ?'),
  }
}
