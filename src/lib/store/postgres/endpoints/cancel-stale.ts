import type { SettledReason } from '../../../delivery/delivery-state.ts'
import { type Row, text } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'
import { lockPlaces } from '../places/lock-places.ts'
import { placeArrivals } from '../places/place-arrivals.ts'
import { refreshPlaces } from '../places/refresh-places.ts'
import { orderedOf } from '../queue/ordered.ts'
import { settle } from '../queue/settle.ts'
import { endReason } from './end-reason.ts'

/** Settles a piece of what waited for endpoints when they were disabled or deleted; true while there may be more. */
export async function cancelStale(
  transaction: Transaction,
  { limit, now }: { readonly limit: number; readonly now: number },
): Promise<boolean> {
  const { query } = transaction
  const [found] = await query(first)
  if (found === undefined) return false
  const destination = text(found.number)
  await lockPlaces(transaction, [destination])
  await placeArrivals(transaction, now)
  const rows = await query(stale, [destination, limit])
  await settle(transaction, rows.map(cancelled), now)
  if (rows.length === limit) return true
  await query('update ringback.destination set cancelling = 0 where number = $1::bigint', [destination])
  await refreshPlaces(transaction, [destination], now)
  return true
}

const first = 'select number from ringback.destination where cancelling = 1 order by number limit 1'

/** What waits behind another one of its key stands in another index than the rest. */
const waiting = (where: string) => `(select number from ringback.queue
  where destination = $1::bigint and leased_at is null and ${where}
    and epoch < (select epoch from ringback.destination where number = $1::bigint) limit $2::int)`

const stale = `select q.number, q.destination, q.ordering_key, coalesce(${endReason}, 'endpoint-deleted') as reason
  from (select number from (
    ${waiting('behind = 0')} union all ${waiting('ordering_key is not null and behind > 0')}) w limit $2::int) s
  join ringback.queue q on q.number = s.number join ringback.delivery d on d.number = q.number
  left join ringback.endpoint e on e.number = d.endpoint
  order by q.number`

function cancelled(row: Row) {
  const reason = text(row.reason) as SettledReason
  return { ...orderedOf(row), from: 'scheduled' as const, state: 'cancelled' as const, reason }
}
