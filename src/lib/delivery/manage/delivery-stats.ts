import type { Clock } from '../../clock.ts'
import type { AttemptOutcome } from '../delivery-state.ts'
import type { DeliveryStore } from '../delivery-store.ts'
import { durationBoundsMs, type SettledState, type StoredHour } from './store-stats.ts'

/**
 * How deliveries are doing in the store as a whole, whichever process stored or sent them. Times are epoch
 * milliseconds.
 */
export interface DeliveryStats {
  /** How many deliveries are still to be sent. */
  readonly waiting: { readonly scheduled: number; readonly attempting: number }
  /**
   * For how long the delivery that has waited longest has been due, in milliseconds; undefined if none is due.
   * Deliveries that wait for a destination or origin in trouble (slowed, or with an open breaker) or behind another one
   * of their ordering key do not count. If this number grows, there are too few workers. If more than 250 destinations
   * are ready, only those that have waited longest are looked at.
   */
  readonly oldestDueAgeMs: number | undefined
  /** When a worker last asked for work, in any process, accurate to 5 s; undefined if none ever has. */
  readonly lastClaimAt: number | undefined
  /** How many destinations get one attempt at a time, and how many get only probes; each counted up to 10,000. */
  readonly destinations: { readonly slowed: number; readonly open: number }
  /** The last 48 hours, the oldest first. Hours in which nothing happened are left out. */
  readonly hours: readonly HourStats[]
  /** Everything since the store was made. These numbers only grow. */
  readonly total: Omit<HourStats, 'startsAt'>
  /** How long the store took to return all this, including the wait in its queue, in milliseconds. */
  readonly storeLatencyMs: number
}

/** What happened in an hour. */
export interface HourStats {
  readonly startsAt: number
  /** Deliveries that were settled, by their state at that time. A replayed delivery is settled again. */
  readonly settled: Readonly<Record<SettledState, number>>
  /** Attempts that ended. */
  readonly outcomes: Readonly<Record<AttemptOutcome, number>>
  /** How long they took. */
  readonly durations: AttemptDurations
}

/** How long attempts took, from their claim to their record. */
export interface AttemptDurations {
  readonly count: number
  readonly sumMs: number
  /** How many took at most `upToMs` but longer than the bucket before. The last one goes up to `Infinity`. */
  readonly buckets: readonly { readonly upToMs: number; readonly count: number }[]
}

/** Asks a store. */
export async function deliveryStats({
  store,
  clock,
}: {
  readonly store: DeliveryStore
  readonly clock: Clock
}): Promise<DeliveryStats> {
  const [now, begun] = [clock.now(), performance.now()]
  const [{ scheduled, attempting }, stored] = await Promise.all([store.counts(), store.stats({ now })])
  const storeLatencyMs = performance.now() - begun
  const { oldestDueAt, lastClaimAt, slowed, open, hours, total } = stored
  const { startsAt: _, ...sinceItWasMade } = hourStats(total)
  return {
    waiting: { scheduled, attempting },
    oldestDueAgeMs: oldestDueAt === undefined ? undefined : Math.max(now - oldestDueAt, 0),
    lastClaimAt,
    destinations: { slowed, open },
    hours: hours.map(hourStats),
    total: sinceItWasMade,
    storeLatencyMs,
  }
}

function hourStats({ startsAt, settled, outcomes, durations, durationSumMs }: StoredHour): HourStats {
  const buckets = durations.map((count, index) => ({
    upToMs: durationBoundsMs[index] ?? Number.POSITIVE_INFINITY,
    count,
  }))
  const count = durations.reduce((sum, each) => sum + each, 0)
  return { startsAt, settled, outcomes, durations: { count, sumMs: durationSumMs, buckets } }
}
