import type { Connection } from './connection.ts'
import type { Places } from './place.ts'
import type { Ordered, Schedule } from './schedule.ts'
import { optionalText, type Row } from './values.ts'

/** Taking deliveries out of what is to be sent. */
export interface Removal {
  /** After a delivery no longer waits: nobody is to look for it. */
  forget(delivery: Ordered, now: number): void
  /** Removes a row with all that belongs to it, and lets the next one of its ordering key go. */
  remove(row: Row, now: number): void
}

export function createRemoval(database: Connection, places: Places, schedule: Schedule): Removal {
  const statements = [
    database.prepare('delete from ringback_attempt where delivery = ?'),
    database.prepare('delete from ringback_job where delivery = ?'),
    database.prepare('delete from ringback_delivery where number = ?'),
  ]
  const forget = ({ destination }: Ordered, now: number) => {
    places.refreshDestination(destination, now)
    places.refreshOrigin(places.destination(destination).origin, now)
  }
  return {
    forget,
    remove(row, now) {
      const delivery = orderedOf(row)
      for (const statement of statements) statement.run(delivery.number)
      if (waits(row)) forget(delivery, now)
      schedule.promote(delivery, now)
      places.countDown(delivery.destination)
    },
  }
}

/** Whether a claim would look for it. */
export function waits(row: Row): boolean {
  return row.state === 'scheduled' && row.behind === 0
}

export function orderedOf(row: Row): Ordered {
  return {
    number: Number(row.number),
    destination: Number(row.destination),
    orderingKey: optionalText(row.ordering_key),
  }
}
