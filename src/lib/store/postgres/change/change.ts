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
  if (!isEnded(row)) return 'not-settled'
  if (!hasMessage(row)) return 'bytes-purged'
  if (row.is_disabled === 1) return 'endpoint-disabled'
  if (newId === undefined) await sendEndedAgain(transaction, row, now)
  else await sendCopy(transaction, row, { newId, now })
  return 'replayed'
}

/** Whether it is settled, or will be, as it waits for an endpoint that was disabled. */
export function isEnded(row: Row): boolean {
  return isSettled(stateOf(row)) || (row.state === 'scheduled' && row.cancel_reason !== null)
}

/** The same for one that may still have to be settled. */
export async function sendEndedAgain(transaction: Transaction, row: Row, now: number): Promise<void> {
  const from = stateOf(row)
  if (isSettled(from)) return sendAgain(transaction, row, now)
  await settle(transaction, [{ ...orderedOf(row), from, state: 'cancelled' }], now)
  await sendAgain(transaction, { ...row, state: 'cancelled' }, now)
}

export async function sendNow(transaction: Transaction, { id, now }: OneRequest): Promise<boolean> {
  const [row] = await lockRows(transaction, [id], now)
  if (row?.['state'] !== 'scheduled' || row['holders'] !== null || isEnded(row)) return false
  await schedule(transaction, [{ number: text(row.number), due: {} }], now)
  return true
}

export async function cancel(transaction: Transaction, { id, now }: OneRequest): Promise<boolean> {
  const [row] = await lockRows(transaction, [id], now)
  if (row === undefined || isEnded(row)) return false
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
