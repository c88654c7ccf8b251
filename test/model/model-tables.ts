import type { AttemptOutcome, DeliveryState, SettledReason } from '../../src/lib/delivery/delivery-state.ts'
import { mostSecretVersions } from '../../src/lib/delivery/delivery-store.ts'
import { type Breaker, closedBreaker } from '../../src/lib/delivery/isolation/breaker.ts'
import { originGroup } from '../../src/lib/delivery/isolation/origin-group.ts'
import { fewNewOrigins, type OriginLane } from '../../src/lib/delivery/isolation/origin-lane.ts'
import type { Pause } from '../../src/lib/delivery/isolation/stored-destination.ts'
import type { NewDelivery, StoredAttempt, StoredDelivery, StoreFilter } from '../../src/lib/delivery/stored-delivery.ts'
import { type ModelTrouble, restTrouble } from './model-outages.ts'

/** A delivery as the model keeps it. */
export interface ModelDelivery {
  readonly row: NewDelivery
  /** The order of storing. */
  readonly sequence: number
  readonly destination: ModelDestination
  readonly createdAt: number
  state: DeliveryState
  dueAt: number
  /** From when its time was set on. */
  delayMs: number
  expiresAt: number | undefined
  /** What its sender asked for. */
  askedAt: number | undefined
  /** Waits for an earlier delivery of the same ordering key. */
  behind: boolean
  token: number
  leaseUntil: number
  retriesUsed: number
  /** The requests that may still take it back. */
  holders: number
  /** How many workers in a row died over it. */
  deaths: number
  responseValid: boolean | undefined
  settledAt: number | undefined
  reason: SettledReason | undefined
  /** When any worker may run `onResponse` or `onFailed`; undefined where neither need be run. */
  handlerDueAt: number | undefined
  handlerFailures: number
  hasBytes: boolean
  attempts: StoredAttempt[]
}

/** A destination: what is due there, and whether anything may be sent. */
export interface ModelDestination extends ModelTrouble {
  readonly number: number
  readonly origin: ModelOrigin
  /** Recipient and URL together. */
  readonly key: string
  readonly url: string
  readonly recipient: string | undefined
  pause: Pause | undefined
  rate: number | undefined
  /** No attempt starts before. */
  nextStartAt: number
  /** How many start in the claim under way. */
  starts: number
  lastSuccessAt: number | undefined
  /** How many deliveries it has, including settled ones: it is removed with the last one. */
  deliveries: number
  /** The deliveries that may be claimed when they are due. */
  readonly waiting: Set<ModelDelivery>
  readyAt: number | undefined
  breaker: Breaker
  /** When its pause was set. */
  pausedAt: number
}

/** An origin with its destinations. */
export interface ModelOrigin {
  readonly number: number
  readonly name: string
  readonly group: string
  /** Whether its group had few new origins when it was added. */
  readonly ofFew: boolean
  lane: OriginLane
  /** The turn of a new origin that is ready. */
  turn: number | undefined
  readonly destinations: Map<string, ModelDestination>
  readyAt: number | undefined
  breaker: Breaker
  pausedAt: number
}

/** A version of a recipient's secret. */
export interface ModelSecret {
  readonly recipient: string
  readonly version: number
  signsUntil: number
  /** When that was set. */
  endedAt: number
}

/** What is counted. */
export type ModelEvent = { readonly now: number } & (
  | { readonly kind: 'settled'; readonly state: DeliveryState }
  | { readonly kind: 'ended'; readonly outcome: AttemptOutcome; readonly durationMs: number | undefined }
)

/** What is to be replayed. */
export interface ModelReplay {
  readonly id: string
  readonly filter: StoreFilter
  readonly newId: boolean
  readonly last: number
  readonly startedAt: number
  position: number
  finishedAt: number | undefined
  replayed: number
  withoutBytes: number
}

/** The rows of the model and their relations. */
export class ModelTables {
  readonly deliveries = new Map<string, ModelDelivery>()
  readonly origins = new Map<string, ModelOrigin>()
  readonly secrets: ModelSecret[] = []
  readonly keys = new Set<string>()
  readonly replays: ModelReplay[] = []
  sendingPause: Pause | undefined
  readonly happened: ModelEvent[] = []
  lastClaimAt: number | undefined
  #sequence = 0
  #places = 0

  insert(row: NewDelivery, now: number, heldUntil?: number | undefined): ModelDelivery {
    const delivery: ModelDelivery = {
      row,
      sequence: ++this.#sequence,
      destination: this.enter(row),
      createdAt: now,
      state: 'scheduled',
      dueAt: now,
      delayMs: 0,
      expiresAt: row.expiresAt,
      askedAt: undefined,
      holders: heldUntil === undefined ? 0 : 1,
      behind: false,
      token: 0,
      leaseUntil: 0,
      retriesUsed: 0,
      deaths: 0,
      responseValid: undefined,
      settledAt: undefined,
      reason: undefined,
      handlerDueAt: undefined,
      handlerFailures: 0,
      hasBytes: true,
      attempts: [],
    }
    const { dueAt, delayMs = 0 } = row
    const due = heldUntil === undefined ? row : { dueAt, delayMs: Math.max(delayMs, heldUntil - now) }
    this.schedule(delivery, due, now)
    this.deliveries.set(row.id, delivery)
    return delivery
  }

  /** Makes a delivery due, or makes it wait for an earlier one with its ordering key. */
  schedule(delivery: ModelDelivery, due: Partial<Pick<NewDelivery, 'dueAt' | 'delayMs'>>, now: number): void {
    delivery.state = 'scheduled'
    delivery.delayMs = due.delayMs ?? 0
    delivery.askedAt = due.dueAt
    const { delayMs = Number.NEGATIVE_INFINITY, dueAt = now + delivery.delayMs } = due
    delivery.dueAt = Math.max(now + delayMs, dueAt)
    delivery.behind = this.#unsettledOfKey(delivery).some(other => other !== delivery && !other.behind)
    if (delivery.behind) return
    delivery.destination.waiting.add(delivery)
    bringForward(delivery.destination, delivery.dueAt, now)
  }

  /** Settles a delivery, and releases the next one with its ordering key; true if there is one. */
  settle(delivery: ModelDelivery, state: DeliveryState, now: number): boolean {
    delivery.state = state
    delivery.settledAt = now
    // Whatever settles it, somebody is told; who wants to be told later, or not at all, says so.
    delivery.handlerDueAt = state === 'failed' || state === 'blocked' ? now : undefined
    delivery.handlerFailures = 0
    this.happened.push({ kind: 'settled', state, now })
    this.#stopWaiting(delivery, now)
    const promoted = this.#promote(delivery, now)
    if (state !== 'delivered') restTrouble(delivery.destination)
    return promoted
  }

  remove(delivery: ModelDelivery, now: number): void {
    this.deliveries.delete(delivery.row.id)
    this.#stopWaiting(delivery, now)
    this.#promote(delivery, now)
    restTrouble(delivery.destination)
    this.#leave(delivery.destination)
  }

  #stopWaiting(delivery: ModelDelivery, now: number): void {
    if (delivery.destination.waiting.delete(delivery)) refresh(delivery.destination, now)
  }

  #promote(delivery: ModelDelivery, now: number): boolean {
    const unsettled = this.#unsettledOfKey(delivery)
    const [next] = unsettled
    if (next === undefined || unsettled.some(other => !other.behind)) return false
    next.behind = false
    next.dueAt = Math.min(next.dueAt, Math.max(now + next.delayMs, next.askedAt ?? 0))
    next.destination.waiting.add(next)
    bringForward(next.destination, next.dueAt, now)
    return true
  }

  #unsettledOfKey({ row, destination }: ModelDelivery): ModelDelivery[] {
    if (row.orderingKey === undefined) return []
    return this.all().filter(
      other =>
        other.row.orderingKey === row.orderingKey &&
        other.destination === destination &&
        (other.state === 'scheduled' || other.state === 'attempting'),
    )
  }

  /** The secrets that sign, the newest first. */
  secretVersions(recipient: string, now: number): number[] {
    const own = this.secrets.filter(secret => secret.recipient === recipient)
    const signing = own.filter(({ signsUntil }) => signsUntil > now).map(({ version }) => version)
    return own.length === 0 ? [1] : signing.reverse().slice(0, mostSecretVersions)
  }

  allDestinations(): ModelDestination[] {
    return [...this.origins.values()].flatMap(origin => [...origin.destinations.values()])
  }

  /** In the order of storing. */
  all(): ModelDelivery[] {
    return [...this.deliveries.values()]
  }

  /** The destination of a row, made if it is new. It has one more delivery from now on. */
  enter(row: Pick<NewDelivery, 'origin' | 'destination' | 'recipient'>): ModelDestination {
    const { origin: name, destination: url, recipient } = row
    const key = JSON.stringify([url, recipient])
    let origin = this.origins.get(name)
    if (origin === undefined) {
      const number = ++this.#places
      const group = originGroup(row)
      const others = [...this.origins.values()].filter(other => other.lane === 'new' && other.group === group)
      const lane = { group, ofFew: others.length < fewNewOrigins, lane: 'new', turn: undefined } as const
      origin = {
        number,
        name,
        ...lane,
        destinations: new Map(),
        readyAt: undefined,
        breaker: closedBreaker,
        pausedAt: 0,
      }
      this.origins.set(name, origin)
    }
    let destination = origin.destinations.get(key)
    if (destination === undefined) {
      const number = ++this.#places
      const fresh = {
        ...{ waiting: new Set<ModelDelivery>(), readyAt: undefined, breaker: closedBreaker, pausedAt: 0 },
        ...{ troubleSince: undefined, outage: undefined },
      }
      const all = origin.destinations.get(JSON.stringify([url, undefined]))
      const kept = { pause: all?.pause, rate: all?.rate, nextStartAt: 0, starts: 0, lastSuccessAt: undefined }
      destination = { number, origin, key, url, recipient, deliveries: 0, ...fresh, ...kept }
      origin.destinations.set(key, destination)
    }
    destination.deliveries++
    return destination
  }

  /** A destination has one delivery less. It is removed with its last one, and an origin with its last destination. */
  #leave(destination: ModelDestination): void {
    destination.deliveries--
    this.forget(destination)
  }

  forget(destination: ModelDestination): void {
    const { origin, deliveries, pause, rate, url } = destination
    const all = origin.destinations.get(JSON.stringify([url, undefined]))
    const ofAll = all === destination ? undefined : all
    if (deliveries > 0 || pause?.at !== ofAll?.pause?.at || rate !== ofAll?.rate) return
    origin.destinations.delete(destination.key)
    if (origin.destinations.size === 0) this.origins.delete(origin.name)
  }
}

/** A destination and its origin have something to claim from `dueAt` on, or earlier. */
function bringForward(destination: ModelDestination, dueAt: number, now: number): void {
  const { origin, breaker, nextStartAt } = destination
  if (destination.pause !== undefined) return
  const at = Math.max(dueAt, breaker.pausedUntil, nextStartAt, now)
  destination.readyAt = Math.min(destination.readyAt ?? at, at)
  const originAt = Math.max(at, origin.breaker.pausedUntil)
  origin.readyAt = Math.min(origin.readyAt ?? originAt, originAt)
}

/** Computes again when a destination and its origin have something to claim: never earlier than `now`. */
export function refresh(destination: ModelDestination, now: number): void {
  refreshDestination(destination, now)
  refreshOrigin(destination.origin, now)
}

/** The same for a destination alone. */
export function refreshDestination(destination: ModelDestination, now: number): void {
  const { breaker, pause, nextStartAt } = destination
  let dueAt = Number.POSITIVE_INFINITY
  for (const delivery of destination.waiting) dueAt = Math.min(dueAt, delivery.dueAt)
  destination.readyAt = pause === undefined ? readyAt(dueAt, breaker, Math.max(nextStartAt, now)) : undefined
}

/** The same for an origin alone. */
export function refreshOrigin(origin: ModelOrigin, now: number): void {
  let dueAt = Number.POSITIVE_INFINITY
  for (const destination of origin.destinations.values()) dueAt = Math.min(dueAt, destination.readyAt ?? dueAt)
  origin.readyAt = readyAt(dueAt, origin.breaker, now)
  if (origin.readyAt === undefined || origin.readyAt > now) origin.turn = undefined
}

function readyAt(dueAt: number, breaker: Breaker, now: number): number | undefined {
  return dueAt === Number.POSITIVE_INFINITY ? undefined : Math.max(dueAt, breaker.pausedUntil, now)
}

/** What the port shows of a delivery. */
export function storedDelivery(delivery: ModelDelivery): StoredDelivery {
  const { row, state, responseValid, createdAt, settledAt, reason } = delivery
  const { id, operation, callback, method, url, destination, recipient, destinationHash } = row
  const head = { id, state, operation, callback, method, url, destination, recipient, destinationHash }
  const nextAttemptAt = state === 'scheduled' ? delivery.dueAt : undefined
  return { ...head, attemptCount: delivery.attempts.length, responseValid, createdAt, nextAttemptAt, settledAt, reason }
}
