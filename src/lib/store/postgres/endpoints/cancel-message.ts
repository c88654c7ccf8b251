import type { SettledReason } from '../../../delivery/delivery-state.ts'
import { isSettled } from '../../../delivery/delivery-state.ts'
import type { CancelMessageRequest, OfOwnerRequest } from '../../../delivery/endpoints/endpoint-store.ts'
import { optionalText, text } from '../../rows/row.ts'
import { abandon } from '../attempts/abandon.ts'
import { lockRowsByNumber } from '../change/locked-rows.ts'
import { stateOf, waits } from '../change/remove.ts'
import type { Transaction } from '../connection/transaction.ts'
import { placeArrivals } from '../places/place-arrivals.ts'
import { refreshPlaces } from '../places/refresh-places.ts'
import { orderedOf } from '../queue/ordered.ts'
import { settle } from '../queue/settle.ts'

/** Ends the fan-out of a message, after the piece that is being made, and cancels a piece of what waits. */
export async function cancelMessage(
  transaction: Transaction,
  { id, owner, limit, now }: OfOwnerRequest & CancelMessageRequest,
): Promise<number | undefined> {
  const { query } = transaction
  const [message] = await query(one, [id, owner])
  if (message === undefined) return undefined
  await query('delete from ringback.fanout where webhook_message = $1::bigint', [message.number])
  const found = await query(waiting, [message.number, limit])
  const rows = await lockRowsByNumber(
    transaction,
    found.map(({ number }) => number),
  )
  await placeArrivals(transaction, now)
  const ends = rows.flatMap(row => {
    const reason = optionalText(row.cancel_reason) as SettledReason | undefined
    return isSettled(stateOf(row))
      ? []
      : [{ ...orderedOf(row), from: stateOf(row), state: 'cancelled' as const, reason }]
  })
  await abandon(
    transaction,
    ends.map(({ number }) => number),
    now,
  )
  await settle(transaction, ends, now)
  const waited = rows.filter(waits).map(({ destination }) => text(destination))
  await refreshPlaces(transaction, [...new Set(waited)], now)
  return found.length
}

/** What was sent to everyone is not one owner's to end. */
const one = `select number from ringback.webhook_message
  where id = $1::text and ($2::text = '' or owner = $2::text)`

const waiting = `select d.number from ringback.delivery d join ringback.queue q on q.number = d.number
  where d.webhook_message = $1::bigint order by d.number limit $2::int`
