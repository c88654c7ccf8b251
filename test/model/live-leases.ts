import assert from 'node:assert/strict'
import type { ClaimedDelivery } from '../../src/lib/delivery/stored-delivery.ts'

interface LiveLease {
  readonly token: number
  readonly origin: string
  readonly from: number
  readonly until: number
}

/** What every story must keep, whatever the stores agree on: who has which delivery. */
export class LiveLeases {
  readonly #live = new Map<string, LiveLease>()
  readonly #lastToken = new Map<string, number>()

  /** A delivery is leased to one at a time, each time with a higher token; a new origin has one attempt at a time. */
  claimed(deliveries: readonly ClaimedDelivery[], now: number, leaseMs: number): void {
    for (const [id, { until }] of this.#live) if (until <= now) this.#live.delete(id)
    for (const { id, token, origin, lane } of deliveries) {
      assert.equal(this.#live.get(id), undefined, `${id} is leased twice`)
      assert.ok(token > (this.#lastToken.get(id) ?? 0), `${id} has token ${token} once more`)
      const others = [...this.#live.values()].filter(lease => lease.origin === origin)
      if (lane === 'new') assert.deepEqual(others, [], `${origin} is new and has two attempts`)
      this.#live.set(id, { token, origin, from: now, until: now + leaseMs })
      this.#lastToken.set(id, token)
    }
  }

  /** The clock was put right: leases from later than now are over. */
  setBack(now: number): void {
    for (const [id, { from }] of this.#live) if (from > now) this.#live.delete(id)
  }

  /** It ended, was given back, or its delivery is no longer to be sent. */
  ended(id: string, token?: number): void {
    if (token === undefined || this.#live.get(id)?.token === token) this.#live.delete(id)
  }
}
