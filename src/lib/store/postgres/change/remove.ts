import type { DeliveryState } from '../../../delivery/delivery-state.ts'
import { type Row, text } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'
import { removeEmptyMessages } from '../endpoints/remove-messages.ts'
import { restTrouble } from '../handlers/trouble.ts'
import { forgetPlaces } from '../places/forget-places.ts'
import { refreshPlaces } from '../places/refresh-places.ts'
import { orderedOf } from '../queue/ordered.ts'
import { promote } from '../queue/schedule.ts'
import { leaveMessages } from './leave-messages.ts'

/** Removes deliveries with all that belongs to them, and lets the next ones of their keys go. Their places are locked. */
export async function removeDeliveries(transaction: Transaction, rows: readonly Row[], now: number): Promise<void> {
  if (rows.length === 0) return
  const { query, tally } = transaction
  await leaveMessages(transaction, rows.filter(hasMessage))
  const destinations = [...new Set(rows.map(({ destination }) => text(destination)))]
  for (const statement of removals) await query(statement, [rows.map(({ number }) => number)])
  for (const row of rows) tally.change(stateOf(row), -1)
  const waited = rows.filter(waits).map(({ destination }) => text(destination))
  await refreshPlaces(transaction, [...new Set(waited)], now)
  await promote(transaction, rows.map(orderedOf), now)
  await restTrouble(transaction, destinations)
  await forgetPlaces(transaction, destinations)
  await removeEmptyMessages(transaction, rows)
}

const removals = [
  'delete from ringback.attempt where delivery = any($1::bigint[])',
  'delete from ringback.queue where number = any($1::bigint[])',
  'delete from ringback.settled where delivery = any($1::bigint[])',
  'delete from ringback.held where delivery = any($1::bigint[])',
  'delete from ringback.delivery where number = any($1::bigint[])',
]

/** Whether a claim would look for it. */
export function waits(row: Row): boolean {
  return row.state === 'scheduled' && row.behind === 0
}

/** Whether what it sends is still kept. */
export function hasMessage(row: Row): boolean {
  return row.kept === null || row.kept === 'all' || row.kept === 'webhook'
}

export function stateOf(row: Row): DeliveryState {
  return text(row.state) as DeliveryState
}
