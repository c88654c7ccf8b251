import { type DeliveryState, isSettled } from '../../src/lib/delivery/delivery-state.ts'
import type {
  AddRequest,
  AddResult,
  ContinueReplaysRequest,
  DeliveryStore,
  DueDelivery,
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
import type { EndpointStore } from '../../src/lib/delivery/endpoints/endpoint-store.ts'
import type {
  ClaimHandlersRequest,
  EndHandlersRequest,
  UnhandledDelivery,
} from '../../src/lib/delivery/handlers/handler-requests.ts'
import {
  afterAttempt,
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
import { watchingClock } from './model-clock.ts'
import { changeDestinations, listDestinations } from './model-destinations.ts'
import { claimOutages, endOutages, endTrouble, noteTrouble } from './model-outages.ts'
import { endOfAttempt, modelStats, noteClaim } from './model-stats.ts'
import {
  type ModelDelivery,
  type ModelOrigin,
  type ModelReplay,
  ModelTables,
  refresh,
  storedDelivery,
} from './model-tables.ts'

/** The model knows nothing of webhooks, which have a model of their own. */
const notModelled = async (): Promise<never> => {
  throw new Error('The model has no webhooks')
}
const withoutWebhooks: EndpointStore = {
  addEndpoint: notModelled,
  findEndpoint: notModelled,
  listEndpoints: notModelled,
  changeEndpoint: notModelled,
  cancelStale: notModelled,
  continueFanouts: notModelled,
  listMessages: notModelled,
  findMessage: notModelled,
  cancelMessage: notModelled,
  claimNotices: notModelled,
  endNotices: notModelled,
}

/**
 * The rules of a delivery store, written as plainly as possible. Random stories compare the real store with it. It
 * walks through all deliveries where a database uses an index.
 */
export function modelStore(): DeliveryStore {
  const tables = new ModelTables()
  return watchingClock(tables, {
    location: 'model',
    ...withoutWebhooks,
    useKeys: async request => useKeys(tables, request),
    async add(request) {
      for (const { idempotencyKey, orderingKey, recipient } of request.rows)
        for (const [name, text] of Object.entries({ idempotencyKey, orderingKey, recipient }))
          checkStoredText(name, text)
      return add(tables, request)
    },
    makeDue: async ({ deliveries, now }) => deliveries.filter(due => makeDue(tables, due, now)).map(({ id }) => id),
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
    claimHandlers: async request => claimHandlers(tables, request),
    endHandlers: async request => endHandlers(tables, request),
    claimOutages: async request =>
      claimOutages(tables.allDestinations(), { ...request, sends: tables.sendingPause === undefined }),
    endOutages: async request => endOutages(tables.allDestinations(), request),
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
      tables.schedule(delivery, {}, now)
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
    destinations: async query => listDestinations(tables, query),
    changeDestinations: async change => changeDestinations(tables, change),
    async pauseSending({ pause, now }) {
      tables.sendingPause = pause && { ...pause, at: now }
    },
    sendingPause: async () => tables.sendingPause,
    secretVersions: async ({ recipient, now }) => tables.secretVersions(recipient, now),
    rotateSecret: async request => rotateSecret(tables, request),
    async close() {},
  })
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
      if (first !== undefined) return repeat(tables, { ...row, id: first.id }, now, heldUntil)
      const isKnown = tables.deliveries.has(row.id)
      if (!isKnown) tables.insert(row, now, heldUntil)
      return { id: row.id, repeated: isKnown }
    }),
  }
}

/** The first row stays, and becomes due when the repeated one says. */
function repeat(tables: ModelTables, due: DueDelivery, now: number, heldUntil: number | undefined) {
  const { id } = due
  const first = tables.deliveries.get(id)
  if (heldUntil === undefined && makeDue(tables, due, now)) return { id, repeated: true, released: true as const }
  if (heldUntil !== undefined && first !== undefined && first.holders > 0) first.holders++
  return { id, repeated: true }
}

function makeDue(tables: ModelTables, due: DueDelivery, now: number): boolean {
  const delivery = tables.deliveries.get(due.id)
  if (delivery === undefined || delivery.holders === 0) return false
  delivery.holders = 0
  if (delivery.state !== 'scheduled' || delivery.attempts.length > 0) return false
  tables.schedule(delivery, due, now)
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
  if (own().length === 0) secrets.push({ recipient, version: 1, signsUntil: Number.POSITIVE_INFINITY, endedAt: 0 })
  for (const secret of own())
    if (secret.signsUntil > now + overlapMs) Object.assign(secret, { signsUntil: now + overlapMs, endedAt: now })
  const version = own().length + 1
  secrets.push({ recipient, version, signsUntil: Number.POSITIVE_INFINITY, endedAt: 0 })
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
  const kind = attempt.destinationSignal?.kind
  if (kind === 'success') endTrouble(destination, now)
  else if (kind !== undefined) noteTrouble(destination, now)
  const { origin, lastSuccessAt = 0 } = destination
  if (outcome === 'accepted' && now >= lastSuccessAt + 1_000) destination.lastSuccessAt = now
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
    tables.schedule(delivery, { delayMs: next.delayMs }, now)
    return false
  }
  if (next.state === 'delivered') delivery.responseValid = next.responseValid
  else delivery.reason = next.reason
  const leaseMs = next.state === 'delivered' ? next.responseLeaseMs : next.failedLeaseMs
  const promoted = tables.settle(delivery, next.state, now)
  delivery.handlerDueAt = leaseMs === undefined ? undefined : now + leaseMs
  return promoted
}

/** Records an attempt at a breaker; true where that changed when something may be claimed. */
function tell(
  place: Pick<ModelOrigin, 'breaker' | 'pausedAt'>,
  signal: BreakerSignal | undefined,
  id: string,
  now: number,
): boolean {
  const { breaker } = place
  place.breaker = signal === undefined ? withoutProbe(breaker, id, now) : afterAttempt(breaker, signal, id, now)
  const isOther = place.breaker.pausedUntil !== breaker.pausedUntil
  if (isOther) place.pausedAt = now
  return isOther
}

function release(tables: ModelTables, { leases, now }: ReleaseRequest): void {
  for (const lease of leases) {
    const delivery = leased(tables, lease)
    if (delivery === undefined) continue
    delivery.attempts.pop()
    const { destination } = delivery
    tables.schedule(delivery, { delayMs: Math.min(delivery.dueAt - now, 0) }, now)
    const freed = [tell(destination, undefined, lease.id, now), tell(destination.origin, undefined, lease.id, now)]
    if (freed.includes(true)) refresh(destination, now)
  }
}

function claimHandlers(tables: ModelTables, { now, limit, leaseMs }: ClaimHandlersRequest): UnhandledDelivery[] {
  const due = tables.all().filter(({ handlerDueAt }) => handlerDueAt !== undefined && handlerDueAt <= now)
  due.sort((a, b) => (a.handlerDueAt ?? 0) - (b.handlerDueAt ?? 0) || a.sequence - b.sequence)
  return due.slice(0, limit).map(delivery => {
    delivery.handlerDueAt = now + leaseMs
    const { token, handlerFailures: failures } = delivery
    const last = delivery.attempts.at(-1)
    const attempt = last && { response: last.response, error: last.error }
    return { delivery: storedDelivery(delivery), token, failures, attempt }
  })
}

function endHandlers(tables: ModelTables, { handlers, now }: EndHandlersRequest): void {
  for (const { id, token, againInMs } of handlers) {
    const delivery = tables.deliveries.get(id)
    if (delivery?.settledAt === undefined || delivery.token !== token) continue
    delivery.handlerDueAt = againInMs === undefined ? undefined : now + againInMs
    delivery.handlerFailures = againInMs === undefined ? 0 : delivery.handlerFailures + 1
  }
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

const noTimes = { dueAt: undefined, delayMs: undefined, expiresAt: undefined }

function replayOne(tables: ModelTables, { id, newId, now }: ReplayRequest): ReplayResult {
  const delivery = tables.deliveries.get(id)
  if (delivery === undefined) return 'missing'
  if (!isSettled(delivery.state)) return 'not-settled'
  if (!delivery.hasBytes) return 'bytes-purged'
  if (newId !== undefined) {
    tables.insert(
      {
        ...delivery.row,
        id: newId,
        idempotencyKey: undefined,
        digest: undefined,
        ...noTimes,
      },
      now,
    )
    return 'replayed'
  }
  const fresh = {
    retriesUsed: 0,
    deaths: 0,
    responseValid: undefined,
    settledAt: undefined,
    reason: undefined,
    expiresAt: undefined,
    handlerDueAt: undefined,
    holders: 0,
  }
  Object.assign(delivery, fresh)
  tables.schedule(delivery, {}, now)
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
