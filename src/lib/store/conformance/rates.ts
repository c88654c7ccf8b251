import assert from 'node:assert/strict'
import type { ClaimRequest, DeliveryStore } from '../../delivery/delivery-store.ts'
import type { ConformanceCase } from './case.ts'
import { accepted, claimIds, claimRequest, makeKnown, newDelivery, startMs } from './rows.ts'

const now = startMs
const url = newDelivery('x').destination

const setRate = (store: DeliveryStore, ratePerSecond: number | undefined, recipient?: string) =>
  store.changeDestinations({
    ...{ origin: 'https://a.example', url, isBeginning: false, recipient, now },
    change: { kind: 'rate', ratePerSecond },
  })

const addMany = (store: DeliveryStore, count: number, given: Parameters<typeof newDelivery>[1] = {}) =>
  store.add({
    rows: Array.from({ length: count }, (_, index) => newDelivery(`${given.host ?? 'd'}${index}`, given)),
    now,
  })

/** For so many ms, claims whenever the store says so, and ends what it got. Returns when each attempt started. */
async function startsWithin(store: DeliveryStore, ms: number, given: Partial<ClaimRequest> = {}): Promise<number[]> {
  const starts: number[] = []
  for (let at = now; at < now + ms; ) {
    const { claimed, nextDueInMs = ms } = await store.claim(claimRequest(at, { ...given, perOrigin: 1_000 }))
    starts.push(...claimed.map(() => at - now))
    await store.endAttempts({ attempts: claimed.map(accepted), now: at })
    at += Math.max(nextDueInMs, 1)
  }
  return starts
}

/** The most attempts that started within one second. */
function mostInASecond(starts: readonly number[]): number {
  return Math.max(...starts.map(from => starts.filter(at => at >= from && at < from + 1_000).length))
}

/** What `ratePerSecond` promises. */
export const rateCases: readonly ConformanceCase[] = [
  ...[1, 7, 50].map(rate => ({
    name: `claim starts no more than ${rate} attempts in any second at a destination with that rate, and hardly fewer`,
    async run(store: DeliveryStore) {
      await makeKnown(store, now)
      await addMany(store, rate * 4)
      await setRate(store, rate)
      const starts = await startsWithin(store, 3_000)
      assert.ok(mostInASecond(starts) <= rate, `${mostInASecond(starts)} in a second`)
      assert.ok(starts.length >= 3 * rate * 0.9, `${starts.length} in 3 s`)
    },
  })),
  {
    name: 'a rate below 1 lets one attempt start at a time',
    async run(store) {
      await makeKnown(store, now)
      await addMany(store, 10)
      await setRate(store, 0.5)
      assert.deepEqual(await startsWithin(store, 6_000), [0, 2_000, 4_000])
    },
  },
  {
    name: 'the default rate applies to each destination without a rate of its own',
    async run(store) {
      await makeKnown(store, now, ['a.example', 'b.example'])
      await addMany(store, 20)
      await addMany(store, 20, { host: 'b.example' })
      await setRate(store, 5)
      const starts = await startsWithin(store, 1_000, { ratePerSecond: 2 })
      assert.equal(starts.length, 7)
      await setRate(store, undefined)
      const { claimed } = await store.claim(claimRequest(now + 1_000, { ratePerSecond: 2 }))
      assert.equal(claimed.length, 2)
      assert.deepEqual(await claimIds(store, now + 1_001, { ratePerSecond: 2 }), [])
    },
  },
  {
    name: 'a rate leaves the slots to other destinations, even of the same origin',
    async run(store) {
      await makeKnown(store, now)
      await addMany(store, 20)
      const other = { destination: 'https://a.example/other' }
      await store.add({ rows: ['x', 'y', 'z'].map(id => newDelivery(id, other)), now })
      await setRate(store, 1)
      const ids = await claimIds(store, now, { perOrigin: 4, limit: 4 })
      assert.deepEqual(ids.filter(id => 'xyz'.includes(id)).toSorted(), ['x', 'y', 'z'])
      assert.equal(ids.length, 4)
    },
  },
  {
    name: 'a rate is kept without deliveries and for later recipients, until it is removed',
    async run(store) {
      await setRate(store, 1)
      await store.add({ rows: [newDelivery('known')], now })
      const { claimed } = await store.claim(claimRequest(now))
      await store.endAttempts({ attempts: claimed.map(accepted), now })
      await store.add({ rows: ['a', 'b', 'c'].map(id => newDelivery(id, { recipient: 'A' })), now })
      assert.equal((await claimIds(store, now)).length, 1)
      assert.equal((await claimIds(store, now + 999)).length, 0)
      assert.equal((await claimIds(store, now + 1_000)).length, 1)
      await store.erase({ now, limit: 10 })
      assert.equal((await store.destinations({ limit: 10, now })).items.length, 1)
      assert.equal(await setRate(store, undefined), 1)
      assert.deepEqual((await store.destinations({ limit: 10, now })).items, [])
    },
  },
]
