import {
  type AttemptOutcome,
  attemptOutcomes,
  type DeliveryState,
  deliveryStates,
  isSettled,
} from '../../delivery/delivery-state.ts'
import { durationBoundsMs, hourMs, type StoredHour } from '../../delivery/manage/store-stats.ts'

const settledStates = deliveryStates.filter(isSettled)
/** The columns of what is counted by the hour, in the order of the values of a row. */
export const hourColumns = [
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

/** The row of all hours that are no longer kept apart. */
export const foldedHour = 0

/** What happened in hours, until it is written. */
export interface HourCounts {
  settled(state: DeliveryState, now: number): void
  /** An attempt that took so long; undefined: it was abandoned with its worker, and nobody knows. */
  attempt(outcome: AttemptOutcome, durationMs: number | undefined, now: number): void
  /** The values of each hour in the order of {@link hourColumns}. */
  readonly counted: Map<number, number[]>
}

export function createHourCounts(): HourCounts {
  const counted = new Map<number, number[]>()
  const count = (now: number, index: number, by = 1) => {
    const hour = Math.max(Math.floor(now / hourMs), foldedHour + 1)
    const values = counted.get(hour) ?? hourColumns.map(() => 0)
    counted.set(hour, values)
    values[index]! += by
  }
  return {
    counted,
    settled: (state, now) => count(now, at.settled + settledStates.indexOf(state)),
    attempt(outcome, durationMs, now) {
      count(now, at.outcomes + attemptOutcomes.indexOf(outcome))
      if (durationMs === undefined) return
      const bound = durationBoundsMs.findIndex(most => durationMs <= most)
      count(now, at.sum, Math.max(Math.round(durationMs), 0))
      count(now, at.bounds + (bound === -1 ? durationBoundsMs.length : bound))
    },
  }
}

/** The rows of hours, each its hour and then its values: those from an hour on, and all of them together. */
export function storedHours(rows: readonly (readonly unknown[])[], since: number) {
  const from = Math.floor(since / hourMs)
  return {
    hours: rows.filter(([hour]) => Number(hour) >= from).map(storedHour),
    total: storedHour([0, ...hourColumns.map((_, index) => sum(rows.map(row => Number(row[index + 1]))))]),
  }
}

function storedHour([hour, ...values]: readonly unknown[]): StoredHour {
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
