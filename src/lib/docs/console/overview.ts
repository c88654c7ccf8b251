import type { Delivery } from '../../delivery/deliveries.ts'
import type { DeliveryState } from '../../delivery/delivery-state.ts'
import type { Destination } from '../../delivery/destinations.ts'
import type { Pause } from '../../delivery/isolation/stored-destination.ts'
import type { HourStats } from '../../delivery/manage/delivery-stats.ts'
import type { ConsoleSource } from './console-source.ts'

/** The state of all deliveries. Times are epoch milliseconds. */
export interface Overview {
  readonly counts: Readonly<Record<DeliveryState, number>>
  /** For how many seconds the oldest has been due, besides those that wait for a destination. */
  readonly oldestDueSeconds: number | undefined
  readonly lastClaimAt: number | undefined
  /** Hours in which something was settled, of the last 24. */
  readonly hours: readonly SettledHour[]
  /** Everything that has happened; another number says that something has. */
  readonly happened: number
  readonly paused: Pause | undefined
}

export interface SettledHour {
  readonly startsAt: number
  readonly delivered: number
  readonly failed: number
  readonly blocked: number
}

/** What needs somebody, which costs more to find. */
export interface Trouble {
  readonly places: readonly Destination[]
  /** Whether there are more. */
  readonly morePlaces: boolean
  /** How many had an attempt and will have another, counted up to 500. */
  readonly retrying: number
  readonly moreRetrying: boolean
}

const HOUR_MS = 3_600_000
const SHOWN_PLACES = 5
const COUNTED = 500

export async function readOverview({ deliveries, clock }: ConsoleSource): Promise<Overview> {
  const [counts, stats, paused] = await Promise.all([deliveries.counts(), deliveries.stats(), deliveries.paused()])
  const since = clock.now() - 24 * HOUR_MS
  const { settled, outcomes } = stats.total
  return {
    counts,
    oldestDueSeconds: stats.oldestDueAgeMs === undefined ? undefined : Math.floor(stats.oldestDueAgeMs / 1_000),
    lastClaimAt: stats.lastClaimAt,
    hours: stats.hours.filter(({ startsAt }) => startsAt > since).map(settledHour),
    happened: sum(settled) + sum(outcomes),
    paused,
  }
}

const settledHour = ({ startsAt, settled: { delivered, failed, blocked } }: HourStats): SettledHour => ({
  ...{ startsAt, delivered, failed, blocked },
})

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0)

export async function readTrouble({ deliveries, destinations }: ConsoleSource): Promise<Trouble> {
  const states = ['open', 'slowed', 'paused'] as const
  const [retried, ...pages] = await Promise.all([
    deliveries.list({ state: 'scheduled', attempted: true, limit: COUNTED }),
    ...states.map(state => destinations.list({ state, limit: SHOWN_PLACES })),
  ])
  const { items, nextCursor }: { items: readonly Delivery[]; nextCursor?: string } = retried
  return {
    places: pages.flatMap(page => page.items),
    morePlaces: pages.some(page => page.nextCursor !== undefined),
    retrying: items.length,
    moreRetrying: nextCursor !== undefined,
  }
}
