import type { ClaimRequest } from '../../../delivery/delivery-store.ts'
import { restMs } from '../../../delivery/isolation/start-rate.ts'
import type { ClaimedDelivery } from '../../../delivery/stored-delivery.ts'
import type { ChosenRow } from '../../claim/choose-rows.ts'
import { laneOf } from '../../rows/place-row.ts'
import { optionalBytes, optionalNumber, type Row, text } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'
import { versionsOf } from '../secrets.ts'
import { abandonedColumn, lastStatusColumn } from './earlier-attempts.ts'
import type { DestinationRow, FoundRows } from './ready-rows.ts'

/** What was leased, and what its places are to be told. */
export interface Leased {
  readonly claimed: readonly ClaimedDelivery[]
  readonly destinations: readonly PlaceChange[]
  readonly origins: readonly PlaceChange[]
}

/** Who probes a place until when, and when the next attempt may start there. */
export interface PlaceChange {
  readonly key: string
  readonly probe?: string | undefined
  readonly probeUntil?: number | undefined
  readonly nextStartAt?: number | undefined
  /** Whether something that is due was left there. */
  readonly hasMore?: boolean
}

/** Leases what was chosen, and begins its attempts. */
export async function lease(
  transaction: Transaction,
  { chosen, destinations, keys, left }: FoundRows,
  origins: readonly Row[],
  request: ClaimRequest,
): Promise<Leased> {
  const { now, leaseMarginMs } = request
  const asked = [...chosen.asked].map(number => ({ key: destinations[number]!.key, hasMore: left.has(number) }))
  if (chosen.rows.length === 0) return { claimed: [], destinations: asked, origins: pickedOf(origins, new Set()) }
  const numbers = chosen.rows.map(({ row }) => keys[row.number]!)
  const rows = await transaction.query(leaseRows, [now, leaseMarginMs, numbers])
  const byOrder = new Map(rows.map(row => [Number(row.ord) - 1, row]))
  const signers = new Set(chosen.rows.map(({ destination }) => destinations[destination.number]!.signer))
  const versions = transaction.engine.hasSecrets ? await versionsOf(transaction, [...signers], now) : undefined
  const taken = chosen.rows.flatMap((each, index) => {
    const row = byOrder.get(index)
    return row === undefined ? [] : [{ ...each, leased: row }]
  })
  for (const {
    leased,
    destination: { number },
  } of taken)
    transaction.memory.leases.note(text(leased.id), {
      number: text(leased.number),
      destination: destinations[number]!.key,
    })
  return {
    claimed: taken.map(each => {
      const at = destinations[each.destination.number]!
      const secretVersions = versions?.get(at.signer) ?? firstVersion
      return claimedDelivery(each.leased, { at, from: origins[each.origin.number]!, secretVersions })
    }),
    ...toldPlaces({ asked, destinations, origins, taken }, now),
  }
}

interface TakenRows {
  readonly asked: readonly PlaceChange[]
  readonly destinations: readonly DestinationRow[]
  readonly origins: readonly Row[]
  readonly taken: readonly TakenRow[]
}

function toldPlaces({ asked, destinations, origins, taken }: TakenRows, now: number) {
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
function claimedEndpoint({ endpoint_id: id, owner, sealed }: Row): Pick<ClaimedDelivery, 'endpoint'> {
  if (typeof id !== 'string') return {}
  return { endpoint: { id, owner: text(owner), sealed: optionalBytes(sealed) ?? new Uint8Array() } }
}

const leaseRows = `with l as (
    update ringback.queue q set token = q.token + 1, attempt_count = q.attempt_count + 1, leased_at = $1::bigint,
      due_at = $1::bigint + $2::bigint + d.timeout_ms
    from unnest($3::bigint[]) with ordinality as j(number, ord) join ringback.delivery d on d.number = j.number
    where q.number = j.number and q.leased_at is null
      and (d.endpoint is null or q.epoch >= (select epoch from ringback.destination where number = q.destination))
    returning j.ord, q.number, d.id, d.operation, d.callback, d.method, d.url, d.destination_hash, d.timeout_ms,
      d.created_at, d.message, d.endpoint, q.token, q.attempt_count, q.retries_used, q.due_at, q.expires_at
  )
  select l.*, m.content, e.id as endpoint_id, e.owner, e.url as endpoint_url, e.sealed, ${lastStatusColumn} as last_status, ${abandonedColumn} as abandoned
  from l left join ringback.message m on m.number = l.message left join ringback.endpoint e on e.number = l.endpoint`
