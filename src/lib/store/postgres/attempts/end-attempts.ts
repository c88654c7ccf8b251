import type { EndAttemptResult, EndAttemptsRequest } from '../../../delivery/delivery-store.ts'
import type { AttemptResult } from '../../../delivery/stored-delivery.ts'
import type { Transaction } from '../connection/transaction.ts'
import { tellEndpoints } from '../endpoints/tell-endpoints.ts'
import { lockPlaces, lockWithoutWaiting } from '../places/lock-places.ts'
import { placeArrivals } from '../places/place-arrivals.ts'
import { type EndedAttempt, type EndedLease, noteSuccesses } from './add-attempts.ts'
import { finishDelivered } from './finish-delivered.ts'
import { finishOthers } from './finish-others.ts'
import { type LeasedDelivery, readLeased } from './leased.ts'
import { splitAttempts } from './split-attempts.ts'

const stale: EndAttemptResult = { stale: true, frees: false }
const delivered: EndAttemptResult = { stale: false, frees: false, destination: undefined }

/**
 * Ends attempts: the ordinary ones without a lock of a place, and the others under those of theirs. The others come first,
 * since their locks may have to be waited for, and whoever holds something waits for nobody.
 */
export async function endAttempts(
  transaction: Transaction,
  { attempts, now }: EndAttemptsRequest,
): Promise<readonly EndAttemptResult[]> {
  if (attempts.length === 0) return []
  const { ordinary, others } = splitAttempts(attempts, transaction.memory.leases)
  const results = attempts.map(() => stale)
  const noted: EndedAttempt[] = []
  const end = async (indexes: readonly number[], lock: Lock) => {
    const ended = await endUnderLocks(transaction, { attempts, indexes, lock }, now)
    const given = await finishOthers(transaction, ended, now)
    for (const [at, { index }] of ended.entries()) results[index] = given[at]!
    noted.push(...ended)
  }
  await end(others, lockPlaces)
  const { done, finished } = await finishDelivered(transaction, { attempts, indexes: ordinary }, now)
  for (const index of done) results[index] = delivered
  await end(
    ordinary.filter(index => !done.has(index)),
    lockWithoutWaiting,
  )
  noteSuccesses(transaction, [...noted, ...finished], now)
  // Last, as who holds an endpoint waits for no place
  await tellEndpoints(transaction, [...noted, ...finished], now)
  for (const { id } of attempts) transaction.memory.leases.forget(id)
  return results
}

type Lock = (transaction: Transaction, destinations: readonly string[]) => Promise<void>

interface LockedEnds {
  readonly attempts: readonly AttemptResult[]
  /** Which of them. */
  readonly indexes: readonly number[]
  readonly lock: Lock
}

/** What is still leased, as it is under the locks of its places: somebody may have ended it, or told its places something. */
async function endUnderLocks(
  transaction: Transaction,
  { attempts, indexes, lock }: LockedEnds,
  now: number,
): Promise<EndedLease[]> {
  const leases = indexes.map(index => attempts[index]!)
  const before = await readLeased(transaction, leases, { locked: false })
  const left = indexes.filter((_, at) => before[at] !== undefined)
  if (left.length === 0) return []
  transaction.seen = undefined
  try {
    await lock(transaction, destinationsOf(before))
  } catch (error) {
    // Those that are tried again are no ordinary ones.
    for (const { id } of leases) transaction.memory.leases.forget(id)
    throw error
  }
  await placeArrivals(transaction, now)
  const again = await readLeased(
    transaction,
    left.map(index => attempts[index]!),
    { locked: true },
  )
  return left.flatMap((index, at) => {
    const leased = again[at]
    return leased === undefined ? [] : [{ attempt: attempts[index]!, leased, index }]
  })
}

function destinationsOf(leased: readonly (LeasedDelivery | undefined)[]): string[] {
  return [...new Set(leased.flatMap(each => each?.destination ?? []))]
}
