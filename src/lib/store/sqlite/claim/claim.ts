import type { ClaimRequest, ClaimResult } from '../../../delivery/delivery-store.ts'
import type { ClaimedEndpoint } from '../../../delivery/endpoints/endpoint-store.ts'
import { probesOnly } from '../../../delivery/isolation/breaker.ts'
import { restMs } from '../../../delivery/isolation/start-rate.ts'
import type { ClaimedDelivery } from '../../../delivery/stored-delivery.ts'
import { type ChosenRow, chooseRows, type ReadyOrigin } from '../../claim/choose-rows.ts'
import { breakerOf, laneOf } from '../../rows/place-row.ts'
import { optionalBytes, optionalNumber, type Row, text } from '../../rows/row.ts'
import { type Connection, prepareValues, type Values } from '../connection.ts'
import { createIsPaused } from '../destinations/sending-pause.ts'
import type { StartDelay } from '../place.ts'
import type { Secrets } from '../secrets.ts'
import { abandonedColumn, lastStatusColumn } from './earlier-attempts.ts'
import { createFailPassed, type FailPassedParts } from './fail-passed.ts'
import { createPickOrigins } from './pick-origins.ts'
import { createReadyRows, type DestinationRow } from './ready-rows.ts'

/** What is needed to claim. */
export interface ClaimParts extends FailPassedParts {
  readonly secrets: Secrets
}

/** Where the chosen rows go, by the numbers of destinations and origins. */
interface Addresses {
  readonly origins: ReadonlyMap<number, Row>
  readonly destinations: ReadonlyMap<number, DestinationRow>
}

/**
 * The claim: it chooses origins lane by lane, then their destinations, then their oldest rows. Each step is one
 * statement for all of them, so a claim takes the same number of statements however many there are.
 */
export function createClaim(database: Connection, parts: ClaimParts): (request: ClaimRequest) => ClaimResult {
  const { places, counts } = parts
  const pickOrigins = createPickOrigins(database)
  const failPassed = createFailPassed(database, parts)
  const readyRows = createReadyRows(database)
  const nextDueAt = createNextDue(database)
  const isPaused = createIsPaused(database)
  const lease = createLease(database, parts)
  const renew = createRenew(database)
  return request => {
    const { now } = request
    renew(request)
    const failed = failPassed(now)
    const paused = isPaused()
    const rows = paused ? [] : pickOrigins(request)
    const origins = new Map(rows.map(row => [Number(row.number), row]))
    const ready = rows.map(row => readyOrigin(row, request))
    const { chosen, destinations } = ready.length === 0 ? nothing : readyRows(ready, request)
    const claimed = lease(chosen.rows, { origins, destinations }, request)
    if (ready.length > 0) {
      places.refreshDestinations([...chosen.asked], now)
      places.refreshOrigins([...origins.keys()], now)
    }
    counts.move('scheduled', 'attempting', claimed.length)
    const nextDue = nextDueAt(paused)
    return { claimed, failed, nextDueInMs: nextDue === undefined ? undefined : Math.max(nextDue - now, 0) }
  }
}

const nothing = { chosen: chooseRows([], { slots: 0, bytes: 0, now: 0 }), destinations: new Map() }

function readyOrigin(row: Row, { perOrigin, running }: ClaimRequest): Omit<ReadyOrigin, 'destinations'> {
  const room = Math.max(perOrigin - (running.get(text(row.name)) ?? 0), 0)
  return { number: Number(row.number), takesOne: laneOf(row) !== 'known' || probesOnly(breakerOf(row)), room }
}

/** Extends the leases of running attempts: they last from now. */
function createRenew(database: Connection) {
  const renew = database.prepare(
    `update ringback_queue as q set leased_at = ?1, due_at = ?1 + ?2 + d.timeout_ms
     from json_each(?3) j cross join ringback_delivery d on d.id = j.value ->> 'id'
     where q.number = d.number and q.token = j.value ->> 'token' and q.leased_at is not null`,
  )
  return ({ alive = [], now, leaseMarginMs }: ClaimRequest) => {
    if (alive.length > 0) renew.run(now, leaseMarginMs, JSON.stringify(alive))
  }
}

/** Leases what was chosen, and begins its attempts. */
function createLease(database: Connection, { places, secrets }: ClaimParts) {
  const lease = database.prepare(
    `update ringback_queue set token = token + 1, attempt_count = attempt_count + 1, leased_at = ?1,
       due_at = ?1 + ?2 + (select timeout_ms from ringback_delivery d where d.number = ringback_queue.number)
     where number in (select value from json_each(?3))`,
  )
  const jobs = prepareValues(
    database,
    `select d.id, d.operation, d.callback, d.method, d.url, d.destination_hash, d.timeout_ms, d.created_at, q.token,
       q.attempt_count, q.retries_used, q.due_at, m.content, q.expires_at, ${lastStatusColumn}, ${abandonedColumn},
       e.id, e.owner, e.url, e.sealed, d.created_at > w.created_at
     from json_each(?) j cross join ringback_queue q on q.number = j.value
     cross join ringback_delivery d on d.number = q.number left join ringback_message m on m.number = d.message
     left join ringback_endpoint e on e.number = d.endpoint
     left join ringback_webhook_message w on w.number = d.webhook_message order by j.key`,
  )
  return (chosen: readonly ChosenRow[], addresses: Addresses, request: ClaimRequest): ClaimedDelivery[] => {
    if (chosen.length === 0) return []
    const { now, leaseMarginMs } = request
    const numbers = JSON.stringify(chosen.map(({ row }) => row.number))
    lease.run(now, leaseMarginMs, numbers)
    const rows = jobs.all(numbers)
    const secretsOf = new Set(chosen.map(({ destination }) => addresses.destinations.get(destination.number)!.signer))
    const versions = secrets.versionsOf([...secretsOf], now)
    places.delayStarts(delaysOf(chosen, addresses, now))
    places.probeDestinations(probesOf(chosen, rows, 'destination'), now)
    places.probeOrigins(probesOf(chosen, rows, 'origin'), now)
    return chosen.map(({ origin, destination }, index) => {
      const [at, from] = [addresses.destinations.get(destination.number)!, addresses.origins.get(origin.number)!]
      return claimedDelivery(rows[index]!, { at, from, secretVersions: versions.get(at.signer) ?? firstVersion })
    })
  }
}

const firstVersion: readonly number[] = [1]

/** For destinations with a rate: until when no further attempts may start after these. */
function delaysOf(chosen: readonly ChosenRow[], { destinations }: Addresses, now: number): StartDelay[] {
  const starts = new Map<DestinationRow & { readonly ratePerSecond: number }, number>()
  for (const { destination } of chosen) {
    const at = destinations.get(destination.number)
    if (at !== undefined && hasRate(at)) starts.set(at, (starts.get(at) ?? 0) + 1)
  }
  return [...starts].map(([{ number, ratePerSecond }, count]) => [number, now + restMs(ratePerSecond, count)])
}

function hasRate(at: DestinationRow): at is DestinationRow & { readonly ratePerSecond: number } {
  return at.ratePerSecond !== undefined
}

/** An attempt is a probe if its destination or origin takes only one at a time. */
function probesOf(chosen: readonly ChosenRow[], rows: readonly Values[], place: 'destination' | 'origin') {
  return chosen.flatMap((of, index) =>
    of[place].takesOne ? [[of[place].number, text(rows[index]![0]), Number(rows[index]![11])] as const] : [],
  )
}

/** Where a row goes, and the secret versions that sign it. */
interface Address {
  readonly at: DestinationRow
  readonly from: Row
  readonly secretVersions: readonly number[]
}

function claimedDelivery(values: Values, { at, from, secretVersions }: Address): ClaimedDelivery {
  const [id, operation, callback, method, url, destinationHash, timeoutMs, createdAt, ...lease] = values
  const [token, attemptNumber, retriesUsed, , content, expiresAt, lastStatus, abandoned, ...endpoint] = lease
  return {
    id: text(id),
    token: Number(token),
    lane: laneOf(from),
    operation: text(operation),
    callback: text(callback),
    method: text(method),
    url: endpoint[0] === null ? text(url) : text(endpoint[2]),
    destination: at.url,
    origin: text(from.name),
    recipient: at.recipient,
    destinationHash: text(destinationHash),
    secretVersions,
    content: optionalBytes(content) ?? new Uint8Array(),
    timeoutMs: Number(timeoutMs),
    createdAt: Number(createdAt),
    expiresAt: optionalNumber(expiresAt),
    attemptNumber: Number(attemptNumber),
    retriesUsed: Number(retriesUsed),
    lastStatus: optionalNumber(lastStatus),
    abandonedInARow: Number(abandoned),
    ...(endpoint[0] !== null && { endpoint: claimedEndpoint(endpoint) }),
  }
}

function claimedEndpoint([id, owner, , sealed, later]: Values): ClaimedEndpoint {
  return { id: text(id), owner: text(owner), sealed: optionalBytes(sealed) ?? new Uint8Array(), madeLater: later === 1 }
}

/** When there may be something to claim, take back or fail again; undefined if nothing waits. */
function createNextDue(database: Connection): (paused: boolean) => number | undefined {
  const passes = `select min(due_at) as at from ringback_queue where leased_at is not null
       union all select min(expires_at) from ringback_queue where expires_at is not null and leased_at is null`
  const nextPassed = database.prepare(`select min(at) as at from (${passes})`)
  const next = database.prepare(
    `select min(at) as at from (
       select min(ready_at) as at from ringback_origin where lane = 'known' and ready_at is not null and turn is null
       union all select min(ready_at) from ringback_origin where lane = 'silent' and ready_at is not null and turn is null
       union all select min(ready_at) from ringback_origin where lane = 'new' and ready_at is not null and turn is null
       union all select iif(exists (select 1 from ringback_origin where turn is not null), 0, null)
       union all ${passes}
     )`,
  )
  return paused => {
    const at = (paused ? nextPassed : next).get()?.at
    return typeof at === 'number' ? at : undefined
  }
}
