import { optionalNumber } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'

const writeEveryMs = 5_000

/** Notes when a worker claimed last, where it has not been written for a while; whoever finds it being written leaves it. */
export function noteClaim({ sendWithNext, memory }: Transaction, now: number): void {
  // The clock may have been set back.
  if (Math.abs(now - memory.claimNotedAt) < writeEveryMs) return
  sendWithNext(note, [now])
  memory.claimNotedAt = now
}

const note = `update ringback.last_claim set at = $1::bigint
  where row in (select row from ringback.last_claim for update skip locked)`

export async function lastClaimAt({ query }: Transaction): Promise<number | undefined> {
  const [row] = await query('select at from ringback.last_claim')
  return optionalNumber(row?.['at'])
}
