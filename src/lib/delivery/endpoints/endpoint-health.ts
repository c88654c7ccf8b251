import type { AttemptOutcome } from '../delivery-state.ts'

/** What happened to an endpoint that is told of. */
export type NoticeKind = 'failing' | 'disabled' | 'recovered'

/** How an endpoint has been doing since its last 2xx. Times are epoch milliseconds. */
export interface EndpointHealth {
  /** When the first attempt after the last 2xx failed; undefined if none did. */
  readonly failingSince: number | undefined
  readonly failedAttempts: number
  /** On how many days attempts have failed, and the last of them, counted from the epoch. */
  readonly failingDays: number
  readonly failingDay: number
  /** Whether its failing has been told. */
  readonly isTold: boolean
  readonly lastOutcome: AttemptOutcome | undefined
  readonly lastStatus: number | undefined
}

/** What one attempt showed. */
export interface HealthSignal {
  /** `gone` is a 410; `blocked` is a URL that the rules forbid for good. */
  readonly kind: 'delivered' | 'failed' | 'gone' | 'blocked'
  readonly outcome: AttemptOutcome
  readonly status: number | undefined
  readonly rules: HealthRules
}

/** When an endpoint counts as failing, and when it is disabled. */
export interface HealthRules {
  readonly failingAfterMs: number
  readonly disableAfterMs: number
  readonly disableAfterAttempts: number
}

/** The health after an attempt, and what it leads to. */
export interface HealthChange {
  readonly health: EndpointHealth
  readonly disables?: 'gone' | 'failing' | 'blocked'
  readonly tells?: NoticeKind
}

const dayMs = 86_400_000
const failingAttempts = 5
const disableDays = 3

/** That of an endpoint to which nothing has happened. */
const freshHealth: EndpointHealth = Object.freeze({
  failingSince: undefined,
  failedAttempts: 0,
  failingDays: 0,
  failingDay: 0,
  isTold: false,
  lastOutcome: undefined,
  lastStatus: undefined,
})

/**
 * An endpoint is disabled when it answers 410, or when for five days, over at least ten attempts on at least three of
 * these days, not one attempt got a 2xx.
 */
export function healthAfter(health: EndpointHealth, signal: HealthSignal, now: number): HealthChange {
  const { rules } = signal
  const last = { lastOutcome: signal.outcome, lastStatus: signal.status }
  if (signal.kind === 'delivered')
    return { health: { ...freshHealth, ...last }, ...(health.isTold && { tells: 'recovered' }) }
  const { failingSince = now } = health
  const day = Math.floor(now / dayMs)
  const failed: EndpointHealth = {
    ...last,
    failingSince: Math.min(failingSince, now),
    failedAttempts: health.failedAttempts + 1,
    failingDays: health.failedAttempts > 0 && health.failingDay === day ? health.failingDays : health.failingDays + 1,
    failingDay: day,
    isTold: health.isTold,
  }
  if (signal.kind !== 'failed') return { health: { ...failed, isTold: true }, disables: signal.kind, tells: 'disabled' }
  const forMs = now - (failed.failingSince ?? now)
  if (
    forMs >= rules.disableAfterMs &&
    failed.failedAttempts >= rules.disableAfterAttempts &&
    failed.failingDays >= Math.min(disableDays, Math.floor(rules.disableAfterMs / dayMs) + 1)
  )
    return { health: { ...failed, isTold: true }, disables: 'failing', tells: 'disabled' }
  if (!health.isTold && forMs >= rules.failingAfterMs && failed.failedAttempts >= failingAttempts)
    return { health: { ...failed, isTold: true }, tells: 'failing' }
  return { health: failed }
}
