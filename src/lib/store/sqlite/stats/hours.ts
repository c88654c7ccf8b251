import {
  type AttemptOutcome,
  attemptOutcomes,
  type DeliveryState,
  deliveryStates,
  isSettled,
} from '../../../delivery/delivery-state.ts'
import { durationBoundsMs, hourMs, type StoredHour } from '../../../delivery/manage/store-stats.ts'
import { type Connection, prepareValues, type Values } from '../connection.ts'

/** Counts by the hour, in the same transactions as what they count. */
export interface Hours {
  settled(state: DeliveryState, now: number): void
  /** An attempt that took `durationMs`; undefined if it was abandoned with its worker, so that nobody knows. */
  attempt(outcome: AttemptOutcome, durationMs: number | undefined, now: number): void
  /** Writes what was counted in this transaction. */
  write(): void
  /** Forgets what was counted in a transaction that was rolled back. */
  forget(): void
  /** The hours from `since` on, in their order, and the sum of all hours. */
  read(since: number): { readonly hours: readonly StoredHour[]; readonly total: StoredHour }
  /** Adds hours before this one to the first row, which holds the oldest hours together. */
  fold(before: number): void
}

const settledStates = deliveryStates.filter(isSettled)
/** The columns, in the order of the values of a row. */
const columns = [
  ...settledStates,
  ...attemptOutcomes.map(outcome => outcome.replace('-', '_')),
  'duration_ms',
  ...[...durationBoundsMs, undefined].map((_, index) => `duration_${index}`),
]
const at = {
  settled: 0,
  outcomes: settledStates.length,
  sum: settledStates.length + attemptOutcomes.length,
  bounds: settledStates.length + attemptOutcomes.length + 1,
}

/** The row for all hours that are no longer kept apart. */
const folded = 0

export function createHours(database: Connection): Hours {
  const added = columns.map(column => `${column} = ${column} + excluded.${column}`).join(', ')
  const into = `insert into ringback_hour (hour, ${columns.join(', ')})`
  const add = database.prepare(
    `${into} values (${['hour', ...columns].map(() => '?').join(', ')}) on conflict (hour) do update set ${added}`,
  )
  const rows = prepareValues(
    database,
    `select hour, ${columns.join(', ')} from ringback_hour where hour >= ${folded} order by hour`,
  )
  const hasOld = database.prepare(`select 1 from ringback_hour where hour > ${folded} and hour < ? limit 1`)
  const foldOld = database.prepare(
    `${into} select ${folded}, ${columns.map(column => `sum(${column})`).join(', ')} from ringback_hour
     where hour > ${folded} and hour < ? on conflict (hour) do update set ${added}`,
  )
  const removeOld = database.prepare(`delete from ringback_hour where hour > ${folded} and hour < ?`)
  const counted = new Map<number, number[]>()
  const count = (now: number, index: number, by = 1) => {
    const hour = Math.max(Math.floor(now / hourMs), folded + 1)
    const values = counted.get(hour) ?? columns.map(() => 0)
    counted.set(hour, values)
    values[index]! += by
  }
  return {
    settled: (state, now) => count(now, at.settled + settledStates.indexOf(state)),
    attempt(outcome, durationMs, now) {
      count(now, at.outcomes + attemptOutcomes.indexOf(outcome))
      if (durationMs === undefined) return
      const bound = durationBoundsMs.findIndex(most => durationMs <= most)
      count(now, at.sum, Math.max(Math.round(durationMs), 0))
      count(now, at.bounds + (bound === -1 ? durationBoundsMs.length : bound))
    },
    write() {
      for (const [hour, values] of counted) add.run(hour, ...values)
      counted.clear()
    },
    forget: () => counted.clear(),
    read(since) {
      const all = rows.all()
      const from = Math.floor(since / hourMs)
      return {
        hours: all.filter(([hour]) => Number(hour) >= from).map(storedHour),
        total: storedHour([0, ...columns.map((_, index) => sum(all.map(row => Number(row[index + 1]))))]),
      }
    },
    fold(before) {
      const hour = Math.floor(before / hourMs)
      if (hasOld.get(hour) === undefined) return
      foldOld.run(hour)
      removeOld.run(hour)
    },
  }
}

function storedHour([hour, ...values]: Values): StoredHour {
  const numbers = values.map(Number)
  const named = <Name extends string>(names: readonly Name[], from: number) =>
    Object.fromEntries(names.map((name, index) => [name, numbers[from + index] ?? 0])) as Record<Name, number>
  return {
    startsAt: Number(hour) * hourMs,
    settled: named(settledStates, at.settled) as StoredHour['settled'],
    outcomes: named(attemptOutcomes, at.outcomes),
    durationSumMs: numbers[at.sum] ?? 0,
    durations: numbers.slice(at.bounds),
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
