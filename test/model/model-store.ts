import { type DeliveryState, isSettled } from '../../src/lib/delivery/delivery-state.ts'
import type {
  AddRequest,
  AddResult,
  ClaimResponsesRequest,
  ContinueReplaysRequest,
  DeliveredResponse,
  DeliveryStore,
  EndAttemptResult,
  ListQuery,
  PurgeRequest,
  ReleaseRequest,
  ReplayRequest,
  ReplayResult,
  RotateSecretRequest,
  StoredPage,
  StoredReplay,
  UseKeysRequest,
  UseKeysResult,
} from '../../src/lib/delivery/delivery-store.ts'
import {
  afterAttempt,
  type Breaker,
  type BreakerSignal,
  breakerChange,
  withoutProbe,
} from '../../src/lib/delivery/isolation/breaker.ts'
import { laneAfter } from '../../src/lib/delivery/isolation/lane-after.ts'
import { checkStoredText } from '../../src/lib/delivery/manage/check-stored-text.ts'
import { NotInTransactionError } from '../../src/lib/delivery/not-in-transaction-error.ts'
import type {
  AttemptResult,
  IdempotencyKey,
  Lease,
  NewDelivery,
  NextStep,
  StoredAttempt,
  StoreFilter,
} from '../../src/lib/delivery/stored-delivery.ts'
import { claim, endAttempt } from './model-claim.ts'
import { endOfAttempt, modelStats, noteClaim } from './model-stats.ts'
import { type ModelDelivery, type ModelReplay, ModelTables, refresh, storedDelivery } from './model-tables.ts'

/**
 * The rules of a delivery store, written as plainly as possible. Random stories compare the real store with it. It
 * walks through all deliveries where a database uses an index.
 */
export function modelStore(): DeliveryStore {
  const tables = new ModelTables()
  return {
    location: 'model',
    useKeys: async request => useKeys(tables, request),
    async add(request) {
      for (const { idempotencyKey, orderingKey, recipient } of request.rows)
        for (const [name, text] of Object.entries({ idempotencyKey, orderingKey, recipient }))
          checkStoredText(name, text)
      return add(tables, request)
    },
    makeDue: async ({ deliveries, now }) =>
      deliveries.filter(({ id, dueAt = now }) => makeDue(tables, id, dueAt, now)).map(({ id }) => id),
    takeBack: async ({ ids, now }) => ids.filter(id => takeBack(tables, id, now)),
    find: async key => {
      const found = keyed(
        tables.all().map(({ row }) => row),
        key,
      )
      const held = found !== undefined && (tables.deliveries.get(found.id)?.holders ?? 0) > 0
      return found && { id: found.id, digest: found.digest ?? '', held }
    },
    async claim(request) {
      noteClaim(tables, request.now)
      return claim(tables, request)
    },
    endAttempts: async ({ attempts, now }) => attempts.map(attempt => end(tables, attempt, now)),
    release: async request => release(tables, request),
    claimResponses: async request => claimResponses(tables, request),
    async acknowledgeResponses(ids) {
      for (const id of ids) {
        const delivery = tables.deliveries.get(id)
        if (delivery !== undefined) delivery.responseDueAt = undefined
      }
    },
    list: async query => list(tables, query),
    async get(id) {
      const delivery = tables.deliveries.get(id)
      if (delivery === undefined) return undefined
      const content = delivery.hasBytes ? delivery.row.content : undefined
      return { ...storedDelivery(delivery), content, attempts: [...delivery.attempts] }
    },
    counts: async () => counts(tables),
    stats: async ({ now }) => modelStats(tables, now),
    replay: async request => replayOne(tables, request),
    async startReplay({ id, filter, newId, now }) {
      const last = Math.max(0, ...tables.all().map(({ sequence }) => sequence))
      tables.replays.push({
        id,
        filter,
        newId,
        position: 0,
        last,
        startedAt: now,
        finishedAt: undefined,
        replayed: 0,
        withoutBytes: 0,
      })
    },
    continueReplays: async request => continueReplays(tables, request),
    getReplay: async id => storedReplay(tables.replays.find(replay => replay.id === id)),
    async sendNow({ id, now }) {
      const delivery = tables.deliveries.get(id)
      if (delivery === undefined || delivery.state !== 'scheduled' || delivery.holders > 0) return false
      tables.schedule(delivery, now, now)
      return true
    },
    cancel: async ({ id, now }) => cancel(tables, id, now),
    async erase({ now, limit, ...filter }) {
      const erased = tables
        .all()
        .filter(delivery => matches(delivery, filter))
        .slice(0, limit)
      for (const delivery of erased) tables.remove(delivery, now)
      return erased.length
    },
    purge: async request => purge(tables, request),
    wipe: async () => true,
    secretVersions: async ({ recipient, now }) => tables.secretVersions(recipient, now),
    rotateSecret: async request => rotateSecret(tables, request),
    async close() {},
  }
}

function useKeys(tables: ModelTables, { ids, adopt }: UseKeysRequest): UseKeysResult {
  const { keys } = tables
  if (!adopt && !ids.some(id => keys.has(id))) {
    const sealed = tables.all().findLast(({ row, hasBytes }) => hasBytes && row.isSealed)?.row.content
    if (keys.size > 0) return { known: false, sealed: undefined }
    if (sealed !== undefined) return { known: false, sealed }
  }
  for (const id of ids) keys.add(id)
  return { known: true }
}

function add(tables: ModelTables, { rows, now, heldUntil, transaction }: AddRequest): AddResult {
  if (transaction !== undefined) throw new NotInTransactionError('the model has no transactions')
  const stored = tables.all().map(({ row }) => row)
  const known = rows.map((row, index) => keyed([...stored, ...rows.slice(0, index)], row))
  const index = rows.findIndex((row, at) => known[at] !== undefined && known[at].digest !== row.digest)
  if (index !== -1) return { conflict: { index, id: known[index]?.id ?? '' } }
  return {
    added: rows.map((row, at) => {
      const first = known[at]
      if (first !== undefined) return repeat(tables, { id: first.id, dueAt: row.dueAt ?? now }, now, heldUntil)
      const isKnown = tables.deliveries.has(row.id)
      if (!isKnown) tables.insert(row, now, heldUntil)
      return { id: row.id, repeated: isKnown }
    }),
  }
}

/** The first row stays, and becomes due when the repeated one says. */
function repeat(
  tables: ModelTables,
  { id, dueAt }: { id: string; dueAt: number },
  now: number,
  heldUntil: number | undefined,
) {
  const first = tables.deliveries.get(id)
  if (heldUntil === undefined && makeDue(tables, id, dueAt, now)) return { id, repeated: true, released: true as const }
  if (heldUntil !== undefined && first !== undefined && first.holders > 0) first.holders++
  return { id, repeated: true }
}

function makeDue(tables: ModelTables, id: string, dueAt: number, now: number): boolean {
  const delivery = tables.deliveries.get(id)
  if (delivery === undefined || delivery.holders === 0) return false
  delivery.holders = 0
  if (delivery.state !== 'scheduled' || delivery.attempts.length > 0) return false
  tables.schedule(delivery, dueAt, now)
  return true
}

function takeBack(tables: ModelTables, id: string, now: number): boolean {
  const delivery = tables.deliveries.get(id)
  if (delivery === undefined || delivery.holders === 0) return false
  delivery.holders = delivery.attempts.length > 0 ? 0 : delivery.holders - 1
  if (delivery.holders > 0 || delivery.attempts.length > 0) return false
  tables.remove(delivery, now)
  return true
}

function rotateSecret({ secrets }: ModelTables, { recipient, overlapMs, now }: RotateSecretRequest): number {
  const own = () => secrets.filter(secret => secret.recipient === recipient)
  if (own().length === 0) secrets.push({ recipient, version: 1, signsUntil: Number.POSITIVE_INFINITY })
  for (const secret of own()) secret.signsUntil = Math.min(secret.signsUntil, now + overlapMs)
  const version = own().length + 1
  secrets.push({ recipient, version, signsUntil: Number.POSITIVE_INFINITY })
  return version
}

function keyed(rows: readonly NewDelivery[], key: IdempotencyKey | NewDelivery): NewDelivery | undefined {
  if (key.idempotencyKey === undefined) return undefined
  return rows.find(
    row =>
      row.idempotencyKey === key.idempotencyKey &&
      row.operation === key.operation &&
      row.callback === key.callback &&
      row.destination === key.destination &&
      row.recipient === key.recipient,
  )
}

function leased(tables: ModelTables, { id, token }: Lease): ModelDelivery | undefined {
  const delivery = tables.deliveries.get(id)
  return delivery?.state === 'attempting' && delivery.token === token ? delivery : undefined
}

function end(tables: ModelTables, attempt: AttemptResult, now: number): EndAttemptResult {
  const delivery = leased(tables, attempt)
  if (delivery === undefined) return { stale: true, frees: false }
  const { outcome, response, error, next } = attempt
  const last = delivery.attempts.at(-1)
  if (last !== undefined)
    delivery.attempts[delivery.attempts.length - 1] = { ...last, finishedAt: now, outcome, response, error }
  endOfAttempt(tables, outcome, now - (last?.startedAt ?? now), now)
  if (response !== undefined) delivery.attempts = delivery.attempts.map(withoutBodyBefore(delivery.attempts.length))
  delivery.deaths = 0
  const promoted = takeStep(tables, delivery, next, now)
  const { destination } = delivery
  const before = destination.breaker.state
  const freed = [
    tell(destination, attempt.destinationSignal, attempt.id, now),
    tell(destination.origin, attempt.originSignal, attempt.id, now),
  ]
  const { origin } = destination
  origin.lane = laneAfter(origin.lane, attempt)
  if (origin.lane !== 'new') origin.turn = undefined
  if (freed.includes(true)) refresh(destination, now)
  return {
    stale: false,
    frees: promoted || freed.includes(true),
    destination: breakerChange(before, destination.breaker.state),
  }
}

/** Only the last response keeps its body, and the one that delivered before a replay. */
const withoutBodyBefore =
  (last: number) =>
  (attempt: StoredAttempt): StoredAttempt =>
    attempt.number === last ||
    attempt.outcome === 'accepted' ||
    attempt.response === undefined ||
    attempt.response.body.length === 0
      ? attempt
      : { ...attempt, response: { ...attempt.response, body: new Uint8Array(), bodyTruncated: true } }

function takeStep(tables: ModelTables, delivery: ModelDelivery, next: NextStep, now: number): boolean {
  if (next.state === 'scheduled') {
    if (next.usesRetry) delivery.retriesUsed++
    tables.schedule(delivery, now + next.delayMs, now)
    return false
  }
  if (next.state === 'delivered') {
    delivery.responseValid = next.responseValid
    delivery.responseDueAt = next.responseLeaseMs === undefined ? undefined : now + next.responseLeaseMs
  }
  return tables.settle(delivery, next.state, now)
}

/** Records an attempt at a breaker; true where that changed when something may be claimed. */
function tell(place: { breaker: Breaker }, signal: BreakerSignal | undefined, id: string, now: number): boolean {
  const { breaker } = place
  place.breaker = signal === undefined ? withoutProbe(breaker, id, now) : afterAttempt(breaker, signal, id, now)
  return place.breaker.pausedUntil !== breaker.pausedUntil
}

function release(tables: ModelTables, { leases, now }: ReleaseRequest): void {
  for (const lease of leases) {
    const delivery = leased(tables, lease)
    if (delivery === undefined) continue
    delivery.attempts.pop()
    const { destination } = delivery
    tables.schedule(delivery, delivery.dueAt, now)
    const freed = [tell(destination, undefined, lease.id, now), tell(destination.origin, undefined, lease.id, now)]
    if (freed.includes(true)) refresh(destination, now)
  }
}

function claimResponses(tables: ModelTables, request: ClaimResponsesRequest): DeliveredResponse[] {
  const { now, limit, leaseMs } = request
  const due = tables.all().filter(({ responseDueAt }) => responseDueAt !== undefined && responseDueAt <= now)
  return due.slice(0, limit).flatMap(delivery => {
    delivery.responseDueAt = now + leaseMs
    const response = delivery.attempts.at(-1)?.response
    return response === undefined ? [] : [{ delivery: storedDelivery(delivery), response }]
  })
}

function list(tables: ModelTables, { cursor, limit, ...filter }: ListQuery): StoredPage {
  const before = cursor === undefined ? Number.POSITIVE_INFINITY : Number(cursor)
  const found = tables
    .all()
    .reverse()
    .filter(delivery => delivery.sequence < before && matches(delivery, filter))
  const page = found.slice(0, limit)
  const nextCursor = found.length > limit ? String(page.at(-1)?.sequence) : undefined
  return { items: page.map(storedDelivery), nextCursor }
}

function matches({ row, state, createdAt, attempts }: ModelDelivery, filter: StoreFilter): boolean {
  return (
    (filter.state === undefined || [filter.state].flat().includes(state)) &&
    (filter.id === undefined || row.id.startsWith(filter.id)) &&
    (filter.idempotencyKey === undefined || row.idempotencyKey?.startsWith(filter.idempotencyKey) === true) &&
    (filter.destination === undefined || filter.destination === row.destination) &&
    (filter.attempted === undefined || filter.attempted === attempts.length > 0) &&
    (filter.operation === undefined || filter.operation === row.operation) &&
    (filter.callback === undefined || filter.callback === row.callback) &&
    (filter.url === undefined || row.url.startsWith(filter.url)) &&
    (filter.recipient === undefined || filter.recipient === row.recipient) &&
    (filter.since === undefined || createdAt >= filter.since) &&
    (filter.until === undefined || createdAt < filter.until)
  )
}

function counts(tables: ModelTables): Record<DeliveryState, number> {
  const result = { scheduled: 0, attempting: 0, delivered: 0, failed: 0, blocked: 0, cancelled: 0 }
  for (const { state } of tables.deliveries.values()) result[state]++
  return result
}

function replayOne(tables: ModelTables, { id, newId, now }: ReplayRequest): ReplayResult {
  const delivery = tables.deliveries.get(id)
  if (delivery === undefined) return 'missing'
  if (!isSettled(delivery.state)) return 'not-settled'
  if (!delivery.hasBytes) return 'bytes-purged'
  if (newId !== undefined) {
    tables.insert({ ...delivery.row, id: newId, idempotencyKey: undefined, digest: undefined, dueAt: now }, now)
    return 'replayed'
  }
  const fresh = {
    retriesUsed: 0,
    deaths: 0,
    responseValid: undefined,
    settledAt: undefined,
    responseDueAt: undefined,
    holders: 0,
  }
  Object.assign(delivery, fresh)
  tables.schedule(delivery, now, now)
  return 'replayed'
}

function continueReplays(tables: ModelTables, { now, newIds }: ContinueReplaysRequest): StoredReplay | undefined {
  const replay = tables.replays
    .filter(({ finishedAt }) => finishedAt === undefined)
    .toSorted((a, b) => a.startedAt - b.startedAt)[0]
  if (replay === undefined) return undefined
  const { filter, position, last } = replay
  const found = tables
    .all()
    .filter(each => each.sequence > position && each.sequence <= last && matches(each, filter))
    .toSorted((a, b) => a.sequence - b.sequence)
  for (const [index, { row, sequence }] of found.slice(0, newIds.length).entries()) {
    const result = replayOne(tables, { id: row.id, newId: replay.newId ? newIds[index] : undefined, now })
    if (result === 'replayed') replay.replayed++
    if (result === 'bytes-purged') replay.withoutBytes++
    replay.position = sequence
  }
  if (found.length <= newIds.length) replay.finishedAt = now
  return storedReplay(replay)
}

function storedReplay(replay: ModelReplay | undefined): StoredReplay | undefined {
  if (replay === undefined) return undefined
  const { id, startedAt, finishedAt, replayed, withoutBytes } = replay
  return { id, startedAt, finishedAt, replayed, withoutBytes }
}

function cancel(tables: ModelTables, id: string, now: number): boolean {
  const delivery = tables.deliveries.get(id)
  if (delivery === undefined || isSettled(delivery.state)) return false
  endAttempt(tables, delivery, now)
  tables.settle(delivery, 'cancelled', now)
  return true
}

function purge(tables: ModelTables, { now, bytesMs, rowsMs, failedMs }: PurgeRequest): boolean {
  for (const delivery of tables.all()) {
    if (delivery.settledAt === undefined) continue
    const age = now - delivery.settledAt
    if (delivery.hasBytes && age > bytesMs) {
      delivery.hasBytes = false
      delivery.attempts = delivery.attempts.map(attempt => ({ ...attempt, response: undefined }))
    }
    if (age > (delivery.state === 'failed' ? failedMs : rowsMs)) tables.remove(delivery, now)
  }
  return false
}
