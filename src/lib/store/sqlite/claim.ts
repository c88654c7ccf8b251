import type { ClaimRequest, ClaimResult } from '../../delivery/delivery-store.ts'
import { probesOnly, withProbe } from '../../delivery/isolation/breaker.ts'
import type { ClaimedDelivery, StoredDelivery } from '../../delivery/stored-delivery.ts'
import { hashOf } from '../../signature/destination-hash.ts'
import { type Connection, prepareValues, type Values } from './connection.ts'
import { createPickOrigins } from './pick-origins.ts'
import { breakerOf, laneOf, type Places } from './place.ts'
import { deathsToFail } from './poison.ts'
import type { Schedule } from './schedule.ts'
import type { Secrets } from './secrets.ts'
import type { Settling } from './settle.ts'
import { shareSlots } from './share-slots.ts'
import {
  optionalBytes,
  optionalText,
  type Row,
  recipientOf,
  storedDelivery,
  storedDeliveryColumns,
  text,
} from './values.ts'

const expiredAtOnce = 1_000

/** The claim: origins lane by lane, their destinations, their oldest rows. */
export function createClaim(
  database: Connection,
  places: Places,
  schedule: Schedule,
  settling: Settling,
  secrets: Pick<Secrets, 'secretVersions'>,
) {
  const statements = prepareStatements(database)
  const pickOrigins = createPickOrigins(database)
  const takeBackExpired = createTakeBack(database, schedule, settling)

  const lease = (row: Values, address: Address, { now, leaseMarginMs }: ClaimRequest) => {
    const claimed = claimedDelivery(row, address)
    const leaseUntil = now + claimed.timeoutMs + leaseMarginMs
    const number = Number(row[0])
    statements.lease.run(claimed.token, now, leaseUntil, claimed.attemptNumber, number)
    return { claimed, leaseUntil }
  }

  const claimFromDestination = (destination: Row, origin: Row, slots: number, request: OpenClaim) => {
    const rows = request.room.bytes > 0 ? statements.dueRows.all(Number(destination.number), request.now, slots) : []
    const recipient = recipientOf(destination) ?? text(destination.url)
    const secretVersions = rows.length === 0 ? [] : secrets.secretVersions({ recipient, now: request.now })
    const address = { destination, origin, secretVersions }
    const leases = rows.flatMap(row => (takesBody(request.room, row[bodyColumn]) ? lease(row, address, request) : []))
    const [first] = leases
    if (first !== undefined && isProbed(destination))
      places.saveDestination(
        Number(destination.number),
        withProbe(breakerOf(destination), first.claimed.id, first.leaseUntil),
      )
    if (first !== undefined && takesOne(origin))
      places.saveOrigin(
        Number(origin.number),
        withProbe(breakerOf(origin), first.claimed.id, first.leaseUntil),
        laneOf(origin),
      )
    return leases.map(({ claimed }) => claimed)
  }

  const claimFromOrigin = (origin: Row, slots: number, request: OpenClaim): ClaimedDelivery[] => {
    const destinations = statements.readyDestinations.all(Number(origin.number), request.now, slots)
    const claimed = shareSlots(slots, destinations, isProbed, (destination, share) =>
      claimFromDestination(destination, origin, share, request),
    )
    for (const { number } of destinations) places.refreshDestination(Number(number), request.now)
    places.refreshOrigin(Number(origin.number), request.now)
    return claimed
  }

  return (request: ClaimRequest): ClaimResult => {
    const { now, limit, perOrigin } = request
    const poisoned = takeBackExpired(now)
    const open = { ...request, room: { bytes: request.limitBytes } }
    const running = new Map(request.running)
    const claimed = shareSlots(limit, pickOrigins(request), takesOne, (origin, share) => {
      const name = text(origin.name)
      const taken = running.get(name) ?? 0
      const rows = claimFromOrigin(origin, Math.min(share, perOrigin - taken), open)
      running.set(name, taken + rows.length)
      return rows
    })
    const next = statements.nextDue.get()?.at
    return { claimed, poisoned, nextDueInMs: typeof next === 'number' ? Math.max(next - now, 0) : undefined }
  }
}

/** Where rows are claimed for: what they have in common. */
interface Address {
  readonly destination: Row
  readonly origin: Row
  readonly secretVersions: readonly number[]
}

/** A claim, and the bytes of bodies for which it still has room. */
interface OpenClaim extends ClaimRequest {
  readonly room: { bytes: number }
}

/** Whether there is room for one more row; its body may be larger than what is left. */
function takesBody(room: OpenClaim['room'], body: unknown): boolean {
  if (room.bytes <= 0) return false
  if (body instanceof Uint8Array) room.bytes -= body.length
  return true
}

function isProbed(place: Row): boolean {
  return probesOnly(breakerOf(place))
}

function takesOne(origin: Row): boolean {
  return laneOf(origin) !== 'known' || isProbed(origin)
}

/** The place of the body among the columns of a due row. */
const bodyColumn = 12

function prepareStatements(database: Connection) {
  return {
    readyDestinations: database.prepare(
      'select * from ringback_destination where origin = ? and ready_at <= ? order by ready_at, number limit ?',
    ),
    dueRows: prepareValues(
      database,
      `select d.number, d.id, d.operation, d.callback, d.method, d.url, d.token, d.attempt_count, d.retries_used,
         d.created_at, d.destination_hash, j.headers, j.body, j.responses, j.retry_delays_seconds, j.timeout_ms,
         j.retry_on_invalid_response, j.has_on_response, j.trace_parent
       from ringback_delivery d join ringback_job j on j.delivery = d.number
       where d.destination = ? and d.state = 'scheduled' and d.behind = 0 and d.due_at <= ?
       order by d.due_at, d.number limit ?`,
    ),
    lease: database.prepare(
      `update ringback_delivery set state = 'attempting', token = ?, leased_at = ?, lease_until = ?, attempt_count = ?
       where number = ?`,
    ),
    nextDue: database.prepare(
      `select min(at) as at from (
         select min(ready_at) as at from ringback_origin where lane = 'known' and ready_at is not null and turn is null
         union all select min(ready_at) from ringback_origin where lane = 'silent' and ready_at is not null and turn is null
         union all select min(ready_at) from ringback_origin where lane = 'new' and ready_at is not null and turn is null
         union all select iif(exists (select 1 from ringback_origin where turn is not null), 0, null)
         union all select min(lease_until) from ringback_delivery where state = 'attempting'
       )`,
    ),
  }
}

function claimedDelivery(values: Values, { destination, origin, secretVersions }: Address): ClaimedDelivery {
  const [, id, operation, callback, method, url, token, attemptCount, retriesUsed, createdAt, ...job] = values
  const [destinationHash, headers, body, responses, retryDelaysSeconds, timeoutMs, ...more] = job
  const [retryOnInvalidResponse, hasOnResponse, traceParent] = more
  return {
    id: text(id),
    token: Number(token) + 1,
    lane: laneOf(origin),
    operation: text(operation),
    callback: text(callback),
    method: text(method),
    url: text(url),
    destination: text(destination.url),
    origin: text(origin.name),
    recipient: recipientOf(destination),
    destinationHash: optionalText(destinationHash) ?? hashOf(text(destination.url)),
    secretVersions,
    headers: optionalBytes(headers),
    body: optionalBytes(body),
    responses: optionalText(responses),
    retryDelaysSeconds: JSON.parse(text(retryDelaysSeconds)),
    timeoutMs: Number(timeoutMs),
    retryOnInvalidResponse: retryOnInvalidResponse === 1,
    hasOnResponse: hasOnResponse === 1,
    traceParent: optionalText(traceParent),
    createdAt: Number(createdAt),
    attemptNumber: Number(attemptCount) + 1,
    retriesUsed: Number(retriesUsed),
  }
}

/** Takes back what workers that died left behind. */
function createTakeBack(database: Connection, schedule: Schedule, settling: Settling) {
  const expired = database.prepare(
    `select ${storedDeliveryColumns}, d.destination as destination_number, d.ordering_key, d.deaths
     from ringback_delivery d join ringback_destination p on p.number = d.destination
     where d.state = 'attempting' and d.lease_until <= ? limit ${expiredAtOnce}`,
  )
  const addDeath = database.prepare('update ringback_delivery set deaths = ?, token = token + 1 where number = ?')
  return (now: number): StoredDelivery[] =>
    expired.all(now).flatMap(row => {
      const number = Number(row.number)
      const ordered = {
        number,
        destination: Number(row.destination_number),
        orderingKey: optionalText(row.ordering_key),
      }
      const deaths = Number(row.deaths) + 1
      settling.abandonAttempt(number, now)
      addDeath.run(deaths, number)
      if (deaths < deathsToFail) {
        schedule.schedule(ordered, now, now)
        return []
      }
      settling.finish(ordered, 'failed', now)
      return [{ ...storedDelivery(row), state: 'failed', settledAt: now }]
    })
}
