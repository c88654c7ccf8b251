import { originGroup } from '../../../delivery/isolation/origin-group.ts'
import type { DestinationsChange } from '../../../delivery/isolation/stored-destination.ts'
import { text } from '../../rows/row.ts'
import { timeNumber } from '../add/insert-deliveries.ts'
import { TryAgain } from '../connection/reasons.ts'
import type { Transaction } from '../connection/transaction.ts'
import { enterPlaces } from '../places/enter-places.ts'
import { forgetPlaces } from '../places/forget-places.ts'
import { lockPlaces, waitForOthers } from '../places/lock-places.ts'
import { placeArrivals } from '../places/place-arrivals.ts'
import { destinationNumber, originNumber } from '../places/place-number.ts'
import { refreshOrigin, refreshPlaces } from '../places/refresh-places.ts'

/** Pauses and resumes destinations, and sets their rates. */
export async function changeDestinations(transaction: Transaction, request: DestinationsChange): Promise<number> {
  const { change, now } = request
  waitForOthers(transaction)
  const isKept = change.kind === 'pause' || (change.kind === 'rate' && change.ratePerSecond !== undefined)
  const origin = originNumber(request.origin)
  const { query } = transaction
  const wasThere = (await query(lockOrigin, [origin])).length > 0
  await placeArrivals(transaction, now)
  if (isKept && !request.isBeginning) await make(transaction, request)
  if (!wasThere && !(await lockNewOrigin(transaction, origin))) return 0
  const rows = await query(matching, [origin, request.url, request.isBeginning, request.recipient ?? null])
  const destinations = rows.map(({ number }) => text(number))
  await lockPlaces(transaction, destinations)
  await apply(transaction, request, { origin, destinations })
  await refreshPlaces(transaction, destinations, now)
  await refreshOrigin(transaction, origin, now)
  if (!isKept) await forgetPlaces(transaction, destinations)
  return destinations.length
}

/** One that was made only now; false where there is none. */
async function lockNewOrigin({ query }: Transaction, origin: string): Promise<boolean> {
  if ((await query(`${lockOrigin} skip locked`, [origin])).length > 0) return true
  const isThere = await query('select 1 from ringback.origin where number = $1::bigint', [origin])
  if (isThere.length > 0) throw new TryAgain('somebody else is at work on the origin')
  return false
}

const lockOrigin = 'select 1 from ringback.origin where number = $1::bigint for update'

/** Makes a destination where it is new, without a delivery. */
async function make(transaction: Transaction, { origin, url, recipient }: DestinationsChange): Promise<void> {
  const address = { origin, destination: url, recipient }
  const numbers = { destination: destinationNumber(address), origin: originNumber(origin) }
  const [time] = await transaction.query(`select ${timeNumber} << 12 as number`)
  const named = { origin_name: origin, group_name: originGroup(address), url, recipient: recipient ?? '' }
  const made = { ...numbers, ...named, number: time?.['number'] ?? null, is_new_origin: 1, is_new_destination: 1 }
  await enterPlaces(transaction, [made])
}

const matching = `select number from ringback.destination where origin = $1::bigint
  and case when $3::boolean then starts_with(url, $2::text) else url = $2::text end
  and ($4::text is null or recipient = $4::text)`

// A probe that is on its way goes on alone
const closed = `state = 'closed', failures = 0, failing_since = 0, pause_ms = 0,
  paused_until = case when probe is null then 0 else paused_until end`

async function apply(
  { query }: Transaction,
  { change, now }: DestinationsChange,
  { origin, destinations }: { readonly origin: string; readonly destinations: readonly string[] },
): Promise<void> {
  const isMeant = 'where number = any($1::bigint[])'
  if (change.kind === 'rate')
    await query(`update ringback.destination set rate = $2::double precision ${isMeant}`, [
      destinations,
      change.ratePerSecond ?? null,
    ])
  else {
    const [at, reason, by] = change.kind === 'pause' ? [now, change.reason, change.by] : [null, null, null]
    await query(
      `update ringback.destination set held_at = $2::bigint, held_reason = $3::text, held_by = $4::text ${isMeant}`,
      [destinations, at, reason, by],
    )
    if (change.kind === 'pause') return
    await query(`update ringback.destination set ${closed} ${isMeant}`, [destinations])
    await query(`update ringback.origin set ${closed} where number = $1::bigint`, [origin])
  }
}
