import type { EndAttemptResult } from '../../../delivery/delivery-store.ts'
import type { Row } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'
import { schedule } from '../queue/schedule.ts'
import { type SettledEnd, settle } from '../queue/settle.ts'
import { addAttempts, dropBodies, type EndedLease } from './add-attempts.ts'
import { tellPlaces } from './tell-places.ts'

/** Ends attempts of whatever kind. Their rows and places are locked. */
export async function finishOthers(
  transaction: Transaction,
  ended: readonly EndedLease[],
  now: number,
): Promise<EndAttemptResult[]> {
  if (ended.length === 0) return []
  addAttempts(transaction, ended, now)
  dropBodies(transaction, ended)
  await scheduleAgain(transaction, ended, now)
  const promoted = await settle(
    transaction,
    ended.flatMap(ended => settledEnd(ended, now)),
    now,
  )
  const telling = ended.filter(each => !(each.leased.untroubled && isSuccess(each)) && !isMoved(each))
  const told = await tellPlaces(
    transaction,
    telling.map(({ leased, attempt }) => ({ leased, ended: attempt })),
    now,
  )
  return ended.map(each => {
    const { freed = false, change } = told[telling.indexOf(each)] ?? {}
    return { stale: false, frees: freed || isPromoted(each, promoted), destination: change }
  })
}

async function scheduleAgain(transaction: Transaction, ended: readonly EndedLease[], now: number): Promise<void> {
  const again = ended.flatMap(({ attempt: { next }, leased: { number, cancelReason } }) =>
    next.state === 'scheduled' && cancelReason === undefined
      ? [{ number, due: { delayMs: next.delayMs }, usesRetry: next.usesRetry }]
      : [],
  )
  if (again.length === 0) return
  transaction.sendWithNext(countRetries, [again.map(({ number }) => number), again.map(each => Number(each.usesRetry))])
  await schedule(transaction, again, now)
  transaction.tally.move('attempting', 'scheduled', again.length)
}

const countRetries = `update ringback.queue q set retries_used = retries_used + j.used, deaths = 0
  from unnest($1::bigint[], $2::int[]) as j(number, used) where q.number = j.number`

function settledEnd({ attempt: { next }, leased }: EndedLease, now: number): SettledEnd[] {
  const { number, destination, orderingKey, cancelReason } = leased
  const delivery = { number, destination, orderingKey, from: 'attempting' as const }
  if (cancelReason !== undefined && next.state !== 'delivered')
    return [{ ...delivery, state: 'cancelled', reason: cancelReason, handlerDueAt: null }]
  if (next.state === 'scheduled') return []
  const [responseValid, leaseMs] =
    next.state === 'delivered' ? [next.responseValid, next.responseLeaseMs] : [undefined, next.failedLeaseMs]
  return [
    {
      ...{ ...delivery, state: next.state, responseValid },
      reason: next.state === 'delivered' ? undefined : next.reason,
      handlerDueAt: leaseMs === undefined ? null : now + leaseMs,
    },
  ]
}

function isSuccess({ attempt: { destinationSignal, originSignal } }: EndedLease): boolean {
  return destinationSignal?.kind === 'success' && originSignal?.kind === 'success'
}

/** Whether it called a URL that its endpoint no longer has: it tells nothing about the present one. */
function isMoved({ attempt: { url }, leased: { places } }: EndedLease): boolean {
  return url !== undefined && url !== places.p_url
}

function isPromoted({ attempt, leased }: EndedLease, promoted: readonly Row[]): boolean {
  if (attempt.next.state === 'scheduled' && leased.cancelReason === undefined) return false
  return promoted.some(row => row.destination === leased.destination && row.ordering_key === leased.orderingKey)
}
