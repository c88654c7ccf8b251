import type { Clock } from '../../clock.ts'
import { errorCode } from '../../error-code.ts'
import { setPatientTimer } from '../patient-timer.ts'

/** What a look-up has found so far. */
export interface FoundAddresses {
  readonly addresses: readonly string[]
  /** The addresses of the other kind, once they are known; empty if there are none. Never rejects. */
  readonly later?: Promise<readonly string[]> | undefined
}

/** How long to wait for the other kind of address once one kind is known (RFC 8305 section 3). */
const otherKindMs = 50

/**
 * The IPv6 and IPv4 addresses, in the order of `kinds`. Resolves 50 ms after the first kind is known, even if the other
 * kind has no address, fails, or comes later. Rejects if neither has any.
 */
export async function firstKinds(kinds: readonly Promise<readonly string[]>[], clock: Clock): Promise<FoundAddresses> {
  const found: (readonly string[])[] = kinds.map(() => [])
  const answers = kinds.map(async (kind, index) => {
    const addresses = await kind
    if (addresses.length === 0) throw Object.assign(new Error('The answer contains no address'), { code: 'ENODATA' })
    found[index] = addresses
  })
  try {
    await Promise.any(answers)
  } catch (error) {
    throw error instanceof AggregateError ? tellingError(error.errors) : error
  }
  const addresses = (): readonly string[] => found.flat()
  const all = Promise.allSettled(answers)
  const inTime = await settledWithin(all, clock)
  const first = addresses()
  return {
    addresses: first,
    later: inTime ? undefined : all.then(() => addresses().filter(each => !first.includes(each))),
  }
}

function settledWithin(all: Promise<unknown>, clock: Clock): Promise<boolean> {
  return new Promise(resolve => {
    const cancel = setPatientTimer(clock, () => resolve(false), otherKindMs)
    all.then(() => {
      cancel()
      resolve(true)
    })
  })
}

/** The more informative error: that one kind has no record says less than what went wrong with the other. */
function tellingError(errors: readonly unknown[]): unknown {
  return errors.find(error => errorCode(error) !== 'ENODATA') ?? errors[0]
}
