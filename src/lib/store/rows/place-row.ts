import type { Breaker } from '../../delivery/isolation/breaker.ts'
import type { OriginLane } from '../../delivery/isolation/origin-lane.ts'
import type { Row } from './row.ts'

/** The lane in the columns of a row. */
export function laneOf(row: Row): OriginLane {
  return row.lane === 'new' || row.lane === 'silent' ? row.lane : 'known'
}

/** The breaker in the columns of a row. */
export function breakerOf(row: Row): Breaker {
  return {
    state: row.state === 'open' || row.state === 'slowed' ? row.state : 'closed',
    failures: Number(row.failures),
    failingSince: Number(row.failing_since),
    pauseMs: Number(row.pause_ms),
    pausedUntil: Number(row.paused_until),
    probe: typeof row.probe === 'string' ? row.probe : undefined,
  }
}
