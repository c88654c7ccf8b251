import type { ClaimRequest } from '../../../delivery/delivery-store.ts'
import { restMs } from '../../../delivery/isolation/start-rate.ts'
import type { ClaimedDelivery } from '../../../delivery/stored-delivery.ts'
import type { ChosenRow, ChosenRows } from '../../claim/choose-rows.ts'
import { laneOf } from '../../rows/place-row.ts'
import { optionalBytes, optionalNumber, type Row, text } from '../../rows/row.ts'
import type { Asked } from '../connection/statement.ts'
import type { Transaction } from '../connection/transaction.ts'
import { versionsOf } from '../secrets.ts'
import { abandonedColumn, lastStatusColumn } from './earlier-attempts.ts'
import type { DestinationRow, FoundRows } from './ready-rows.ts'
import { type PlaceChange, placesTold, type ToldPlaces } from './tell-claimed-places.ts'

/** What was leased. */
export interface Leased {
  readonly claimed: readonly ClaimedDelivery[]
  /** What the claim asked at its end; undefined where it took all it could, and more is due at one of its origins. */
  readonly last: readonly Row[] | undefined
}

/** A claim, and what is asked at its end. */
export interface LeaseRequest extends ClaimRequest {
  readonly asking: Asked
}

/**
 * Leases what was chosen, begins its attempts, tells its places, and asks what the claim asks at its end. Where nothing of what
 * was leased changes what places are told, all goes in one exchange.
 */
export async function lease(
  transaction: Transaction,
  found: FoundRows,
  origins: readonly Row[],
  request: LeaseRequest,
): Promise<Leased> {
  const { chosen, destinations, keys, left } = found
  const { now, leaseMarginMs, asking } = request
  const asked = [...chosen.asked].map(number => ({ key: destinations[number]!.key, hasMore: left.has(number) }))
  const changes = (taken: readonly TakenRow[]) => toldPlaces({ asked, destinations, origins, taken }, now)
  const numbers = chosen.rows.map(({ row }) => keys[row.number]!)
  const leasing = numbers.length === 0 ? [] : [{ text: leaseRows, values: [now, leaseMarginMs, numbers] }]
  const isPlain = !chosen.rows.some(row => changesPlaces(row, destinations))
  const plain = changes([])
  const isKnown = isPlain && numbers.length === request.limit && plain.origins.some(({ hasMore }) => hasMore)
  const ending = (places: ToldPlaces) => [...placesTold(places, now), ...(isKnown ? [] : [asking])]
  const first = await transaction.queryAll([...leasing, ...(isPlain ? ending(plain) : [])])
  const taken = leasing.length === 0 ? [] : takenRows(chosen, first[0] ?? [])
  noteLeases(transaction, taken, destinations)
  const all = isPlain ? first : await transaction.queryAll(ending(changes(taken)))
  const signers = new Set(taken.map(({ destination }) => destinations[destination.number]!.signer))
  const versions = transaction.engine.hasSecrets ? await versionsOf(transaction, [...signers], now) : undefined
  const claimed = taken.map(each => {
    const at = destinations[each.destination.number]!
    const secretVersions = versions?.get(at.signer) ?? firstVersion
    return claimedDelivery(each.leased, { at, from: origins[each.origin.number]!, secretVersions })
  })
  return { claimed, last: isKnown ? undefined : all.at(-1) }
}

/** Whoever takes one attempt at a time is told which, and who takes so many in a second when the next ones may begin. */
function changesPlaces({ destination, origin }: ChosenRow, destinations: readonly DestinationRow[]): boolean {
  return origin.takesOne || destination.takesOne || destinations[destination.number]!.ratePerSecond !== undefined
}

/** What was chosen and could be leased. */
function takenRows(chosen: ChosenRows, rows: readonly Row[]): TakenRow[] {
  const byOrder = new Map(rows.map(row => [Number(row.ord) - 1, row]))
  return chosen.rows.flatMap((each, index) => {
    const leased = byOrder.get(index)
    return leased === undefined ? [] : [{ ...each, leased }]
  })
}

function noteLeases({ memory }: Transaction, taken: readonly TakenRow[], destinations: readonly DestinationRow[]) {
  for (const { leased, destination, origin } of taken) {
    const { key, origin: originKey } = destinations[destination.number]!
    const isPlain = leased.ordering_key === null && !origin.takesOne && !destination.takesOne
    memory.leases.note(text(leased.id), { number: text(leased.number), destination: key, origin: originKey, isPlain })
  }
}

interface TakenRows {
  readonly asked: readonly PlaceChange[]
  readonly destinations: readonly DestinationRow[]
  readonly origins: readonly Row[]
  readonly taken: readonly TakenRow[]
}

function toldPlaces({ asked, destinations, origins, taken }: TakenRows, now: number): ToldPlaces {
  const changed = changesOf(asked, taken, now, ({ destination: { number, takesOne } }) => {
    const { key, ratePerSecond } = destinations[number]!
    return { key, takesOne, ratePerSecond }
  })
  const originOf = new Map(destinations.map(({ key, origin }) => [key, origin]))
  const ready = new Set(changed.filter(isReady).map(({ key }) => originOf.get(key)!))
  const changedOrigins = changesOf(pickedOf(origins, ready), taken, now, ({ origin: { number, takesOne } }) => ({
    ...{ key: text(origins[number]!.number), takesOne, ratePerSecond: undefined },
  }))
  return { destinations: changed, origins: changedOrigins }
}

const firstVersion: readonly number[] = [1]

/** Whether more may be claimed there at once. */
function isReady({ hasMore = false, probe, nextStartAt }: PlaceChange): boolean {
  return hasMore && probe === undefined && nextStartAt === undefined
}

/** The origins of a claim; of those of `ready` at least one destination is ready. */
function pickedOf(origins: readonly Row[], ready: ReadonlySet<string>): PlaceChange[] {
  return origins.map(({ number }) => ({ key: text(number), hasMore: ready.has(text(number)) }))
}

type TakenRow = ChosenRow & { readonly leased: Row }

interface PlaceOf {
  readonly key: string
  readonly takesOne: boolean
  readonly ratePerSecond: number | undefined
}

/** Whoever takes one attempt at a time is probed by it; where only so many may start in a second, the next ones wait. */
function changesOf(
  places: readonly PlaceChange[],
  taken: readonly TakenRow[],
  now: number,
  placeOf: (row: TakenRow) => PlaceOf,
): PlaceChange[] {
  const rows = Map.groupBy(taken, row => placeOf(row).key)
  return places.map(place => {
    const of = rows.get(place.key)
    const last = of?.at(-1)
    if (of === undefined || last === undefined) return place
    const { takesOne, ratePerSecond } = placeOf(last)
    return {
      ...place,
      ...(takesOne && { probe: text(last.leased.id), probeUntil: Number(last.leased.due_at) }),
      ...(ratePerSecond !== undefined && { nextStartAt: now + restMs(ratePerSecond, of.length) }),
    }
  })
}

/** Where a row goes, and what it is signed with. */
interface Address {
  readonly at: DestinationRow
  readonly from: Row
  readonly secretVersions: readonly number[]
}

function claimedDelivery(row: Row, { at, from, secretVersions }: Address): ClaimedDelivery {
  return {
    id: text(row.id),
    token: Number(row.token),
    lane: laneOf(from),
    operation: text(row.operation),
    callback: text(row.callback),
    method: text(row.method),
    url: text(row.endpoint_url ?? row.url),
    destination: at.url,
    origin: text(from.name),
    recipient: at.recipient,
    destinationHash: text(row.destination_hash),
    secretVersions,
    content: optionalBytes(row.content) ?? new Uint8Array(),
    timeoutMs: Number(row.timeout_ms),
    createdAt: Number(row.created_at),
    expiresAt: optionalNumber(row.expires_at),
    attemptNumber: Number(row.attempt_count),
    retriesUsed: Number(row.retries_used),
    lastStatus: optionalNumber(row.last_status),
    abandonedInARow: Number(row.abandoned),
    ...claimedEndpoint(row),
  }
}

/** Of a webhook: where it goes, as the endpoint is now. */
function claimedEndpoint({
  endpoint_id: id,
  owner,
  sealed,
  made_later: later,
}: Row): Pick<ClaimedDelivery, 'endpoint'> {
  if (typeof id !== 'string') return {}
  return {
    endpoint: { id, owner: text(owner), sealed: optionalBytes(sealed) ?? new Uint8Array(), madeLater: Boolean(later) },
  }
}

/** Somebody may have changed it since it was read. Written so that rows are found by their numbers, and not among all that wait. */
const isDue = 'q.leased_at is null and q.behind + 0 = 0 and q.due_at + 0 <= $1::bigint'

const leaseRows = `with l as (
    update ringback.queue q set token = q.token + 1, attempt_count = q.attempt_count + 1, leased_at = $1::bigint,
      due_at = $1::bigint + $2::bigint + d.timeout_ms
    from unnest($3::bigint[]) with ordinality as j(number, ord) join ringback.delivery d on d.number = j.number
    where q.number = j.number and ${isDue}
      and (d.endpoint is null or q.epoch >= (select epoch from ringback.destination where number = q.destination))
    returning j.ord, q.number, d.id, d.operation, d.callback, d.method, d.url, d.destination_hash, d.timeout_ms,
      d.created_at, d.message, d.endpoint, d.webhook_message, q.ordering_key, q.token, q.attempt_count, q.retries_used, q.due_at, q.expires_at
  )
  select l.*, m.content, e.id as endpoint_id, e.owner, e.url as endpoint_url, e.sealed,
    l.created_at > w.created_at as made_later, ${lastStatusColumn} as last_status, ${abandonedColumn} as abandoned
  from l left join ringback.message m on m.number = l.message left join ringback.endpoint e on e.number = l.endpoint
  left join ringback.webhook_message w on w.number = l.webhook_message`
