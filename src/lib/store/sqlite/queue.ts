import type { Connection } from './connection.ts'
import type { Places } from './place.ts'

/** A delivery's place in the order of its key. */
export interface Ordered {
  readonly number: number
  readonly destination: number
  readonly orderingKey: string | undefined
}

/** What a queue row begins with. */
export interface QueuedDelivery extends Ordered {
  /** The length of its message. */
  readonly bytes: number
  /** Those of its last lease and of its attempts so far: none at first. */
  readonly token: number
  readonly attemptCount: number
}

/** When deliveries are due, and which wait behind an earlier one of their ordering key. */
export interface Queue {
  /** Puts a delivery into the queue. */
  add(delivery: QueuedDelivery, dueAt: number, now: number): void
  /** Makes a delivery of the queue due at `dueAt`, or lets it wait for an earlier one of its key. */
  schedule(delivery: Ordered, dueAt: number, now: number): void
  /** Takes a delivery out of the queue. */
  remove(delivery: number): void
  /** Lets the next one of the key go where none is before it any more; true if one was waiting. */
  promote(delivery: Ordered, now: number): boolean
}

export function createQueue(database: Connection, places: Places): Queue {
  const statements = prepareStatements(database)
  const { head, first } = statements
  const isBehind = ({ number, destination, orderingKey }: Ordered) =>
    orderingKey !== undefined && head.get(destination, orderingKey, number) !== undefined
  const schedule = (delivery: Ordered, dueAt: number, now: number) => {
    const behind = isBehind(delivery)
    statements.move.run(dueAt, behind ? 1 : 0, delivery.number)
    if (!behind) places.bringForward(delivery.destination, dueAt, now)
  }
  return {
    add(delivery, dueAt, now) {
      const { number, destination, orderingKey = null, bytes, token, attemptCount } = delivery
      const behind = isBehind(delivery)
      statements.add.run(number, destination, dueAt, behind ? 1 : 0, orderingKey, bytes, token, attemptCount)
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
      schedule({ number: Number(next.number), destination, orderingKey }, Number(next.due_at), now)
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
      `select number, due_at from ringback_queue where destination = ? and ordering_key = ? and behind = 1
       order by number limit 1`,
    ),
    add: database.prepare(
      `insert into ringback_queue (number, destination, due_at, wanted_at, behind, ordering_key, bytes, token,
         attempt_count)
       values (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7, ?8)`,
    ),
    move: database.prepare(
      'update ringback_queue set due_at = ?1, wanted_at = ?1, behind = ?2, leased_at = null where number = ?3',
    ),
    remove: database.prepare('delete from ringback_queue where number = ?'),
  }
}
