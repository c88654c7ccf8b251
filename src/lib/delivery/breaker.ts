/**
 * The circuit breaker and the slow-down of one destination (or, fed with connection errors only, of one origin), as plain
 * data that a store keeps beside it and shares between workers.
 */
export interface Breaker {
  /** `closed`: requests flow. `slowed` and `open`: after `pausedUntil`, one probe at a time until one goes well. */
  readonly state: 'closed' | 'slowed' | 'open'
  /** Attempts in a row that did not go well. */
  readonly failures: number
  /** When the first of them ended. */
  readonly failingSince: number
  /** The length of the last pause. */
  readonly pauseMs: number
  /** Nothing is claimed before this time. */
  readonly pausedUntil: number
  /** The delivery whose attempt is the probe on its way. */
  readonly probe: string | undefined
}

/** What an attempt tells a {@link Breaker}; `slow` is a failure that asks for less (429, 502, 503, 504, a time-out). */
export interface BreakerSignal {
  readonly kind: 'success' | 'failure' | 'slow'
  /** What the receiver's `Retry-After` asked for, within limits. */
  readonly retryAfterMs?: number | undefined
}

/** The breaker of a destination that nothing is known of. */
export const closedBreaker: Breaker = Object.freeze({
  state: 'closed',
  failures: 0,
  failingSince: 0,
  pauseMs: 0,
  pausedUntil: 0,
  probe: undefined,
})

const failuresToOpen = 5
const failingMsToOpen = 30_000
const openMs = { first: 30_000, most: 3_600_000 }
const slowMs = { first: 1_000, most: 60_000 }

/** Whether only one attempt at a time may go out. */
export function probesOnly(breaker: Breaker): boolean {
  return breaker.state !== 'closed'
}

/** The breaker while `delivery` probes it: nothing else is claimed until the probe ends or its lease does. */
export function withProbe(breaker: Breaker, delivery: string, leaseUntil: number): Breaker {
  return { ...breaker, probe: delivery, pausedUntil: leaseUntil }
}

/** The breaker after the probe `delivery` was given back without an attempt. */
export function withoutProbe(breaker: Breaker, delivery: string, now: number): Breaker {
  return breaker.probe === delivery ? { ...breaker, probe: undefined, pausedUntil: now } : breaker
}

/** The breaker after an attempt for `delivery` ended; the same object if it tells nothing new. */
export function afterAttempt(breaker: Breaker, signal: BreakerSignal, delivery: string, now: number): Breaker {
  if (signal.kind === 'success') return isUntroubled(breaker) ? breaker : closedBreaker
  const probed = breaker.probe === delivery
  const failures = breaker.failures + 1
  const failingSince = breaker.failures === 0 ? now : breaker.failingSince
  const failed = { ...breaker, failures, failingSince, probe: probed ? undefined : breaker.probe }
  if (breaker.state === 'open') return probed ? withPause(failed, signal, openMs, now) : failed
  if (failures >= failuresToOpen && now - failingSince >= failingMsToOpen)
    return withPause({ ...failed, state: 'open', pauseMs: 0, probe: undefined }, signal, openMs, now)
  if (signal.kind === 'failure') return { ...closedBreaker, failures, failingSince }
  if (breaker.state === 'closed' || probed) return withPause({ ...failed, state: 'slowed' }, signal, slowMs, now)
  return { ...failed, pausedUntil: Math.max(breaker.pausedUntil, now + (signal.retryAfterMs ?? 0)) }
}

/** What happened to a destination between two states of its breaker, as far as it is told. */
export function breakerChange(before: Breaker['state'], after: Breaker['state']): 'opened' | 'closed' | undefined {
  if (before === after) return undefined
  if (after === 'open') return 'opened'
  return before === 'open' ? 'closed' : undefined
}

function isUntroubled(breaker: Breaker): boolean {
  return breaker.state === 'closed' && breaker.failures === 0
}

/** Pauses for twice as long as the last time. */
function withPause(breaker: Breaker, signal: BreakerSignal, limits: typeof openMs, now: number): Breaker {
  const pauseMs = Math.min(Math.max(breaker.pauseMs * 2, limits.first), limits.most)
  return { ...breaker, pauseMs, pausedUntil: now + Math.max(pauseMs, signal.retryAfterMs ?? 0) }
}
