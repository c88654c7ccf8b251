import type { SQLInputValue } from 'node:sqlite'
import type { EndAttemptResult, EndAttemptsRequest, ReleaseRequest } from '../../delivery/delivery-store.ts'
import type { AttemptResult, Lease, NextStep } from '../../delivery/stored-delivery.ts'
import { optionalNumber, optionalText } from '../rows/row.ts'
import { type Connection, prepareValues } from './connection.ts'
import type { Counts } from './counts.ts'
import { createCancelReason } from './endpoints/cancel-stale.ts'
import type { createTellEndpoint } from './endpoints/endpoint-attempts.ts'
import type { Trouble } from './handlers/trouble.ts'
import type { Places } from './place.ts'
import type { Ordered, Queue } from './queue.ts'
import type { Settle } from './settle.ts'
import type { Hours } from './stats/hours.ts'
import { createTellPlaces } from './tell-places.ts'

/** How attempts end. */
export interface Attempts {
  end(request: EndAttemptsRequest): EndAttemptResult[]
  /** Ends attempts as if they had never begun. */
  release(request: ReleaseRequest): void
  /** Ends the running attempt of a delivery, if there is one. */
  abandon(delivery: number, now: number): void
}

/** What attempts change when they end. */
export interface AttemptParts {
  readonly places: Places
  readonly queue: Queue
  readonly counts: Counts
  readonly settle: Settle
  readonly trouble: Trouble
  readonly hours: Hours
  readonly tellEndpoint: ReturnType<typeof createTellEndpoint>
}

interface LeasedDelivery extends Ordered {
  readonly wantedAt: number
  readonly attemptCount: number
  readonly leasedAt: number
  /** Whether its destination and origin are without trouble, so that a success tells them nothing new. */
  readonly untroubled: boolean
  /** When its destination had its last 2xx. */
  readonly lastSuccessAt: number
  /** The number of its endpoint; undefined if it is no webhook's. */
  readonly endpoint: number | undefined
  /** Whether it was cancelled while it was leased. */
  readonly isCancelled: boolean
}

export function createAttempts(database: Connection, parts: AttemptParts): Attempts {
  const { places, queue, counts } = parts
  const statements = prepareStatements(database)
  const tellPlaces = createTellPlaces(places, parts.trouble)
  const leased = createLeased(database)
  const takeStep = createTakeStep(database, parts)
  const isMoved = createIsMoved(database)
  const cancelled = createCancelReason(database)
  const end = (attempt: AttemptResult, now: number): EndAttemptResult => {
    const delivery = leased(attempt)
    if (delivery === undefined) return { stale: true, frees: false }
    const { number, attemptCount, leasedAt } = delivery
    parts.hours.attempt(attempt.outcome, now - leasedAt, now)
    statements.addAttempt.run(number, attemptCount, leasedAt, now, ...attemptValues(attempt))
    if (attemptCount > 1 && attempt.response !== undefined) statements.dropBodies.run(number, attemptCount)
    if (attempt.outcome === 'accepted' && now >= delivery.lastSuccessAt + 1_000)
      statements.succeeded.run(now, delivery.destination)
    const promoted = takeStep(delivery, attempt.next, now)
    if (delivery.endpoint !== undefined) {
      parts.tellEndpoint(delivery.endpoint, attempt, now)
      if (isMoved(delivery.destination, attempt)) return { stale: false, frees: promoted }
    }
    if (delivery.untroubled && isSuccess(attempt)) return { stale: false, frees: promoted, destination: undefined }
    const { freed, change } = tellPlaces(delivery.destination, attempt, now)
    return { stale: false, frees: promoted || freed, destination: change }
  }
  const giveBack = (delivery: LeasedDelivery, now: number) => {
    if (delivery.isCancelled) {
      const reason = cancelled(delivery.number)
      parts.settle(delivery, { from: 'attempting', state: 'cancelled', reason }, now)
      return
    }
    // It was due when it was leased, whatever the clock said then
    queue.schedule(delivery, { delayMs: Math.min(delivery.wantedAt - now, 0) }, now)
    counts.move('attempting', 'scheduled')
  }
  return {
    end: ({ attempts, now }) => attempts.map(attempt => end(attempt, now)),
    release({ leases, now }) {
      for (const lease of leases) {
        const delivery = leased(lease)
        if (delivery === undefined) continue
        statements.release.run(delivery.number)
        giveBack(delivery, now)
        tellPlaces(delivery.destination, lease, now)
      }
    },
    abandon(delivery, now) {
      if (statements.abandon.run(now, delivery).changes > 0) parts.hours.attempt('abandoned', undefined, now)
    },
  }
}

/** Finds the delivery of a lease, if its token is still the current one. */
function createLeased(database: Connection) {
  const find = prepareValues(
    database,
    `select q.number, q.destination, q.ordering_key, q.wanted_at, q.attempt_count, q.leased_at,
       p.state = 'closed' and p.failures = 0 and o.state = 'closed' and o.failures = 0 and o.lane = 'known'
         and p.trouble_since is null as untroubled,
       coalesce(p.last_success_at, 0), d.endpoint, q.epoch < p.epoch
     from ringback_delivery d cross join ringback_queue q on q.number = d.number
     cross join ringback_destination p on p.number = q.destination cross join ringback_origin o on o.number = p.origin
     where d.id = ? and q.token = ? and q.leased_at is not null`,
  )
  return ({ id, token }: Lease): LeasedDelivery | undefined => {
    const values = find.get(id, token)
    if (values === undefined) return undefined
    const [number, destination, orderingKey, wantedAt, attemptCount, leasedAt, ...place] = values
    const [untroubled, lastSuccessAt, endpoint, isCancelled] = place
    return {
      number: Number(number),
      destination: Number(destination),
      orderingKey: optionalText(orderingKey),
      wantedAt: Number(wantedAt),
      attemptCount: Number(attemptCount),
      leasedAt: Number(leasedAt),
      untroubled: untroubled === 1,
      lastSuccessAt: Number(lastSuccessAt),
      endpoint: optionalNumber(endpoint),
      isCancelled: isCancelled === 1,
    }
  }
}

/** Whether an attempt called a URL that its endpoint no longer has. It tells nothing about the present one. */
function createIsMoved(database: Connection) {
  const url = database.prepare('select url from ringback_destination where number = ?')
  return (destination: number, attempt: AttemptResult) =>
    attempt.url !== undefined && url.get(destination)?.url !== attempt.url
}

/** Moves a delivery on after an attempt; true if another delivery may be sent now. */
function createTakeStep(database: Connection, { queue, counts, settle }: AttemptParts) {
  const reschedule = database.prepare(
    'update ringback_queue set retries_used = retries_used + ?, deaths = 0 where number = ?',
  )
  const cancelled = createCancelReason(database)
  return (delivery: LeasedDelivery, next: NextStep, now: number): boolean => {
    if (delivery.isCancelled && next.state !== 'delivered') {
      const reason = cancelled(delivery.number)
      return settle(delivery, { from: 'attempting', state: 'cancelled', reason }, now)
    }
    if (next.state === 'scheduled') {
      reschedule.run(next.usesRetry ? 1 : 0, delivery.number)
      queue.schedule(delivery, next, now)
      counts.move('attempting', 'scheduled')
      return false
    }
    const [responseValid, leaseMs] =
      next.state === 'delivered' ? [next.responseValid, next.responseLeaseMs] : [undefined, next.failedLeaseMs]
    const handlerDueAt = leaseMs === undefined ? null : now + leaseMs
    const reason = next.state === 'delivered' ? undefined : next.reason
    return settle(delivery, { from: 'attempting', state: next.state, reason, responseValid, handlerDueAt }, now)
  }
}

function prepareStatements(database: Connection) {
  return {
    addAttempt: database.prepare(
      `insert into ringback_attempt (delivery, number, started_at, finished_at, outcome, error, url, status, headers, body,
         body_truncated, address)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    // Only the last response keeps its body, and so does one that delivered before a replay.
    dropBodies: database.prepare(
      `update ringback_attempt set body = x'', body_truncated = 1
       where delivery = ? and number < ? and outcome <> 'accepted' and length(body) > 0`,
    ),
    abandon: database.prepare(
      `insert into ringback_attempt (delivery, number, started_at, finished_at, outcome)
       select number, attempt_count, leased_at, ?, 'abandoned' from ringback_queue
       where number = ? and leased_at is not null`,
    ),
    succeeded: database.prepare('update ringback_destination set last_success_at = ? where number = ?'),
    release: database.prepare('update ringback_queue set attempt_count = attempt_count - 1 where number = ?'),
  }
}

function isSuccess({ destinationSignal, originSignal }: AttemptResult): boolean {
  return destinationSignal?.kind === 'success' && originSignal?.kind === 'success'
}

function attemptValues({ outcome, error, url, response }: AttemptResult): SQLInputValue[] {
  const head = [outcome, error ?? null, url ?? null]
  if (response === undefined) return [...head, null, null, null, null, null]
  const { status, headers, body, bodyTruncated, address } = response
  return [...head, status, headers, body, bodyTruncated ? 1 : 0, address ?? null]
}
