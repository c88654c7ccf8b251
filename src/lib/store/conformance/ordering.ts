import assert from 'node:assert/strict'
import type { ConformanceCase } from './case.ts'
import { accepted, claimIds, claimOne, failed, makeKnown, newDelivery, rejected, startMs } from './rows.ts'

const now = startMs
const key = { orderingKey: 'invoice-7' }

/** What ordering keys promise. */
export const orderingCases: readonly ConformanceCase[] = [
  {
    name: 'claim gives one delivery of an ordering key at a time, in the order they were stored',
    async run(store) {
      await makeKnown(store, now)
      await store.add({ rows: [newDelivery('a', key), newDelivery('b', { ...key, dueAt: now - 10 })], now })
      await store.add({ rows: [newDelivery('c', key), newDelivery('free')], now })
      assert.deepEqual([...(await claimIds(store, now))].sort(), ['a', 'free'])
      assert.deepEqual(await claimIds(store, now), [])
    },
  },
  {
    name: 'endAttempts lets the next delivery of an ordering key go, even after a final failure, and says so',
    async run(store) {
      await store.add({ rows: [newDelivery('a', key), newDelivery('b', key), newDelivery('c', key)], now })
      const a = await claimOne(store, now)
      const [first] = await store.endAttempts({ attempts: [accepted(a)], now })
      assert.equal(first?.frees, true)
      const b = await claimOne(store, now)
      assert.equal(b.id, 'b')
      await store.endAttempts({ attempts: [failed(b)], now })
      assert.deepEqual(await claimIds(store, now), ['c'])
    },
  },
  {
    name: 'claim gives no delivery of an ordering key while the first one waits for a retry',
    async run(store) {
      await store.add({ rows: [newDelivery('a', key), newDelivery('b', key)], now })
      await store.endAttempts({ attempts: [rejected(await claimOne(store, now), 5_000)], now })
      assert.deepEqual(await claimIds(store, now + 4_999), [])
      assert.deepEqual(await claimIds(store, now + 5_000), ['a'])
    },
  },
  {
    name: 'claim keeps the ordering keys of different destinations apart',
    async run(store) {
      await store.add({ rows: [newDelivery('a', key), newDelivery('b', { ...key, host: 'b.example' })], now })
      assert.equal((await claimIds(store, now)).length, 2)
    },
  },
  {
    name: 'cancel and erase of the first delivery of an ordering key let the next one go',
    async run(store) {
      await makeKnown(store, now)
      await store.add({ rows: [newDelivery('a', key), newDelivery('b', key), newDelivery('c', key)], now })
      await store.cancel({ id: 'a', now })
      assert.deepEqual(await claimIds(store, now), ['b'])
      await store.erase({ url: 'https://a.example/events/b', now, limit: 10 })
      assert.deepEqual(await claimIds(store, now), ['c'])
    },
  },
  {
    name: 'replay puts a delivery back among those of its ordering key',
    async run(store) {
      await store.add({ rows: [newDelivery('a', key), newDelivery('b', key)], now })
      await store.endAttempts({ attempts: [failed(await claimOne(store, now))], now })
      const b = await claimOne(store, now)
      assert.equal(await store.replay({ id: 'a', now }), 'replayed')
      assert.deepEqual(await claimIds(store, now), [])
      await store.endAttempts({ attempts: [accepted(b)], now })
      assert.deepEqual(await claimIds(store, now), ['a'])
    },
  },
]
