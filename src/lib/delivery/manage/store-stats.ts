import type { AttemptOutcome, DeliveryState } from '../delivery-state.ts'

/** The states in which nothing more happens to a delivery by itself. */
export type SettledState = Exclude<DeliveryState, 'scheduled' | 'attempting'>

/** The store's own counts. */
export interface StoredStats {
  /**
   * When the delivery that has waited longest became due. Only deliveries whose destination and origin are not in
   * trouble count.
   */
  readonly oldestDueAt: number | undefined
  /** When a worker last claimed, accurate to a few seconds. */
  readonly lastClaimAt: number | undefined
  /** How many destinations are slowed, and how many get only probes; each counted up to `mostTroubled`. */
  readonly slowed: number
  readonly open: number
  /** The last two days, the oldest hour first. Hours in which nothing happened are left out. */
  readonly hours: readonly StoredHour[]
  /** Everything since the store was made, including the hours above. */
  readonly total: StoredHour
}

/** What happened in one hour. */
export interface StoredHour {
  /** Epoch milliseconds. */
  readonly startsAt: number
  readonly settled: Readonly<Record<SettledState, number>>
  readonly outcomes: Readonly<Record<AttemptOutcome, number>>
  /**
   * How long attempts took from their claim to their record: the sum, then the count for each of `durationBoundsMs` and
   * for longer ones.
   */
  readonly durationSumMs: number
  readonly durations: readonly number[]
}

export const hourMs = 3_600_000
/** How many hours are kept apart. */
export const hoursKept = 48
/** An attempt counts in the first of these that it did not exceed. */
export const durationBoundsMs = [10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000] as const
/** Counting ends here. */
export const mostTroubled = 10_000
