import type { SQLInputValue } from 'node:sqlite'
import type { DeliveryState } from '../../delivery/delivery-state.ts'
import type { ReleaseRequest, SettleRequest, SettleResult } from '../../delivery/delivery-store.ts'
import { afterAttempt, type BreakerSignal, breakerChange, withoutProbe } from '../../delivery/isolation/breaker.ts'
import { laneAfter } from '../../delivery/isolation/lane-after.ts'
import type { Lease, NextStep, Settlement } from '../../delivery/stored-delivery.ts'
import { type Connection, prepareValues } from './connection.ts'
import type { Place, Places } from './place.ts'
import type { Ordered, Schedule } from './schedule.ts'
import { optionalText } from './values.ts'

/** How attempts and deliveries end. */
export interface Settling {
  settle(request: SettleRequest): SettleResult[]
  release(request: ReleaseRequest): void
  /** Ends a delivery for good, and lets the next one of its ordering key go; true if there is one. */
  finish(delivery: Ordered, state: DeliveryState, now: number): boolean
  /** Ends the attempt that is on its way, if there is one. */
  abandonAttempt(delivery: number, now: number): void
}

interface LeasedDelivery extends Ordered {
  readonly dueAt: number
  readonly attemptCount: number
  readonly leasedAt: number
  /** Nothing speaks against its destination and origin: a success tells them nothing new. */
  readonly untroubled: boolean
}

export function createSettling(database: Connection, places: Places, schedule: Schedule): Settling {
  const statements = prepareStatements(database)

  const leased = ({ id, token }: Lease): LeasedDelivery | undefined => {
    const values = statements.leased.get(id, token)
    if (values === undefined) return undefined
    const [number, destination, orderingKey, dueAt, attemptCount, leasedAt, untroubled] = values
    return {
      number: Number(number),
      destination: Number(destination),
      orderingKey: optionalText(orderingKey),
      dueAt: Number(dueAt),
      attemptCount: Number(attemptCount),
      leasedAt: Number(leasedAt),
      untroubled: untroubled === 1,
    }
  }

  const finish = (delivery: Ordered, state: DeliveryState, now: number): boolean => {
    statements.finish.run(state, now, delivery.number)
    return schedule.promote(delivery, now)
  }

  const takeStep = (delivery: LeasedDelivery, next: NextStep, now: number): boolean => {
    if (next.state === 'scheduled') {
      statements.reschedule.run(next.usesRetry ? 1 : 0, delivery.number)
      schedule.schedule(delivery, now + next.delayMs, now)
      return false
    }
    if (next.state !== 'delivered') return finish(delivery, next.state, now)
    const responseDueAt = next.responseLeaseMs === undefined ? null : now + next.responseLeaseMs
    statements.deliver.run(
      now,
      next.responseValid === undefined ? null : Number(next.responseValid),
      responseDueAt,
      delivery.number,
    )
    return schedule.promote(delivery, now)
  }

  const tellPlaces = createTellPlaces(places)

  const settle = (settlement: Settlement, now: number): SettleResult => {
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
    settle: ({ settlements, now }) => settlements.map(settlement => settle(settlement, now)),
    release({ leases, now }) {
      for (const lease of leases) {
        const delivery = leased(lease)
        if (delivery === undefined) continue
        statements.release.run(delivery.number)
        schedule.schedule(delivery, delivery.dueAt, now)
        tellPlaces(delivery.destination, lease, now)
      }
    },
    finish,
    abandonAttempt(delivery, now) {
      statements.abandon.run(now, delivery)
    },
  }
}

function prepareStatements(database: Connection) {
  return {
    leased: prepareValues(
      database,
      `select d.number, d.destination, d.ordering_key, d.due_at, d.attempt_count, d.leased_at,
         p.state = 'closed' and p.failures = 0 and o.state = 'closed' and o.failures = 0 and o.lane = 'known' as untroubled
       from ringback_delivery d
       join ringback_destination p on p.number = d.destination join ringback_origin o on o.number = p.origin
       where d.id = ? and d.token = ? and d.state = 'attempting'`,
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
       select number, attempt_count, leased_at, ?, 'abandoned' from ringback_delivery
       where number = ? and state = 'attempting'`,
    ),
    release: database.prepare('update ringback_delivery set attempt_count = attempt_count - 1 where number = ?'),
    reschedule: database.prepare(
      'update ringback_delivery set retries_used = retries_used + ?, deaths = 0 where number = ?',
    ),
    deliver: database.prepare(
      `update ringback_delivery set state = 'delivered', settled_at = ?, response_valid = ?, response_due_at = ?
       where number = ?`,
    ),
    finish: database.prepare('update ringback_delivery set state = ?, settled_at = ? where number = ?'),
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
      places.refreshDestination(number, now)
      places.refreshOrigin(destination.origin, now)
    }
    return { freed, change: breakerChange(destination.breaker.state, destinationBreaker.state) }
  }
}
