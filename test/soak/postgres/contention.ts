import type { DeliveryStore } from '../../../src/lib/delivery/delivery-store.ts'
import type { AttemptResult, ClaimedDelivery } from '../../../src/lib/delivery/stored-delivery.ts'
import { accepted, claimRequest, newDelivery, rejected } from '../../../src/lib/store/conformance/rows.ts'
import { postgresStore } from '../../../src/lib/store/postgres/postgres-store.ts'
import { seededRandom } from '../seeded-random.ts'

/** Who is at work on one database, and for how long. */
export interface ContentionOptions {
  readonly workers: number
  readonly seed: number
  readonly seconds: number
}

/** What they did. */
export interface ContentionResult {
  readonly done: number
  readonly errors: readonly string[]
}

const destinations = 12
const origins = 5

/** Lets workers add, claim, end, give back, cancel and pause on a few places that all of them share, as fast as they can. */
export async function contend(connectionString: string, options: ContentionOptions): Promise<ContentionResult> {
  const endsAt = performance.now() + options.seconds * 1_000
  const results = await Promise.all(
    Array.from({ length: options.workers }, async (_, worker) => {
      const store = postgresStore({ connectionString, preparedStatements: true, waitLimitMs: 20_000 })
      const one = new Contender(store, `w${worker}`, seededRandom(options.seed + worker))
      while (performance.now() < endsAt) await one.turn()
      await store.close()
      return one
    }),
  )
  return {
    done: results.reduce((sum, { done }) => sum + done, 0),
    errors: results.flatMap(({ errors }) => errors),
  }
}

class Contender {
  done = 0
  readonly errors: string[] = []
  readonly #store: DeliveryStore
  readonly #name: string
  readonly #random: () => number
  #added = 0

  constructor(store: DeliveryStore, name: string, random: () => number) {
    this.#store = store
    this.#name = name
    this.#random = random
  }

  /** Some operations at the same moment, which are committed together as far as they may be. */
  async turn(): Promise<void> {
    const now = Date.now()
    const { claimed } = await this.#store.claim({ ...claimRequest(now), limit: 40, perOrigin: 40 })
    const [ended, released] = [claimed.filter((_, at) => at % 5 > 0), claimed.filter((_, at) => at % 5 === 0)]
    const attempts = ended.map(each => this.#end(each))
    const all = await Promise.allSettled([
      this.#store.add({ rows: Array.from({ length: 20 }, () => this.#row()), now }),
      this.#store.endAttempts({ attempts: attempts.slice(0, 10), now }),
      this.#store.endAttempts({ attempts: attempts.slice(10), now }),
      this.#store.release({ leases: released, now }),
      ...Array.from({ length: 4 }, () => this.#store.cancel({ id: this.#id(this.#any(this.#added)), now })),
      this.#store.sendNow({ id: this.#id(this.#any(this.#added)), now }),
      this.#store.changeDestinations(this.#change(now)),
    ])
    this.done += all.length + 1
    this.errors.push(...all.flatMap(each => (each.status === 'rejected' ? [String(each.reason)] : [])))
  }

  #end(claimed: ClaimedDelivery): AttemptResult {
    return this.#random() < 0.7 ? accepted(claimed) : rejected(claimed, 0)
  }

  #row() {
    const at = this.#any(destinations)
    const host = `h${at % origins}.example`
    const ordered = this.#random() < 0.2 ? { orderingKey: `k${this.#any(3)}` } : {}
    return newDelivery(this.#id(this.#added++), { host, destination: `https://${host}/${at}`, ...ordered })
  }

  #change(now: number) {
    const at = this.#any(destinations)
    const origin = `https://h${at % origins}.example`
    const change = { kind: 'resume' } as const
    return { origin, url: `${origin}/${at}`, isBeginning: false, recipient: undefined, change, now }
  }

  #id(at: number): string {
    return `${this.#name}n${at}`
  }

  #any(count: number): number {
    return Math.floor(this.#random() * count)
  }
}
