import type { SQLInputValue } from 'node:sqlite'
import type { DeliveryState } from '../../delivery/delivery-state.ts'
import type { ReleaseRequest, SettleRequest, SettleResult } from '../../delivery/delivery-store.ts'
import { afterAttempt, type BreakerSignal, breakerChange, withoutProbe } from '../../delivery/isolation/breaker.ts'
import { laneAfter } from '../../delivery/isolation/lane-after.ts'
import type { Lease, NextStep, Settlement } from '../../delivery/stored-delivery.ts'
import { type Connection, prepareValues } from './connection.ts'
import type { Counts } from './counts.ts'
import type { Place, Places } from './place.ts'
import type { Ordered, Queue } from './queue.ts'
import { optionalText } from './values.ts'

/** How attempts end, and deliveries settle. */
export interface Settling {
  /** Ends attempts. */
  settleAttempts(request: SettleRequest): SettleResult[]
  release(request: ReleaseRequest): void
  /** Settles a delivery, and lets the next one of its ordering key go; true if there is one. */
  settle(delivery: Ordered, end: DeliveryEnd, now: number): boolean
  /** Ends the attempt that is on its way, if there is one. */
  abandonAttempt(delivery: number, now: number): void
}

/** The state in which a delivery was, and that in which it settles. */
export interface DeliveryEnd {
  readonly from: DeliveryState
  readonly state: DeliveryState
  readonly responseValid?: boolean | undefined
  readonly responseDueAt?: number | undefined
}

interface LeasedDelivery extends Ordered {
  readonly wantedAt: number
  readonly attemptCount: number
  readonly leasedAt: number
  /** Nothing speaks against its destination and origin: a success tells them nothing new. */
  readonly untroubled: boolean
}

export function createSettling(database: Connection, places: Places, queue: Queue, counts: Counts): Settling {
  const statements = prepareStatements(database)
  const tellPlaces = createTellPlaces(places)

  const leased = ({ id, token }: Lease): LeasedDelivery | undefined => {
    const values = statements.leased.get(id, token)
    if (values === undefined) return undefined
    const [number, destination, orderingKey, wantedAt, attemptCount, leasedAt, untroubled] = values
    return {
      number: Number(number),
      destination: Number(destination),
      orderingKey: optionalText(orderingKey),
      wantedAt: Number(wantedAt),
      attemptCount: Number(attemptCount),
      leasedAt: Number(leasedAt),
      untroubled: untroubled === 1,
    }
  }

  const settle = (delivery: Ordered, end: DeliveryEnd, now: number): boolean => {
    const { from, state, responseValid, responseDueAt = null } = end
    const valid = responseValid === undefined ? null : Number(responseValid)
    statements.settle.run(state, now, valid, responseDueAt, delivery.number)
    queue.remove(delivery.number)
    counts.move(from, state)
    return queue.promote(delivery, now)
  }

  const takeStep = (delivery: LeasedDelivery, next: NextStep, now: number): boolean => {
    if (next.state === 'scheduled') {
      statements.reschedule.run(next.usesRetry ? 1 : 0, delivery.number)
      queue.schedule(delivery, now + next.delayMs, now)
      counts.move('attempting', 'scheduled')
      return false
    }
    if (next.state !== 'delivered') return settle(delivery, { from: 'attempting', state: next.state }, now)
    const { responseValid, responseLeaseMs } = next
    const responseDueAt = responseLeaseMs === undefined ? undefined : now + responseLeaseMs
    return settle(delivery, { from: 'attempting', state: 'delivered', responseValid, responseDueAt }, now)
  }

  const endAttempt = (settlement: Settlement, now: number): SettleResult => {
    const delivery = leased(settlement)
    if (delivery === undefined) return { stale: true, frees: false }
    const { number, attemptCount, leasedAt } = delivery
    statements.addAttempt.run(number, attemptCount, leasedAt, now, ...attemptValues(settlement))
    if (attemptCount > 1 && settlement.answer !== undefined) statements.dropBodies.run(number, attemptCount)
    const promoted = takeStep(delivery, settlement.next, now)
    if (delivery.untroubled && isSuccess(settlement)) return { stale: false, frees: promoted, destination: undefined }
    const { freed, change } = tellPlaces(delivery.destination, settlement, now)
    return { stale: false, frees: promoted || freed, destination: change }
  }

  return {
    settleAttempts: ({ settlements, now }) => settlements.map(settlement => endAttempt(settlement, now)),
    release({ leases, now }) {
      for (const lease of leases) {
        const delivery = leased(lease)
        if (delivery === undefined) continue
        statements.release.run(delivery.number)
        queue.schedule(delivery, delivery.wantedAt, now)
        counts.move('attempting', 'scheduled')
        tellPlaces(delivery.destination, lease, now)
      }
    },
    settle,
    abandonAttempt(delivery, now) {
      statements.abandon.run(now, delivery)
    },
  }
}

function prepareStatements(database: Connection) {
  return {
    leased: prepareValues(
      database,
      `select q.number, q.destination, q.ordering_key, q.wanted_at, q.attempt_count, q.leased_at,
         p.state = 'closed' and p.failures = 0 and o.state = 'closed' and o.failures = 0 and o.lane = 'known' as untroubled
       from ringback_delivery d cross join ringback_queue q on q.number = d.number
       cross join ringback_destination p on p.number = q.destination cross join ringback_origin o on o.number = p.origin
       where d.id = ? and q.token = ? and q.leased_at is not null`,
    ),
    addAttempt: database.prepare(
      `insert into ringback_attempt (delivery, number, started_at, finished_at, outcome, error, status, headers, body,
         body_truncated, address)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    // Only the last response keeps its body, and one that delivered before it was replayed.
    dropBodies: database.prepare(
      `update ringback_attempt set body = x'', body_truncated = 1
       where delivery = ? and number < ? and outcome <> 'accepted' and length(body) > 0`,
    ),
    abandon: database.prepare(
      `insert into ringback_attempt (delivery, number, started_at, finished_at, outcome)
       select number, attempt_count, leased_at, ?, 'abandoned' from ringback_queue
       where number = ? and leased_at is not null`,
    ),
    release: database.prepare('update ringback_queue set attempt_count = attempt_count - 1 where number = ?'),
    reschedule: database.prepare(
      'update ringback_queue set retries_used = retries_used + ?, deaths = 0 where number = ?',
    ),
    settle: database.prepare(
      `insert into ringback_settled (delivery, state, settled_at, response_valid, response_due_at, token, attempt_count)
       select number, ?, ?, ?, ?, token, attempt_count from ringback_queue where number = ?`,
    ),
  }
}

function isSuccess({ destinationSignal, originSignal }: Settlement): boolean {
  return destinationSignal?.kind === 'success' && originSignal?.kind === 'success'
}

function attemptValues({ outcome, error, answer }: Settlement): SQLInputValue[] {
  const head = [outcome, error ?? null]
  if (answer === undefined) return [...head, null, null, null, null, null]
  const { status, headers, body, bodyTruncated, address } = answer
  return [...head, status, headers, body, bodyTruncated ? 1 : 0, address ?? null]
}

/** Tells a destination and its origin how an attempt went; of a lease that is given back only that it ended. */
function createTellPlaces(places: Places) {
  const tell = (place: Place, signal: BreakerSignal | undefined, id: string, now: number) =>
    signal === undefined ? withoutProbe(place.breaker, id, now) : afterAttempt(place.breaker, signal, id, now)
  return (number: number, ended: Lease | Settlement, now: number) => {
    const settlement = 'outcome' in ended ? ended : undefined
    const destination = places.destination(number)
    const origin = places.origin(destination.origin)
    const destinationBreaker = tell(destination, settlement?.destinationSignal, ended.id, now)
    const originBreaker = tell(origin, settlement?.originSignal, ended.id, now)
    const lane = settlement === undefined ? origin.lane : laneAfter(origin.lane, settlement)
    if (destinationBreaker !== destination.breaker) places.saveDestination(number, destinationBreaker)
    if (originBreaker !== origin.breaker || lane !== origin.lane)
      places.saveOrigin(destination.origin, originBreaker, lane)
    const freed =
      destinationBreaker.pausedUntil !== destination.breaker.pausedUntil ||
      originBreaker.pausedUntil !== origin.breaker.pausedUntil
    if (freed) {
      places.refreshDestinations([number], now)
      places.refreshOrigins([destination.origin], now)
    }
    return { freed, change: breakerChange(destination.breaker.state, destinationBreaker.state) }
  }
}
