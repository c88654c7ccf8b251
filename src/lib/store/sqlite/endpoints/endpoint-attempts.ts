import { healthAfter } from '../../../delivery/endpoints/endpoint-health.ts'
import type { AttemptResult } from '../../../delivery/stored-delivery.ts'
import { storedEndpoint } from '../../endpoints/endpoint-rows.ts'
import type { Connection } from '../connection.ts'
import type { EndpointPlaces } from './endpoint-places.ts'
import { createAddNotice } from './notices.ts'
import type { Recoveries } from './recoveries.ts'

/** What changes endpoints when attempts end. */
export interface EndpointAttemptParts {
  readonly endpointPlaces: EndpointPlaces
  readonly recoveries: Recoveries
}

/** Tells an endpoint how an attempt at its present URL ended; it may be disabled by it, and what happened to it is noted. */
export function createTellEndpoint(database: Connection, { endpointPlaces, recoveries }: EndpointAttemptParts) {
  const one = database.prepare('select * from ringback_endpoint where number = ? and deleted_at is null')
  const delivered = database.prepare('update ringback_endpoint set last_delivered_at = ? where number = ?')
  const save = database.prepare(
    `update ringback_endpoint set failing_since = ?2, failed_attempts = ?3, failing_days = ?4, failing_day = ?5, is_told = ?6,
       last_outcome = ?7, last_status = ?8 where number = ?1`,
  )
  const disable = database.prepare(
    `update ringback_endpoint set disabled_reason = ?2, disabled_at = ?3, updated_at = ?3, revision = revision + 1
     where number = ?1`,
  )
  const addNotice = createAddNotice(database)
  return (number: number, { endpointSignal, url }: AttemptResult, now: number): void => {
    const row = endpointSignal === undefined ? undefined : one.get(number)
    if (row === undefined || endpointSignal === undefined || row.url !== url) return
    const before = storedEndpoint(row)
    if (endpointSignal.kind === 'delivered' && now >= (before.lastDeliveredAt ?? 0) + 1_000) delivered.run(now, number)
    if (endpointSignal.kind === 'delivered' && before.failedAttempts === 0) return
    const change = healthAfter(before, endpointSignal, now)
    const { failingSince, failedAttempts, failingDays, failingDay, isTold, lastOutcome, lastStatus } = change.health
    const last = [isTold ? 1 : 0, lastOutcome ?? null, lastStatus ?? null] as const
    save.run(number, failingSince ?? null, failedAttempts, failingDays, failingDay, ...last)
    if (before.disabledReason !== undefined && change.tells !== 'recovered') return
    addNotice(number, change, Math.max(failedAttempts, before.failedAttempts), now)
    if (change.disables === undefined) return
    disable.run(number, change.disables, now)
    recoveries.end(number, 'cancelled', now)
    endpointPlaces.cancelWaiting(Number(row.destination), now)
  }
}
