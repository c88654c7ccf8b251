import { restMs } from '../../../delivery/isolation/start-rate.ts'
import type { Row } from '../../rows/row.ts'
import { text } from '../../rows/row.ts'
import { timeNumber } from '../add/insert-deliveries.ts'
import { TryAgain } from '../connection/reasons.ts'
import type { Transaction } from '../connection/transaction.ts'
import { enterPlaces } from '../places/enter-places.ts'
import { forgetOrigins } from '../places/forget-places.ts'
import { waitForOthers } from '../places/lock-places.ts'
import { destinationNumber, endpointDestination, originNumber } from '../places/place-number.ts'
import { refreshOrigin, refreshPlaces } from '../places/refresh-places.ts'
import { endpointGroup } from './insert-endpoint-deliveries.ts'

/** An endpoint as its destination knows it. */
export interface AddressedEndpoint {
  readonly id: string
  readonly owner: string
  readonly url: string
  readonly origin: string
  readonly ratePerSecond: number | undefined
}

/**
 * Makes the destination that an endpoint has for itself, and gives its number. It has the endpoint's id as its recipient, so
 * that two endpoints with the same URL share nothing, and it stays when the URL and so the origin changes.
 */
export async function makePlace(transaction: Transaction, endpoint: AddressedEndpoint): Promise<string> {
  const number = endpointDestination(endpoint.id)
  await enter(transaction, endpoint, { destination: number, is_new_destination: 1 })
  await lockOrigins(transaction, [originNumber(endpoint.origin)])
  if (endpoint.ratePerSecond !== undefined) await transaction.query(setOnlyRate, [number, endpoint.ratePerSecond])
  return number
}

/** Makes the origin where it is new, and the destination where that is asked. */
async function enter(
  transaction: Transaction,
  { id, owner, url, origin }: AddressedEndpoint,
  destination: Row,
): Promise<void> {
  const [time] = await transaction.query(`select ${timeNumber} << 12 as number`)
  const named = { origin_name: origin, group_name: endpointGroup({ owner, origin }), url, recipient: id }
  const made = { origin: originNumber(origin), number: time?.['number'] ?? null, is_new_origin: 1 }
  await enterPlaces(transaction, [{ ...named, ...made, ...destination }])
}

/** Origins in the order of their numbers. Another process may just have removed one that had nothing any more. */
async function lockOrigins({ query }: Transaction, origins: readonly string[]): Promise<void> {
  const locked = await query(lockAll, [origins])
  if (locked.length < new Set(origins).size) throw new TryAgain('an origin has gone')
}

const lockAll = 'select number from ringback.origin where number = any($1::bigint[]) order by number for update'

const setOnlyRate = 'update ringback.destination set rate = $2::double precision where number = $1::bigint'

/** Locks the destination of an endpoint, its origin, and the one to which it is to move; gives the number of its origin. */
export async function lockPlace(
  transaction: Transaction,
  destination: string,
  moved: AddressedEndpoint | undefined,
): Promise<string> {
  waitForOthers(transaction)
  if (moved !== undefined) await enter(transaction, moved, {})
  const [before] = await transaction.query(originOf, [destination])
  const origin = text(before?.['origin'])
  await lockOrigins(transaction, [origin, ...(moved === undefined ? [] : [originNumber(moved.origin)])])
  const [place] = await transaction.query(`${originOf} for update`, [destination])
  if (place?.['origin'] !== origin) throw new TryAgain('a destination has moved')
  return origin
}

const originOf = 'select origin from ringback.destination where number = $1::bigint'

const closed = `state = 'closed', failures = 0, failing_since = 0, pause_ms = 0, trouble_since = null`

/** The endpoint has another URL, about which nothing is known yet. */
export async function movePlace(
  transaction: Transaction,
  destination: string,
  { url, origin }: AddressedEndpoint,
  { from, now }: { readonly from: string; readonly now: number },
): Promise<void> {
  const { query } = transaction
  const to = originNumber(origin)
  const ofAll = destinationNumber({ origin, destination: url, recipient: undefined })
  await query(move, [destination, to, url, ofAll, now])
  await refreshPlaces(transaction, [destination], now)
  if (from === to) return
  await refreshOrigin(transaction, from, now)
  await query(forgetOrigins, [[from]])
}

const move = `update ringback.destination set origin = $2::bigint, url = $3::text, of_all = $4::bigint, ${closed},
  paused_until = 0, paused_at = $5::bigint, probe = null, last_success_at = null where number = $1::bigint`

/** Forgets failures. A probe that is on its way goes on alone. */
export async function closePlace(transaction: Transaction, destination: string, now: number): Promise<void> {
  await transaction.query(close, [destination])
  await refreshPlaces(transaction, [destination], now)
}

const close = `update ringback.destination set ${closed}, paused_until = case when probe is null then 0 else paused_until end
  where number = $1::bigint`

/** What a slower rate has put off may start as soon as the new one allows. */
export async function setRate(
  transaction: Transaction,
  destination: string,
  ratePerSecond: number | undefined,
  now: number,
): Promise<void> {
  const nextStart = now + (ratePerSecond === undefined ? 0 : restMs(ratePerSecond, 1))
  await transaction.query(rate, [destination, ratePerSecond ?? null, nextStart])
  await refreshPlaces(transaction, [destination], now)
}

const rate = `update ringback.destination set rate = $2::double precision, next_start_at = least(next_start_at, $3::bigint)
  where number = $1::bigint`

/** What waits now at destinations, which are locked, is cancelled, and nothing is claimed until all of it is settled. */
export async function cancelWaiting(
  transaction: Transaction,
  destinations: readonly string[],
  now: number,
): Promise<void> {
  if (destinations.length === 0) return
  await transaction.query(cancel, [destinations])
  await refreshPlaces(transaction, destinations, now)
}

const cancel = 'update ringback.destination set epoch = epoch + 1, cancelling = 1 where number = any($1::bigint[])'

/** The endpoint is deleted: nothing that somebody set holds for what is left of it. */
export async function leavePlace({ query }: Transaction, destination: string): Promise<void> {
  await query(leave, [destination])
}

const leave = `update ringback.destination set rate = null, held_at = null, held_reason = null, held_by = null
  where number = $1::bigint`
