import type { StoredHour } from '../../../delivery/manage/store-stats.ts'
import { hourMs } from '../../../delivery/manage/store-stats.ts'
import { createHourCounts, foldedHour, type HourCounts, hourColumns, storedHours } from '../../stats/hour-counts.ts'
import { type Connection, prepareValues } from '../connection.ts'

/** What is counted by the hour, in the transactions in which it happens. */
export interface Hours extends Pick<HourCounts, 'settled' | 'attempt'> {
  /** Writes what was counted in this transaction. */
  write(): void
  /** Forgets what was counted in a transaction that was rolled back. */
  forget(): void
  /** The hours from `since` on, in their order, and the sum of all hours. */
  read(since: number): { readonly hours: readonly StoredHour[]; readonly total: StoredHour }
  /** Adds hours before this one to the first row, which holds the oldest hours together. */
  fold(before: number): void
}

export function createHours(database: Connection): Hours {
  const added = hourColumns.map(column => `${column} = ${column} + excluded.${column}`).join(', ')
  const into = `insert into ringback_hour (hour, ${hourColumns.join(', ')})`
  const add = database.prepare(
    `${into} values (${['hour', ...hourColumns].map(() => '?').join(', ')}) on conflict (hour) do update set ${added}`,
  )
  const rows = prepareValues(
    database,
    `select hour, ${hourColumns.join(', ')} from ringback_hour where hour >= ${foldedHour} order by hour`,
  )
  const hasOld = database.prepare(`select 1 from ringback_hour where hour > ${foldedHour} and hour < ? limit 1`)
  const foldOld = database.prepare(
    `${into} select ${foldedHour}, ${hourColumns.map(column => `sum(${column})`).join(', ')} from ringback_hour
     where hour > ${foldedHour} and hour < ? on conflict (hour) do update set ${added}`,
  )
  const removeOld = database.prepare(`delete from ringback_hour where hour > ${foldedHour} and hour < ?`)
  const { counted, settled, attempt } = createHourCounts()
  return {
    settled,
    attempt,
    write() {
      for (const [hour, values] of counted) add.run(hour, ...values)
      counted.clear()
    },
    forget: () => counted.clear(),
    read: since => storedHours(rows.all(), since),
    fold(before) {
      const hour = Math.floor(before / hourMs)
      if (hasOld.get(hour) === undefined) return
      foldOld.run(hour)
      removeOld.run(hour)
    },
  }
}
