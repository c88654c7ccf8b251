import type { NewDelivery } from '../../delivery/stored-delivery.ts'
import type { Connection } from './connection.ts'
import { parseDeliveries } from './intake-text.ts'
import { text } from './values.ts'

/** Deliveries that are stored together, as one text. */
export interface TakeInRequest {
  readonly deliveries: string
  readonly count: number
}

/** Where new deliveries wait until somebody looks at them. */
export interface Intake {
  takeIn(request: TakeInRequest): void
  /** Gives what waits its place among the deliveries, in the order in which it was stored. */
  empty(): void
}

/** More than this do not wait: then whoever stores also gives the oldest their places, so that nobody ever empties for long. */
const waitingLimit = 10_000
const placedAtOnce = 1_000

/**
 * A process that only stores deliveries pays for one row and one page, however many are stored together: their places in
 * tables and indexes are left to the first who looks. Nothing is at stake: both happen in committed transactions, and
 * whatever reads the deliveries empties first. The number of a row counts deliveries, so that two numbers say how many wait.
 */
export function createIntake(database: Connection, insert: (row: NewDelivery, now: number) => unknown): Intake {
  const add = database.prepare(
    `insert into ringback_intake (number, deliveries)
     values ((select coalesce(max(number), 0) from ringback_intake) + ?, ?)
     returning number, (select min(number) from ringback_intake) as first`,
  )
  const oldest = database.prepare('select deliveries from ringback_intake where number < ? order by number')
  const remove = database.prepare('delete from ringback_intake where number < ?')
  const placeBelow = (number: number) => {
    const rows = oldest.all(number)
    if (rows.length === 0) return
    // First, since the pages that it frees are those that are needed next.
    remove.run(number)
    for (const { deliveries } of rows)
      for (const { row, createdAt } of parseDeliveries(text(deliveries))) insert(row, createdAt)
  }
  return {
    takeIn({ deliveries, count }) {
      const added = add.get(count, deliveries)
      const [number, first] = [Number(added?.number), Number(added?.first)]
      if (number - first > waitingLimit) placeBelow(first + placedAtOnce)
    },
    empty: () => placeBelow(Number.MAX_SAFE_INTEGER),
  }
}
