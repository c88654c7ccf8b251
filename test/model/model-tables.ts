import type { AttemptOutcome, DeliveryState } from '../../src/lib/delivery/delivery-state.ts'
import { mostSecretVersions } from '../../src/lib/delivery/delivery-store.ts'
import { type Breaker, closedBreaker } from '../../src/lib/delivery/isolation/breaker.ts'
import { originGroup } from '../../src/lib/delivery/isolation/origin-group.ts'
import { fewNewOrigins, type OriginLane } from '../../src/lib/delivery/isolation/origin-lane.ts'
import type { NewDelivery, StoredAttempt, StoredDelivery, StoreFilter } from '../../src/lib/delivery/stored-delivery.ts'

/** A delivery as the model keeps it. */
export interface ModelDelivery {
  readonly row: NewDelivery
  /** The order of storing. */
  readonly sequence: number
  readonly destination: ModelDestination
  readonly createdAt: number
  state: DeliveryState
  dueAt: number
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
  /** When any worker may run `onResponse`; undefined where it need not be run. */
  responseDueAt: number | undefined
  hasBytes: boolean
  attempts: StoredAttempt[]
}

/** A destination: what is due there, and whether anything may be sent. */
export interface ModelDestination {
  readonly number: number
  readonly origin: ModelOrigin
  /** Recipient and URL together. */
  readonly key: string
  /** How many deliveries it has, including settled ones: it is removed with the last one. */
  deliveries: number
  /** The deliveries that may be claimed when they are due. */
  readonly waiting: Set<ModelDelivery>
  readyAt: number | undefined
  breaker: Breaker
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
}

/** A version of a recipient's secret. */
export interface ModelSecret {
  readonly recipient: string
  readonly version: number
  signsUntil: number
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
  readonly happened: ModelEvent[] = []
  lastClaimAt: number | undefined
  #sequence = 0
  #places = 0

  insert(row: NewDelivery, now: number, heldUntil?: number | undefined): ModelDelivery {
    const delivery: ModelDelivery = {
      row,
      sequence: ++this.#sequence,
      destination: this.#enter(row),
      createdAt: now,
      state: 'scheduled',
      dueAt: heldUntil === undefined ? (row.dueAt ?? now) : Math.max(row.dueAt ?? now, heldUntil),
      holders: heldUntil === undefined ? 0 : 1,
      behind: false,
      token: 0,
      leaseUntil: 0,
      retriesUsed: 0,
      deaths: 0,
      responseValid: undefined,
      settledAt: undefined,
      responseDueAt: undefined,
      hasBytes: true,
      attempts: [],
    }
    this.schedule(delivery, delivery.dueAt, now)
    this.deliveries.set(row.id, delivery)
    return delivery
  }

  /** Makes a delivery due at `dueAt`, or makes it wait for an earlier one with its ordering key. */
  schedule(delivery: ModelDelivery, dueAt: number, now: number): void {
    delivery.state = 'scheduled'
    delivery.dueAt = dueAt
    delivery.behind = this.#unsettledOfKey(delivery).some(other => other !== delivery && !other.behind)
    if (delivery.behind) return
    delivery.destination.waiting.add(delivery)
    bringForward(delivery.destination, dueAt, now)
  }

  /** Settles a delivery, and releases the next one with its ordering key; true if there is one. */
  settle(delivery: ModelDelivery, state: DeliveryState, now: number): boolean {
    delivery.state = state
    delivery.settledAt = now
    this.happened.push({ kind: 'settled', state, now })
    this.#stopWaiting(delivery, now)
    return this.#promote(delivery, now)
  }

  remove(delivery: ModelDelivery, now: number): void {
    this.deliveries.delete(delivery.row.id)
    this.#stopWaiting(delivery, now)
    this.#promote(delivery, now)
    this.#leave(delivery.destination)
  }

  #stopWaiting(delivery: ModelDelivery, now: number): void {
    if (delivery.destination.waiting.delete(delivery)) refresh(delivery.destination, now)
  }

  #promote(delivery: ModelDelivery, now: number): boolean {
    const unsettled = this.#unsettledOfKey(delivery)
    const [next] = unsettled
    if (next === undefined || unsettled.some(other => !other.behind)) return false
    this.schedule(next, next.dueAt, now)
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

  /** In the order of storing. */
  all(): ModelDelivery[] {
    return [...this.deliveries.values()]
  }

  /** The destination of a row, made if it is new. It has one more delivery from now on. */
  #enter(row: NewDelivery): ModelDestination {
    const { origin: name, destination: url, recipient } = row
    const key = JSON.stringify([url, recipient])
    let origin = this.origins.get(name)
    if (origin === undefined) {
      const number = ++this.#places
      const group = originGroup(row)
      const others = [...this.origins.values()].filter(other => other.lane === 'new' && other.group === group)
      const lane = { group, ofFew: others.length < fewNewOrigins, lane: 'new', turn: undefined } as const
      origin = { number, name, ...lane, destinations: new Map(), readyAt: undefined, breaker: closedBreaker }
      this.origins.set(name, origin)
    }
    let destination = origin.destinations.get(key)
    if (destination === undefined) {
      const number = ++this.#places
      const fresh = { waiting: new Set<ModelDelivery>(), readyAt: undefined, breaker: closedBreaker }
      destination = { number, origin, key, deliveries: 0, ...fresh }
      origin.destinations.set(key, destination)
    }
    destination.deliveries++
    return destination
  }

  /** A destination has one delivery less. It is removed with its last one, and an origin with its last destination. */
  #leave(destination: ModelDestination): void {
    const { origin } = destination
    destination.deliveries--
    if (destination.deliveries > 0) return
    origin.destinations.delete(destination.key)
    if (origin.destinations.size === 0) this.origins.delete(origin.name)
  }
}

/** A destination and its origin have something to claim from `dueAt` on, or earlier. */
function bringForward(destination: ModelDestination, dueAt: number, now: number): void {
  const { origin, breaker } = destination
  const at = Math.max(dueAt, breaker.pausedUntil, now)
  destination.readyAt = Math.min(destination.readyAt ?? at, at)
  const originAt = Math.max(at, origin.breaker.pausedUntil)
  origin.readyAt = Math.min(origin.readyAt ?? originAt, originAt)
}

/** Computes again when a destination and its origin have something to claim: never earlier than `now`. */
export function refresh(destination: ModelDestination, now: number): void {
  const { origin, breaker } = destination
  let dueAt = Number.POSITIVE_INFINITY
  for (const delivery of destination.waiting) dueAt = Math.min(dueAt, delivery.dueAt)
  destination.readyAt = readyAt(dueAt, breaker, now)
  refreshOrigin(origin, now)
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
  const { row, state, responseValid, createdAt, settledAt } = delivery
  const { id, operation, callback, method, url, destination, recipient, destinationHash } = row
  const head = { id, state, operation, callback, method, url, destination, recipient, destinationHash }
  const nextAttemptAt = state === 'scheduled' ? delivery.dueAt : undefined
  return { ...head, attemptCount: delivery.attempts.length, responseValid, createdAt, nextAttemptAt, settledAt }
}
