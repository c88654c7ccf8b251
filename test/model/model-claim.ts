import type { ClaimRequest, ClaimResult } from '../../src/lib/delivery/delivery-store.ts'
import { type Breaker, probesOnly, withProbe } from '../../src/lib/delivery/isolation/breaker.ts'
import type { OriginLane } from '../../src/lib/delivery/isolation/origin-lane.ts'
import type { ClaimedDelivery, StoredDelivery } from '../../src/lib/delivery/stored-delivery.ts'
import { shareSlots } from '../../src/lib/store/sqlite/claim/share-slots.ts'
import { deathsToFail } from '../../src/lib/store/sqlite/claim/take-back.ts'
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
  const poisoned = takeBackExpired(tables, request.now)
  const running = new Map(request.running)
  const open = { ...request, room: { bytes: request.limitBytes } }
  const claimed = shareSlots(request.limit, pickOrigins(tables, request), takesOne, (origin, share) => {
    const taken = running.get(origin.name) ?? 0
    const rows = claimFromOrigin(tables, origin, Math.min(share, request.perOrigin - taken), open)
    running.set(origin.name, taken + rows.length)
    return rows
  })
  return { claimed, poisoned, nextDueInMs: nextDueInMs(tables, request.now) }
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
  const destinations = ready([...origin.destinations.values()], request.now).slice(0, slots)
  const claimed = shareSlots(slots, destinations, isProbed, (destination, share) =>
    dueRows(destination, request.now)
      .slice(0, share)
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
  return [...waiting].filter(({ dueAt }) => dueAt <= now).sort((a, b) => a.dueAt - b.dueAt || a.sequence - b.sequence)
}

function lease(tables: ModelTables, delivery: ModelDelivery, { now, leaseMarginMs }: ClaimRequest): ClaimedDelivery {
  const { row, destination, createdAt, retriesUsed } = delivery
  delivery.state = 'attempting'
  delivery.token++
  delivery.leaseUntil = now + row.timeoutMs + leaseMarginMs
  destination.waiting.delete(delivery)
  const attemptNumber = delivery.attempts.length + 1
  const begun = { number: attemptNumber, startedAt: now, finishedAt: undefined, outcome: undefined }
  delivery.attempts.push({ ...begun, response: undefined, error: undefined })
  const { origin } = destination
  const probed = [...(isProbed(destination) ? [destination] : []), ...(takesOne(origin) ? [origin] : [])]
  for (const place of probed) place.breaker = withProbe(place.breaker, row.id, delivery.leaseUntil)
  const { idempotencyKey, digest, orderingKey, dueAt, isSealed, ...job } = row
  const secretVersions = tables.secretVersions(row.recipient ?? row.destination, now)
  return { ...job, secretVersions, lane: origin.lane, token: delivery.token, createdAt, attemptNumber, retriesUsed }
}

function takeBackExpired(tables: ModelTables, now: number): StoredDelivery[] {
  const expired = tables.all().filter(({ state, leaseUntil }) => state === 'attempting' && leaseUntil <= now)
  const poisoned: StoredDelivery[] = []
  for (const delivery of expired) {
    endAttempt(tables, delivery, now)
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
export function endAttempt(tables: ModelTables, delivery: ModelDelivery, now: number): void {
  const last = delivery.attempts.at(-1)
  if (last === undefined || last.outcome !== undefined) return
  delivery.attempts[delivery.attempts.length - 1] = { ...last, outcome: 'abandoned', finishedAt: now }
  endOfAttempt(tables, 'abandoned', undefined, now)
}

function nextDueInMs(tables: ModelTables, now: number): number | undefined {
  let dueAt = Number.POSITIVE_INFINITY
  for (const { readyAt, turn } of tables.origins.values())
    dueAt = Math.min(dueAt, turn === undefined ? (readyAt ?? dueAt) : 0)
  for (const { state, leaseUntil } of tables.deliveries.values())
    if (state === 'attempting') dueAt = Math.min(dueAt, leaseUntil)
  return dueAt === Number.POSITIVE_INFINITY ? undefined : Math.max(dueAt - now, 0)
}
