import type { Clock } from '../../clock.ts'
import { setPatientTimer } from '../patient-timer.ts'
import type { FoundAddresses } from './first-kinds.ts'

/**
 * A look-up that found no place, or gave its place up before a server had time to answer. It says nothing about the
 * name.
 */
export class LookupNeverBegan extends Error {
  constructor() {
    super('Too many names are being looked up')
  }
}

/** A look-up that no name server answered in time. */
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
/** A look-up that is older than this makes room for others when all places are taken. Most names need a tenth of it. */
const givesWayAfterMs = 500
/** A look-up that is older than this counts as tried: the servers had their time for the first try. */
const triedAfterMs = 2_000

/**
 * The running look-ups: one for each name, 1,000 in all. When all places are taken the oldest makes room, so that names
 * that no server answers for do not keep others out.
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

  /** Begins a look-up and gives it up after `limitMs`. Throws {@link LookupNeverBegan} if there is no place. */
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
