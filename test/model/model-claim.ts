import { type Breaker, probesOnly, withProbe } from '../../src/lib/delivery/breaker.ts'
import type { ClaimRequest, ClaimResult } from '../../src/lib/delivery/delivery-store.ts'
import type { ClaimedDelivery, StoredDelivery } from '../../src/lib/delivery/stored-delivery.ts'
import { deathsToFail } from '../../src/lib/store/poison.ts'
import { shareSlots } from '../../src/lib/store/share-slots.ts'
import {
  type ModelDelivery,
  type ModelDestination,
  type ModelOrigin,
  type ModelTables,
  refresh,
  refreshOrigin,
  storedDelivery,
} from './model-tables.ts'

/** The claim of the model: origins in the order they became ready, their destinations, their oldest rows. */
export function claim(tables: ModelTables, request: ClaimRequest): ClaimResult {
  const poisoned = takeBackExpired(tables, request.now)
  const claimed: ClaimedDelivery[] = []
  for (const origin of ready([...tables.origins.values()], request.now)) {
    const running = request.running.get(origin.name) ?? 0
    const free = Math.min(request.limit - claimed.length, request.perOrigin - running)
    if (free > 0) claimed.push(...claimFromOrigin(origin, free, request))
  }
  return { claimed, poisoned, nextDueInMs: nextDueInMs(tables, request.now) }
}

function ready<T extends { readonly number: number; readonly readyAt: number | undefined }>(
  all: readonly T[],
  now: number,
): T[] {
  return all
    .filter(({ readyAt }) => readyAt !== undefined && readyAt <= now)
    .sort((a, b) => (a.readyAt ?? 0) - (b.readyAt ?? 0) || a.number - b.number)
}

function claimFromOrigin(origin: ModelOrigin, free: number, request: ClaimRequest): ClaimedDelivery[] {
  const slots = isProbed(origin) ? 1 : free
  const destinations = ready([...origin.destinations.values()], request.now).slice(0, slots)
  const claimed = shareSlots(slots, destinations, isProbed, (destination, share) =>
    dueRows(destination, request.now)
      .slice(0, share)
      .map(delivery => lease(delivery, request)),
  )
  for (const destination of destinations) refresh(destination, request.now)
  refreshOrigin(origin, request.now)
  return claimed
}

function isProbed({ breaker }: { readonly breaker: Breaker }): boolean {
  return probesOnly(breaker)
}

function dueRows({ waiting }: ModelDestination, now: number): ModelDelivery[] {
  return [...waiting].filter(({ dueAt }) => dueAt <= now).sort((a, b) => a.dueAt - b.dueAt || a.sequence - b.sequence)
}

function lease(delivery: ModelDelivery, { now, leaseMarginMs }: ClaimRequest): ClaimedDelivery {
  const { row, destination, createdAt, retriesUsed } = delivery
  delivery.state = 'attempting'
  delivery.token++
  delivery.leaseUntil = now + row.timeoutMs + leaseMarginMs
  destination.waiting.delete(delivery)
  const attemptNumber = delivery.attempts.length + 1
  const begun = { number: attemptNumber, startedAt: now, finishedAt: undefined, outcome: undefined }
  delivery.attempts.push({ ...begun, answer: undefined, error: undefined })
  for (const place of [destination, destination.origin])
    if (probesOnly(place.breaker)) place.breaker = withProbe(place.breaker, row.id, delivery.leaseUntil)
  const { idempotencyKey, digest, orderingKey, dueAt, ...job } = row
  return { ...job, token: delivery.token, createdAt, attemptNumber, retriesUsed }
}

function takeBackExpired(tables: ModelTables, now: number): StoredDelivery[] {
  const expired = tables.all().filter(({ state, leaseUntil }) => state === 'attempting' && leaseUntil <= now)
  const poisoned: StoredDelivery[] = []
  for (const delivery of expired) {
    endAttempt(delivery, now)
    delivery.deaths++
    delivery.token++
    if (delivery.deaths < deathsToFail) tables.schedule(delivery, now, now)
    else {
      tables.settle(delivery, 'failed', now)
      poisoned.push(storedDelivery(delivery))
    }
  }
  return poisoned
}

/** Marks the attempt that a worker left behind. */
export function endAttempt(delivery: ModelDelivery, now: number): void {
  const last = delivery.attempts.at(-1)
  if (last !== undefined && last.outcome === undefined)
    delivery.attempts[delivery.attempts.length - 1] = { ...last, outcome: 'abandoned', finishedAt: now }
}

function nextDueInMs(tables: ModelTables, now: number): number | undefined {
  let dueAt = Number.POSITIVE_INFINITY
  for (const { readyAt } of tables.origins.values()) dueAt = Math.min(dueAt, readyAt ?? dueAt)
  for (const { state, leaseUntil } of tables.deliveries.values())
    if (state === 'attempting') dueAt = Math.min(dueAt, leaseUntil)
  return dueAt === Number.POSITIVE_INFINITY ? undefined : Math.max(dueAt - now, 0)
}
