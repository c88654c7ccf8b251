import type { Clock } from '../../clock.ts'
import { setPatientTimer } from '../patient-timer.ts'
import type { FoundAddresses } from './first-kinds.ts'

/** A look-up that had no place, or gave it up before a server had time to answer: it says nothing of the name. */
export class LookupNeverBegan extends Error {
  constructor() {
    super('Too many names are being looked up')
  }
}

/** A look-up that no name server answered. */
export class NoAnswer extends Error {
  readonly code = 'ETIMEOUT'

  constructor(timeMs: number) {
    super(`No answer within ${timeMs} ms`)
  }
}

interface Lookup {
  readonly beganAtMs: number
  readonly addresses: Promise<FoundAddresses>
  readonly end: (error: Error) => void
}

const lookupsLimit = 1_000
/** From this age on a look-up gives way where all places are taken; most names take a tenth of it. */
const givesWayAfterMs = 500
/** From this age on a look-up counts as done: the first try is over. */
const triedAfterMs = 2_000

/**
 * The look-ups under way: one for each name, and 1,000 in all. Where all places are taken the oldest gives way, so that
 * names which nobody answers for do not keep others out.
 */
export class LookupsInFlight {
  readonly #clock: Clock
  readonly #lookups = new Map<string, Lookup>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get(hostname: string): Promise<FoundAddresses> | undefined {
    return this.#lookups.get(hostname)?.addresses
  }

  has(hostname: string): boolean {
    return this.#lookups.has(hostname)
  }

  /** Begins a look-up, which is given up after `limitMs`. Throws {@link LookupNeverBegan} where there is no place. */
  begin(hostname: string, limitMs: number, look: () => Promise<FoundAddresses>): Promise<FoundAddresses> {
    this.#makePlace()
    const { promise, resolve, reject } = Promise.withResolvers<FoundAddresses>()
    const lookup = { beganAtMs: this.#clock.now(), addresses: promise, end: reject }
    this.#lookups.set(hostname, lookup)
    const late = (): void => reject(new NoAnswer(limitMs))
    const cancelTimer = setPatientTimer(this.#clock, late, limitMs)
    const forget = (): void => {
      cancelTimer()
      if (this.#lookups.get(hostname) === lookup) this.#lookups.delete(hostname)
    }
    promise.then(forget, forget)
    look().then(resolve, reject)
    return promise
  }

  #makePlace(): void {
    if (this.#lookups.size < lookupsLimit) return
    const [hostname, oldest] = this.#lookups.entries().next().value!
    const ageMs = this.#clock.now() - oldest.beganAtMs
    if (ageMs < givesWayAfterMs) throw new LookupNeverBegan()
    this.#lookups.delete(hostname)
    oldest.end(ageMs < triedAfterMs ? new LookupNeverBegan() : new NoAnswer(ageMs))
  }
}
