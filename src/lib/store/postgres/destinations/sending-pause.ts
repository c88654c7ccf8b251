import type { PauseSendingRequest } from '../../../delivery/delivery-store.ts'
import type { Pause } from '../../../delivery/isolation/stored-destination.ts'
import { pauseOf } from '../../rows/stored-destination-row.ts'
import type { Transaction } from '../connection/transaction.ts'

/** Pausing all sending. */
export async function pauseSending({ query }: Transaction, { pause, now }: PauseSendingRequest): Promise<void> {
  await query('update ringback.engine set held_at = $1::bigint, held_reason = $2::text, held_by = $3::text', [
    pause === undefined ? null : now,
    pause?.reason ?? null,
    pause?.by ?? null,
  ])
}

export async function sendingPause({ query }: Transaction): Promise<Pause | undefined> {
  const [row = {}] = await query('select held_at, held_reason, held_by from ringback.engine')
  return pauseOf(row)
}
