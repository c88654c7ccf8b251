import { isSettled } from '../../../delivery/delivery-state.ts'
import type { EraseRequest, ReplayRequest, ReplayResult } from '../../../delivery/delivery-store.ts'
import { type Row, text } from '../../rows/row.ts'
import { abandon } from '../attempts/abandon.ts'
import type { Transaction } from '../connection/transaction.ts'
import { findMatching } from '../find/find-matching.ts'
import { placeArrivals } from '../places/place-arrivals.ts'
import { refreshPlaces } from '../places/refresh-places.ts'
import { orderedOf } from '../queue/ordered.ts'
import { schedule } from '../queue/schedule.ts'
import { settle } from '../queue/settle.ts'
import { lockRows, lockRowsByNumber } from './locked-rows.ts'
import { hasMessage, removeDeliveries, stateOf, waits } from './remove.ts'
import { sendAgain, sendCopy } from './send-again.ts'

interface OneRequest {
  readonly id: string
  readonly now: number
}

export async function replay(transaction: Transaction, { id, newId, now }: ReplayRequest): Promise<ReplayResult> {
  const [row] = await lockRows(transaction, [id], now)
  return row === undefined ? 'missing' : replayRow(transaction, row, { newId, now })
}

/** Sends one delivery, whose places are locked, again, under its own id or a new one. */
export async function replayRow(
  transaction: Transaction,
  row: Row,
  { newId, now }: Omit<ReplayRequest, 'id'>,
): Promise<Exclude<ReplayResult, 'missing'>> {
  if (!isSettled(stateOf(row))) return 'not-settled'
  if (!hasMessage(row)) return 'bytes-purged'
  if (newId === undefined) await sendAgain(transaction, row, now)
  else await sendCopy(transaction, row, { newId, now })
  return 'replayed'
}

export async function sendNow(transaction: Transaction, { id, now }: OneRequest): Promise<boolean> {
  const [row] = await lockRows(transaction, [id], now)
  if (row?.['state'] !== 'scheduled' || row['holders'] !== null) return false
  await schedule(transaction, [{ number: text(row.number), due: {} }], now)
  return true
}

export async function cancel(transaction: Transaction, { id, now }: OneRequest): Promise<boolean> {
  const [row] = await lockRows(transaction, [id], now)
  if (row === undefined || isSettled(stateOf(row))) return false
  const delivery = orderedOf(row)
  await abandon(transaction, [delivery.number], now)
  await settle(transaction, [{ ...delivery, from: stateOf(row), state: 'cancelled' }], now)
  if (waits(row)) await refreshPlaces(transaction, [delivery.destination], now)
  return true
}

export async function erase(transaction: Transaction, { now, limit, ...filter }: EraseRequest): Promise<number> {
  await placeArrivals(transaction, now)
  const numbers = await findMatching(transaction, filter, limit)
  const rows = await lockRowsByNumber(transaction, numbers)
  await removeDeliveries(transaction, rows, now)
  return rows.length
}
