import type { ReleaseRequest } from '../../../delivery/delivery-store.ts'
import type { Transaction } from '../connection/transaction.ts'
import { lockPlaces } from '../places/lock-places.ts'
import { placeArrivals } from '../places/place-arrivals.ts'
import { schedule } from '../queue/schedule.ts'
import { settle } from '../queue/settle.ts'
import { readLeased } from './leased.ts'
import { tellPlaces } from './tell-places.ts'

/** Gives leased rows back as if their attempts had never been begun. */
export async function release(transaction: Transaction, { leases, now }: ReleaseRequest): Promise<void> {
  if (leases.length === 0) return
  const before = await readLeased(transaction, leases, { locked: false })
  await lockPlaces(transaction, [...new Set(before.flatMap(leased => leased?.destination ?? []))])
  await placeArrivals(transaction, now)
  const leased = await readLeased(transaction, leases, { locked: true })
  const given = leased.flatMap((each, index) => (each === undefined ? [] : [{ leased: each, ended: leases[index]! }]))
  if (given.length === 0) return
  await transaction.query(takeBack, [given.map(each => each.leased.number)])
  // It was due when it was leased, whatever the clock said then.
  const waiting = given.filter(({ leased: { cancelReason } }) => cancelReason === undefined)
  const due = waiting.map(({ leased: { number, wantedAt } }) => ({
    number,
    due: { delayMs: Math.min(wantedAt - now, 0) },
  }))
  await schedule(transaction, due, now)
  transaction.tally.move('attempting', 'scheduled', waiting.length)
  const cancelled = given.flatMap(({ leased: { number, destination, orderingKey, cancelReason: reason } }) =>
    reason === undefined
      ? []
      : [{ number, destination, orderingKey, from: 'attempting' as const, state: 'cancelled' as const, reason }],
  )
  await settle(transaction, cancelled, now)
  await tellPlaces(transaction, given, now)
}

const takeBack = 'update ringback.queue set attempt_count = attempt_count - 1 where number = any($1::bigint[])'
