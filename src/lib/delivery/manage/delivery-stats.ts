import type { Clock } from '../../clock.ts'
import type { AttemptOutcome } from '../delivery-state.ts'
import type { DeliveryStore } from '../delivery-store.ts'
import { durationBoundsMs, type SettledState, type StoredHour } from './store-stats.ts'

/** How deliveries fare, in the store as a whole: whatever process stored or sent them. Times are epoch milliseconds. */
export interface DeliveryStats {
  /** How many deliveries are to be sent. */
  readonly waiting: { readonly scheduled: number; readonly attempting: number }
  /**
   * For how long the delivery has been due that has waited longest, in milliseconds; undefined where none is due. Those that wait
   * for a destination or origin in trouble (slowed, or with an open breaker) or behind another of their ordering key do not count:
   * if this grows, workers are missing. Where more than 250 destinations are ready, those that have waited longest are asked.
   */
  readonly oldestDueAgeMs: number | undefined
  /** When a worker asked for work last, in any process, to 5 s; undefined where none ever has. */
  readonly lastClaimAt: number | undefined
  /** How many destinations get one attempt at a time, and to how many only probes go; counted up to 10,000 of each. */
  readonly destinations: { readonly slowed: number; readonly open: number }
  /** The last 48 hours, the oldest first; those in which nothing happened are left out. */
  readonly hours: readonly HourStats[]
  /** Everything since the store was made: these only grow. */
  readonly total: Omit<HourStats, 'startsAt'>
  /** How long the store took to tell all this, in milliseconds, its queue included. */
  readonly storeLatencyMs: number
}

/** What happened in an hour. */
export interface HourStats {
  readonly startsAt: number
  /** Deliveries that were settled, by their state then; one that is replayed is settled again. */
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
  /** How many took no longer than `upToMs` and longer than that of the bucket before; the last one goes up to `Infinity`. */
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
