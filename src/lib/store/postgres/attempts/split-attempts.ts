import type { AttemptResult } from '../../../delivery/stored-delivery.ts'
import type { KnownLeases } from './known-leases.ts'

/** Attempts by their indexes. */
export interface SplitAttempts {
  /** Those whose end probably tells nobody anything. */
  readonly ordinary: readonly number[]
  readonly others: readonly number[]
}

/** An attempt at an origin of which another one tells something is none of the ordinary ones: they are told in their order. */
export function splitAttempts(attempts: readonly AttemptResult[], leases: KnownLeases): SplitAttempts {
  const known = attempts.map(({ id }) => leases.get(id))
  const isOrdinary = (index: number) => known[index]?.isPlain === true && isAccepted(attempts[index]!)
  const all = [...attempts.keys()]
  const told = new Set(all.flatMap(index => (isOrdinary(index) ? [] : [known[index]?.origin])))
  const ordinary = new Set(
    told.has(undefined) ? [] : all.filter(index => isOrdinary(index) && !told.has(known[index]?.origin)),
  )
  return { ordinary: [...ordinary], others: all.filter(index => !ordinary.has(index)) }
}

/** Whether it tells an untroubled destination nothing new. */
function isAccepted({ next, destinationSignal, originSignal }: AttemptResult): boolean {
  return next.state === 'delivered' && destinationSignal?.kind === 'success' && originSignal?.kind === 'success'
}
