import type { DestinationState, Pause, StoredDestination } from '../../delivery/isolation/stored-destination.ts'
import { optionalNumber, optionalText, type Row, text } from './row.ts'

/** The pause in the columns of a row. */
export function pauseOf(row: Row): Pause | undefined {
  const at = optionalNumber(row.held_at)
  return at === undefined ? undefined : { at, reason: text(row.held_reason), by: text(row.held_by) }
}

/** A destination from the columns that a store selects for it. */
export function storedDestination(row: Row, now: number): StoredDestination {
  const until = Number(row.held_up_until)
  return {
    url: text(row.url),
    recipient: text(row.recipient) || undefined,
    state: (optionalText(row.shown_state) ?? 'healthy') as DestinationState,
    failures: Number(row.failures),
    originFailures: Number(row.origin_failures),
    pausedUntil: until > now ? until : undefined,
    pause: pauseOf(row),
    ratePerSecond: optionalNumber(row.rate),
    waiting: Number(row.waiting),
    oldestWaitingAt: optionalNumber(row.oldest_at),
    lastSuccessAt: optionalNumber(row.last_success_at),
  }
}
