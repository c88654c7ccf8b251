import type { EndAttemptResult, EndAttemptsRequest } from '../../../delivery/delivery-store.ts'
import type { AttemptResult } from '../../../delivery/stored-delivery.ts'
import type { Transaction } from '../connection/transaction.ts'
import { lockPlaces } from '../places/lock-places.ts'
import { placeArrivals } from '../places/place-arrivals.ts'
import type { EndedLease } from './add-attempts.ts'
import { finishDelivered } from './finish-delivered.ts'
import { finishOthers } from './finish-others.ts'
import { readLeased } from './leased.ts'

const stale: EndAttemptResult = { stale: true, frees: false }
const delivered: EndAttemptResult = { stale: false, frees: false, destination: undefined }

/** Ends attempts: the ordinary ones without a lock of a place, and the others under those of theirs. */
export async function endAttempts(
  transaction: Transaction,
  { attempts, now }: EndAttemptsRequest,
): Promise<readonly EndAttemptResult[]> {
  if (attempts.length === 0) return []
  const done = await finishDelivered(transaction, attempts, now)
  const results = attempts.map((_, index) => (done.has(index) ? delivered : stale))
  const others = [...attempts.keys()].filter(index => !done.has(index))
  const before = await readLeased(transaction, leasesOf(attempts, others), { locked: false })
  const left = others.filter((_, at) => before[at] !== undefined)
  if (left.length === 0) return results
  transaction.seen = undefined
  await placeArrivals(transaction, now)
  await lockPlaces(transaction, [...new Set(before.flatMap(leased => leased?.destination ?? []))])
  // Under the locks: somebody may have ended them meanwhile, or told their places something.
  const again = await readLeased(transaction, leasesOf(attempts, left), { locked: true })
  const ended = left.flatMap((index, at): EndedLease[] => {
    const leased = again[at]
    return leased === undefined ? [] : [{ attempt: attempts[index]!, leased, index }]
  })
  const given = await finishOthers(transaction, ended, now)
  for (const [at, { index }] of ended.entries()) results[index] = given[at]!
  return results
}

function leasesOf(attempts: readonly AttemptResult[], indexes: readonly number[]): AttemptResult[] {
  return indexes.map(index => attempts[index]!)
}
