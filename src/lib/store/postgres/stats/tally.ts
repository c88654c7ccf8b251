import type { DeliveryState } from '../../../delivery/delivery-state.ts'
import { deliveryStates } from '../../../delivery/delivery-state.ts'
import { createHourCounts, foldedHour, type HourCounts, hourColumns } from '../../stats/hour-counts.ts'

/**
 * What is counted in a transaction. It becomes rows of its own, which are added up by whoever asks and folded into one from
 * time to time: a row that everybody adds to would let one transaction after the other wait for it.
 */
export interface Tally extends Pick<HourCounts, 'settled' | 'attempt'> {
  /** So many deliveries more, or fewer, are in a state. */
  change(state: DeliveryState, by: number): void
  move(from: DeliveryState, to: DeliveryState, by?: number): void
  /** The rows to be written, each the values of {@link tallyColumns}. */
  rows(): (readonly (number | null)[])[]
}

export const stateColumns = deliveryStates.map(state => `in_${state}`)
export const tallyColumns = ['hour', ...stateColumns, ...hourColumns]

export const countedColumns = [...stateColumns, ...hourColumns]

export function createTally(): Tally {
  const { counted, settled, attempt } = createHourCounts()
  const states = new Map<DeliveryState, number>()
  const change = (state: DeliveryState, by: number) => states.set(state, (states.get(state) ?? 0) + by)
  return {
    settled,
    attempt,
    change,
    move(from, to, by = 1) {
      change(from, -by)
      change(to, by)
    },
    rows() {
      const changes = deliveryStates.map(state => states.get(state) || null)
      const none = stateColumns.map(() => null)
      const hours = [...counted].map(([hour, values], index) => [
        hour,
        ...(index === 0 ? changes : none),
        ...values.map(value => value || null),
      ])
      if (hours.length > 0) return hours
      return changes.every(each => each === null) ? [] : [[foldedHour, ...changes, ...hourColumns.map(() => null)]]
    },
  }
}
