import { type DeliveryState, deliveryStates } from '../../delivery/delivery-state.ts'
import { text } from '../rows/row.ts'
import type { Connection } from './connection.ts'

/**
 * How many deliveries there are in each state. They are counted as they change, because counting a million rows takes
 * long.
 */
export interface Counts {
  /** Changes the count of a state by `by`. The change is written with the others before the commit. */
  change(state: DeliveryState, by: number): void
  move(from: DeliveryState, to: DeliveryState, by?: number): void
  /** Writes what has changed in this transaction. */
  write(): void
  /** Forgets what changed in a transaction that was rolled back. */
  forget(): void
  counts(): Record<DeliveryState, number>
}

export function createCounts(database: Connection): Counts {
  const add = database.prepare(
    `insert into ringback_count (state, deliveries) values (?, ?)
     on conflict (state) do update set deliveries = deliveries + excluded.deliveries`,
  )
  const all = database.prepare('select state, deliveries from ringback_count')
  const changes: Record<DeliveryState, number> = none()
  const change = (state: DeliveryState, by: number) => {
    changes[state] += by
  }
  const forget = () => {
    Object.assign(changes, none())
  }
  return {
    change,
    move(from, to, by = 1) {
      change(from, -by)
      change(to, by)
    },
    write() {
      for (const state of deliveryStates) if (changes[state] !== 0) add.run(state, changes[state])
      forget()
    },
    forget,
    counts() {
      const counts = none()
      for (const { state, deliveries } of all.all()) counts[text(state) as DeliveryState] = Number(deliveries)
      for (const state of deliveryStates) counts[state] += changes[state]
      return counts
    },
  }
}

function none(): Record<DeliveryState, number> {
  return { scheduled: 0, attempting: 0, delivered: 0, failed: 0, blocked: 0, cancelled: 0 }
}
