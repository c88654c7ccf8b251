import type { AttemptOutcome } from '../../src/lib/delivery/delivery-state.ts'
import {
  durationBoundsMs,
  hourMs,
  hoursKept,
  type StoredHour,
  type StoredStats,
} from '../../src/lib/delivery/manage/store-stats.ts'
import type { ModelEvent, ModelTables } from './model-tables.ts'

/** A claim is written where the last one that was is 5 s away from it. */
export function noteClaim(tables: ModelTables, now: number): void {
  const { lastClaimAt } = tables
  if (lastClaimAt === undefined || Math.abs(now - lastClaimAt) >= 5_000) tables.lastClaimAt = now
}

export function endOfAttempt(
  tables: ModelTables,
  outcome: AttemptOutcome,
  durationMs: number | undefined,
  now: number,
): void {
  tables.happened.push({ kind: 'ended', outcome, durationMs, now })
}

/** What the model counts of itself, from everything that has happened. */
export function modelStats(tables: ModelTables, now: number): StoredStats {
  const { happened } = tables
  const firstHour = Math.floor(now / hourMs) - hoursKept + 1
  const byHour = Map.groupBy(happened, event => Math.floor(event.now / hourMs))
  const hours = [...byHour].filter(([hour]) => hour >= firstHour).sort(([a], [b]) => a - b)
  const destinations = [...tables.origins.values()].flatMap(origin => [...origin.destinations.values()])
  const inState = (state: string) => destinations.filter(({ breaker }) => breaker.state === state).length
  return {
    oldestDueAt: oldestDueAt(tables, now),
    lastClaimAt: tables.lastClaimAt,
    slowed: inState('slowed'),
    open: inState('open'),
    hours: hours.map(([hour, events]) => hourOf(hour * hourMs, events)),
    total: hourOf(0, happened),
  }
}

function oldestDueAt({ origins }: ModelTables, now: number): number | undefined {
  const due = [...origins.values()]
    .filter(({ breaker, readyAt = Number.POSITIVE_INFINITY }) => breaker.state === 'closed' && readyAt <= now)
    .flatMap(({ destinations }) => [...destinations.values()])
    .filter(({ breaker, readyAt = Number.POSITIVE_INFINITY }) => breaker.state === 'closed' && readyAt <= now)
    .flatMap(({ waiting }) => [...waiting].map(({ dueAt }) => dueAt))
  return due.length === 0 ? undefined : Math.min(...due)
}

function hourOf(startsAt: number, events: readonly ModelEvent[]): StoredHour {
  const settled = { delivered: 0, failed: 0, blocked: 0, cancelled: 0 }
  const outcomes = { accepted: 0, rejected: 0, unreachable: 0, 'timed-out': 0, refused: 0, abandoned: 0 }
  const durations = [...durationBoundsMs, 0].map(() => 0)
  let durationSumMs = 0
  for (const event of events)
    if (event.kind === 'settled') settled[event.state as keyof typeof settled]++
    else {
      outcomes[event.outcome]++
      // The clock may have been put right meanwhile
      const durationMs = event.durationMs === undefined ? undefined : Math.max(event.durationMs, 0)
      if (durationMs === undefined) continue
      durationSumMs += durationMs
      const bound = durationBoundsMs.findIndex(most => durationMs <= most)
      durations[bound === -1 ? durationBoundsMs.length : bound]!++
    }
  return { startsAt, settled, outcomes, durationSumMs, durations }
}
