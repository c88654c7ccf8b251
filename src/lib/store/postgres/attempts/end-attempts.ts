import type { EndAttemptResult, EndAttemptsRequest } from '../../../delivery/delivery-store.ts'
import type { AttemptResult } from '../../../delivery/stored-delivery.ts'
import type { Transaction } from '../connection/transaction.ts'
import { lockPlaces } from '../places/lock-places.ts'
import { placeArrivals } from '../places/place-arrivals.ts'
import type { EndedLease } from './add-attempts.ts'
import { finishDelivered } from './finish-delivered.ts'
import { finishOthers } from './finish-others.ts'
import { type LeasedDelivery, readLeased } from './leased.ts'

const stale: EndAttemptResult = { stale: true, frees: false }
const delivered: EndAttemptResult = { stale: false, frees: false, destination: undefined }

/** Ends attempts: the ordinary ones without a lock of a place, and the others under those of theirs. */
export async function endAttempts(
  transaction: Transaction,
  { attempts, now }: EndAttemptsRequest,
): Promise<readonly EndAttemptResult[]> {
  if (attempts.length === 0) return []
  const results = attempts.map(() => stale)
  const ended = endedOf(attempts, await readLeased(transaction, attempts, { locked: false }))
  const [ordinary, others] = [ended.filter(isOrdinary), ended.filter(each => !isOrdinary(each))]
  for (const { index } of await finishDelivered(transaction, ordinary, now)) results[index] = delivered
  if (others.length === 0) return results
  await placeArrivals(transaction, now)
  await lockPlaces(transaction, [...new Set(others.map(({ leased }) => leased.destination))])
  // Under the locks: somebody may have ended them meanwhile, or told their places something.
  const left = others.map(({ attempt }) => attempt)
  const again = endedOf(left, await readLeased(transaction, left, { locked: true }))
  const given = await finishOthers(transaction, again, now)
  for (const [at, { index }] of again.entries()) results[others[index]!.index] = given[at]!
  return results
}

function endedOf(attempts: readonly AttemptResult[], leased: readonly (LeasedDelivery | undefined)[]): EndedLease[] {
  return attempts.flatMap((attempt, index) => {
    const of = leased[index]
    return of === undefined ? [] : [{ attempt, leased: of, index }]
  })
}

/** Whether it tells its destination nothing new, and nothing waits behind it. */
function isOrdinary({ attempt, leased }: EndedLease): boolean {
  const { next, destinationSignal, originSignal } = attempt
  return (
    leased.untroubled &&
    leased.orderingKey === undefined &&
    next.state === 'delivered' &&
    destinationSignal?.kind === 'success' &&
    originSignal?.kind === 'success'
  )
}
