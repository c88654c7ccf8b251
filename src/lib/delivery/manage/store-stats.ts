import type { AttemptOutcome, DeliveryState } from '../delivery-state.ts'

/** The states in which nothing more happens to a delivery by itself. */
export type SettledState = Exclude<DeliveryState, 'scheduled' | 'attempting'>

/** What a store counts of itself. */
export interface StoredStats {
  /** When the delivery became due that has waited longest, of those whose destination and origin are not in trouble. */
  readonly oldestDueAt: number | undefined
  /** When a worker claimed last, to a few seconds. */
  readonly lastClaimAt: number | undefined
  /** How many destinations are slowed, and to how many only probes go; no more than `mostTroubled` are counted. */
  readonly slowed: number
  readonly open: number
  /** The last two days, the oldest hour first; one in which nothing happened is left out. */
  readonly hours: readonly StoredHour[]
  /** Everything since the store was made, the hours above included. */
  readonly total: StoredHour
}

/** What happened in one hour. */
export interface StoredHour {
  /** Epoch milliseconds. */
  readonly startsAt: number
  readonly settled: Readonly<Record<SettledState, number>>
  readonly outcomes: Readonly<Record<AttemptOutcome, number>>
  /** How long attempts took, from their claim to their record: all together, and how many no longer than each of `durationBoundsMs`, and longer. */
  readonly durationSumMs: number
  readonly durations: readonly number[]
}

export const hourMs = 3_600_000
/** For so long hours are kept apart. */
export const hoursKept = 48
/** An attempt counts with the first of these that is not less than what it took. */
export const durationBoundsMs = [10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000] as const
/** Counting ends here. */
export const mostTroubled = 10_000
