import type { DeliveryStore } from '../../src/lib/delivery/delivery-store.ts'
import { type ModelTables, refreshDestination, refreshOrigin } from './model-tables.ts'

const latenessMs = 10_000
const dayMs = 86_400_000
const longestHandlerWaitMs = 1_800_000

/** Lets every method that is told the time see whether the clock was put right, before it does anything. */
export function watchingClock(tables: ModelTables, store: DeliveryStore): DeliveryStore {
  let latest: number | undefined
  const see = (now: number) => {
    const isSetBack = latest !== undefined && now < latest - latenessMs
    if (isSetBack) correct(tables, now)
    latest = isSetBack ? now : Math.max(latest ?? now, now)
  }
  const watched = Object.entries(store).map(([name, method]) => {
    if (typeof method !== 'function') return [name, method]
    return [
      name,
      async (request: { readonly now?: number } | undefined) => {
        if (request?.now !== undefined) see(request.now)
        return method(request)
      },
    ]
  })
  return Object.fromEntries(watched)
}

function correct(tables: ModelTables, now: number): void {
  for (const delivery of tables.deliveries.values()) {
    const { state, delayMs, askedAt = 0 } = delivery
    const last = delivery.attempts.at(-1)
    if (state === 'attempting' && last !== undefined && last.startedAt > now) {
      delivery.leaseUntil = now
      delivery.attempts[delivery.attempts.length - 1] = { ...last, startedAt: now }
    }
    if (state === 'scheduled') delivery.dueAt = Math.min(delivery.dueAt, Math.max(now + delayMs, askedAt))
    const { settledAt, handlerDueAt } = delivery
    if (handlerDueAt !== undefined && handlerDueAt > now)
      if ((settledAt ?? now) > now || handlerDueAt > now + longestHandlerWaitMs) delivery.handlerDueAt = now
    if (settledAt !== undefined) delivery.settledAt = Math.min(settledAt, now)
  }
  for (const origin of tables.origins.values())
    for (const place of [origin, ...origin.destinations.values()]) {
      const { breaker, pausedAt } = place
      const failingSince = Math.min(breaker.failingSince, now)
      const isWrong = pausedAt > now || breaker.pausedUntil > now + dayMs
      place.breaker = { ...breaker, failingSince, ...(isWrong && { pausedUntil: Math.min(breaker.pausedUntil, now) }) }
    }
  for (const origin of tables.origins.values()) {
    for (const each of origin.destinations.values()) {
      each.nextStartAt = Math.min(each.nextStartAt, now)
      if (each.lastSuccessAt !== undefined) each.lastSuccessAt = Math.min(each.lastSuccessAt, now)
    }
    for (const each of origin.destinations.values()) if ((each.readyAt ?? now) > now) refreshDestination(each, now)
    if ((origin.readyAt ?? now) > now) refreshOrigin(origin, now)
  }
  for (const secret of tables.secrets)
    if (secret.endedAt > now) {
      secret.signsUntil = now + secret.signsUntil - secret.endedAt
      secret.endedAt = now
    }
}
