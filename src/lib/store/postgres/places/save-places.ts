import type { Breaker } from '../../../delivery/isolation/breaker.ts'
import type { OriginLane } from '../../../delivery/isolation/origin-lane.ts'
import type { Transaction } from '../connection/transaction.ts'

/** A place as it is from now on. */
export interface SavedPlace {
  readonly number: string
  readonly breaker: Breaker
  readonly lane: OriginLane
}

/** Writes the breakers of destinations, which are locked. */
export function saveDestinations({ sendWithNext }: Transaction, places: readonly SavedPlace[], now: number): void {
  if (places.length > 0) sendWithNext(save('destination', ''), valuesOf(places, now))
}

/** Writes the breakers and lanes of origins, which are locked. */
export function saveOrigins({ sendWithNext }: Transaction, places: readonly SavedPlace[], now: number): void {
  if (places.length > 0) sendWithNext(saveOrigin, [...valuesOf(places, now), places.map(({ lane }) => lane)])
}

function valuesOf(places: readonly SavedPlace[], now: number): unknown[] {
  return [
    now,
    places.map(({ number }) => number),
    places.map(({ breaker }) => breaker.state),
    places.map(({ breaker }) => breaker.failures),
    places.map(({ breaker }) => breaker.failingSince),
    places.map(({ breaker }) => breaker.pauseMs),
    places.map(({ breaker }) => breaker.pausedUntil),
    places.map(({ breaker }) => breaker.probe ?? null),
  ]
}

/** Where the pause is another one it was set now. */
const save = (table: string, more: string, columns = '', types = '') => `update ringback.${table} t
  set state = j.state, failures = j.failures, failing_since = j.failing_since, pause_ms = j.pause_ms,
    paused_at = case when t.paused_until = j.paused_until then t.paused_at else $1::bigint end,
    paused_until = j.paused_until, probe = j.probe${more}
  from unnest($2::bigint[], $3::text[], $4::int[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[]${types})
    as j(number, state, failures, failing_since, pause_ms, paused_until, probe${columns})
  where t.number = j.number`

const saveOrigin = save(
  'origin',
  ", lane = j.lane, turn = case when j.lane = 'new' then t.turn end",
  ', lane',
  ', $9::text[]',
)
