import { waitAfterDeathMs } from '../../src/lib/delivery/attempt/wait-after-death.ts'
import { isSettled } from '../../src/lib/delivery/delivery-state.ts'
import type { ClaimRequest, ClaimResult } from '../../src/lib/delivery/delivery-store.ts'
import { type Breaker, probesOnly, withProbe } from '../../src/lib/delivery/isolation/breaker.ts'
import type { OriginLane } from '../../src/lib/delivery/isolation/origin-lane.ts'
import { restMs, startsAtOnce } from '../../src/lib/delivery/isolation/start-rate.ts'
import type { ClaimedDelivery, StoredDelivery } from '../../src/lib/delivery/stored-delivery.ts'
import { shareSlots } from '../../src/lib/store/claim/share-slots.ts'
import { endOfAttempt } from './model-stats.ts'
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
  renew(tables, request)
  const failed = failPassed(tables, request.now)
  const running = new Map(request.running)
  const open = { ...request, room: { bytes: request.limitBytes } }
  const origins = tables.sendingPause === undefined ? pickOrigins(tables, request) : []
  const claimed = shareSlots(request.limit, origins, takesOne, (origin, share) => {
    const taken = running.get(origin.name) ?? 0
    const rows = claimFromOrigin(tables, origin, Math.min(share, request.perOrigin - taken), open)
    running.set(origin.name, taken + rows.length)
    return rows
  })
  for (const { destinations } of origins) for (const each of destinations.values()) restAfterStarts(each, request)
  return { claimed, failed, nextDueInMs: nextDueInMs(tables, request.now) }
}

/** Where only so many may start in a second, the next ones wait. */
function restAfterStarts(destination: ModelDestination, { ratePerSecond, now }: ClaimRequest): void {
  const { rate = ratePerSecond, starts } = destination
  destination.starts = 0
  if (rate === undefined || starts === 0) return
  destination.nextStartAt = now + restMs(rate, starts)
  refresh(destination, now)
}

/** How many more may start in this claim. */
function startsLeft({ rate, starts }: ModelDestination, { ratePerSecond }: ClaimRequest): number {
  const most = rate ?? ratePerSecond
  return most === undefined ? Number.POSITIVE_INFINITY : startsAtOnce(most) - starts
}

function renew(tables: ModelTables, { alive = [], now, leaseMarginMs }: ClaimRequest): void {
  for (const { id, token } of alive) {
    const delivery = tables.deliveries.get(id)
    const last = delivery?.attempts.at(-1)
    if (delivery?.state !== 'attempting' || delivery.token !== token || last === undefined) continue
    delivery.leaseUntil = now + delivery.row.timeoutMs + leaseMarginMs
    delivery.attempts[delivery.attempts.length - 1] = { ...last, startedAt: now }
  }
}

/** Some strangers, the known, the other strangers. */
function pickOrigins(tables: ModelTables, { now, limit, perOrigin, running, lanes }: ClaimRequest): ModelOrigin[] {
  const all = [...tables.origins.values()]
  giveTurns(all, now)
  const inLane = (lane: OriginLane) => all.filter(origin => origin.lane === lane)
  const turns = all
    .filter(({ turn }) => turn !== undefined)
    .sort((a, b) => (a.turn ?? 0) - (b.turn ?? 0) || b.number - a.number)
  const fresh = new Set([...turns.slice(0, lanes.newOfAnyGroup), ...turns.filter(({ ofFew }) => ofFew)])
  const strangers = [...[...fresh].slice(0, lanes.new), ...ready(inLane('silent'), now)].slice(0, lanes.strangers)
  const known = ready(inLane('known'), now).filter(({ name }) => (running.get(name) ?? 0) < perOrigin)
  return [...strangers.slice(0, lanes.first), ...known, ...strangers.slice(lanes.first)].slice(0, limit)
}

/** A new origin that becomes ready takes its turn after those of its group, or shares the lowest turn. */
function giveTurns(all: readonly ModelOrigin[], now: number): void {
  const waiting = all.filter(({ turn }) => turn !== undefined)
  const lowest = Math.min(...waiting.map(({ turn = 0 }) => turn))
  const last = new Map<string, number>()
  for (const { group, turn = 0 } of waiting) last.set(group, Math.max(last.get(group) ?? 0, turn))
  for (const origin of all) {
    const { lane, turn, group, readyAt } = origin
    if (lane !== 'new' || turn !== undefined || readyAt === undefined || readyAt > now) continue
    const before = last.get(group)
    origin.turn = before === undefined ? (waiting.length > 0 ? lowest : 0) : before + 1
    last.set(group, origin.turn)
  }
}

function ready<T extends { readonly number: number; readonly readyAt: number | undefined }>(
  all: readonly T[],
  now: number,
): T[] {
  return all
    .filter(({ readyAt }) => readyAt !== undefined && readyAt <= now)
    .sort((a, b) => (a.readyAt ?? 0) - (b.readyAt ?? 0) || a.number - b.number)
}

function claimFromOrigin(
  tables: ModelTables,
  origin: ModelOrigin,
  slots: number,
  request: OpenClaim,
): ClaimedDelivery[] {
  const destinations = ready([...origin.destinations.values()], request.now)
    .filter(destination => startsLeft(destination, request) > 0)
    .slice(0, slots)
  const claimed = shareSlots(slots, destinations, isProbed, (destination, share) =>
    dueRows(destination, request.now)
      .slice(0, Math.min(share, startsLeft(destination, request)))
      .flatMap(delivery => (takesBody(request.room, delivery) ? [lease(tables, delivery, request)] : [])),
  )
  for (const destination of destinations) refresh(destination, request.now)
  refreshOrigin(origin, request.now)
  return claimed
}

interface OpenClaim extends ClaimRequest {
  readonly room: { bytes: number }
}

function takesBody(room: OpenClaim['room'], { row }: ModelDelivery): boolean {
  if (room.bytes <= 0) return false
  room.bytes -= row.content.length
  return true
}

function isProbed({ breaker }: { readonly breaker: Breaker }): boolean {
  return probesOnly(breaker)
}

function takesOne(origin: ModelOrigin): boolean {
  return origin.lane !== 'known' || isProbed(origin)
}

function dueRows({ waiting }: ModelDestination, now: number): ModelDelivery[] {
  return [...waiting]
    .filter(delivery => delivery.dueAt <= now && !isExpired(delivery, now))
    .sort((a, b) => a.dueAt - b.dueAt || a.sequence - b.sequence)
}

function lease(tables: ModelTables, delivery: ModelDelivery, { now, leaseMarginMs }: ClaimRequest): ClaimedDelivery {
  const { row, destination, createdAt, retriesUsed, expiresAt } = delivery
  delivery.state = 'attempting'
  delivery.token++
  delivery.leaseUntil = now + row.timeoutMs + leaseMarginMs
  destination.waiting.delete(delivery)
  destination.starts++
  const attemptNumber = delivery.attempts.length + 1
  const begun = { number: attemptNumber, startedAt: now, finishedAt: undefined, outcome: undefined }
  delivery.attempts.push({ ...begun, response: undefined, error: undefined })
  const { origin } = destination
  const probed = [...(isProbed(destination) ? [destination] : []), ...(takesOne(origin) ? [origin] : [])]
  for (const place of probed) {
    place.breaker = withProbe(place.breaker, row.id, delivery.leaseUntil)
    place.pausedAt = now
  }
  const { idempotencyKey, digest, orderingKey, dueAt, delayMs, isSealed, ...job } = row
  const secretVersions = tables.secretVersions(row.recipient ?? row.destination, now)
  const earlier = delivery.attempts.slice(0, -1).reverse()
  const lastStatus = earlier.slice(0, 50).find(({ response }) => response !== undefined)?.response?.status
  const other = earlier.findIndex(({ outcome }) => outcome !== 'abandoned')
  const abandonedInARow = Math.min(other === -1 ? earlier.length : other, 10)
  const lease = { lane: origin.lane, token: delivery.token, createdAt, expiresAt, attemptNumber, retriesUsed }
  return { ...job, secretVersions, ...lease, lastStatus, abandonedInARow }
}

function failPassed(tables: ModelTables, now: number): StoredDelivery[] {
  const isPassed = (delivery: ModelDelivery) =>
    delivery.state === 'attempting' ? delivery.leaseUntil <= now : isExpired(delivery, now)
  return tables
    .all()
    .filter(isPassed)
    .flatMap(delivery => {
      const isDead = delivery.state === 'attempting'
      if (isDead) {
        endAttempt(tables, delivery, now)
        delivery.deaths++
        delivery.token++
      }
      const waitMs = isDead ? waitAfterDeathMs(delivery.deaths) : undefined
      if (waitMs !== undefined && !isExpired(delivery, now)) {
        tables.schedule(delivery, { delayMs: waitMs }, now)
        return []
      }
      delivery.reason = isExpired(delivery, now) ? 'expired' : 'worker-died'
      tables.settle(delivery, 'failed', now)
      return [storedDelivery(delivery)]
    })
}

function isExpired({ expiresAt = Number.POSITIVE_INFINITY, state }: ModelDelivery, now: number): boolean {
  return !isSettled(state) && expiresAt <= now
}

/** Marks the attempt that a worker left behind. */
export function endAttempt(tables: ModelTables, delivery: ModelDelivery, now: number): void {
  const last = delivery.attempts.at(-1)
  if (last === undefined || last.outcome !== undefined) return
  delivery.attempts[delivery.attempts.length - 1] = { ...last, outcome: 'abandoned', finishedAt: now }
  endOfAttempt(tables, 'abandoned', undefined, now)
}

function nextDueInMs(tables: ModelTables, now: number): number | undefined {
  let dueAt = Number.POSITIVE_INFINITY
  for (const { readyAt, turn } of tables.sendingPause === undefined ? tables.origins.values() : [])
    dueAt = Math.min(dueAt, turn === undefined ? (readyAt ?? dueAt) : 0)
  for (const { state, leaseUntil, expiresAt = dueAt } of tables.deliveries.values()) {
    if (state === 'attempting') dueAt = Math.min(dueAt, leaseUntil)
    if (state === 'scheduled') dueAt = Math.min(dueAt, expiresAt)
  }
  return dueAt === Number.POSITIVE_INFINITY ? undefined : Math.max(dueAt - now, 0)
}
