import type { Connection } from './connection.ts'
import type { Places } from './place.ts'

/** A delivery's place in the order of its key. */
export interface Ordered {
  readonly number: number
  readonly destination: number
  readonly orderingKey: string | undefined
}

/** When deliveries are due, and which wait behind an earlier one of their ordering key. */
export interface Schedule {
  /** Whether another delivery of the key goes first. */
  isBehind(delivery: Ordered): boolean
  /** Makes a delivery due at `dueAt`, or lets it wait for an earlier one of its key. */
  schedule(delivery: Ordered, dueAt: number, now: number): void
  /** Lets the next one of the key go where none is before it any more; true if one was waiting. */
  promote(delivery: Ordered, now: number): boolean
}

export function createSchedule(database: Connection, places: Places): Schedule {
  const head = database.prepare(
    `select number from ringback_delivery where destination = ? and ordering_key = ?
     and state in ('scheduled', 'attempting') and behind = 0 and number <> ? limit 1`,
  )
  const first = database.prepare(
    `select number, due_at from ringback_delivery where destination = ? and ordering_key = ?
     and state in ('scheduled', 'attempting') and behind = 1 order by number limit 1`,
  )
  const move = database.prepare(
    `update ringback_delivery set state = 'scheduled', due_at = ?, behind = ?, lease_until = null where number = ?`,
  )
  const isBehind = ({ number, destination, orderingKey }: Ordered) =>
    orderingKey !== undefined && head.get(destination, orderingKey, number) !== undefined
  const schedule = (delivery: Ordered, dueAt: number, now: number) => {
    const behind = isBehind(delivery)
    move.run(dueAt, behind ? 1 : 0, delivery.number)
    if (!behind) places.bringForward(delivery.destination, dueAt, now)
  }
  return {
    isBehind,
    schedule,
    promote({ destination, orderingKey }, now) {
      if (orderingKey === undefined || head.get(destination, orderingKey, 0) !== undefined) return false
      const next = first.get(destination, orderingKey)
      if (next === undefined) return false
      schedule({ number: Number(next.number), destination, orderingKey }, Number(next.due_at), now)
      return true
    },
  }
}
