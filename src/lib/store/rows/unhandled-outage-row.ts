import type { UnhandledOutage } from '../../delivery/handlers/handler-requests.ts'
import { optionalNumber, optionalText, type Row, text } from './row.ts'

/** An outage from the columns of a destination and the name of its origin. */
export function unhandledOutage(row: Row): UnhandledOutage {
  const state = row.outage_told === 0 ? 'began' : 'ended'
  return {
    origin: text(row.origin_name),
    url: text(row.url),
    recipient: optionalText(row.recipient) || undefined,
    state,
    since: Number(row.outage_since),
    endedAt: state === 'began' ? undefined : optionalNumber(row.outage_ended_at),
    failures: Number(row.outage_failures),
  }
}
