import assert from 'node:assert/strict'
import type { DeliveryStore, ListQuery } from '../../delivery/delivery-store.ts'
import type { ConformanceCase } from './case.ts'
import { accepted, claimRequest, failed, makeKnown, newDelivery, startMs } from './rows.ts'

const now = startMs

/** The ids of all pages of a list, in their order. */
async function idsOf(store: DeliveryStore, filter: Omit<ListQuery, 'limit' | 'cursor'>, limit = 2): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const page = await store.list({ ...filter, cursor, limit })
    assert.ok(page.items.length <= limit)
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return ids
}

/**
 * One delivery in each of some states: `s1` and `s2` scheduled, `f` failed, `d` delivered, `c` cancelled, `a`
 * attempting.
 */
async function oneOfEach(store: DeliveryStore): Promise<void> {
  await makeKnown(store, now, ['a.example', 'b.example'])
  await store.erase({ now, limit: 10 })
  const keys = { idempotencyKey: 'order 17', digest: 'x' }
  await store.add({ rows: [newDelivery('f', keys), newDelivery('d', { host: 'b.example', recipient: 'B' })], now })
  const { claimed } = await store.claim(claimRequest(now))
  await store.endAttempts({ attempts: claimed.map(each => (each.id === 'f' ? failed(each) : accepted(each))), now })
  await store.add({ rows: [newDelivery('c'), newDelivery('s1', { dueAt: now + 1e6 })], now })
  await store.cancel({ id: 'c', now })
  await store.add({ rows: [newDelivery('a', { idempotencyKey: 'order 18', digest: 'x' })], now })
  await store.claim(claimRequest(now, { limit: 1 }))
  await store.add({ rows: [newDelivery('s2', { dueAt: now + 1e6, recipient: 'B' })], now })
}

/** What filters promise. */
export const findingCases: readonly ConformanceCase[] = [
  {
    name: 'list finds deliveries of one state or of any of several, in one order',
    async run(store) {
      await oneOfEach(store)
      assert.deepEqual(await idsOf(store, {}), ['s2', 'a', 's1', 'c', 'd', 'f'])
      assert.deepEqual(await idsOf(store, { state: ['failed'] }), ['f'])
      assert.deepEqual(await idsOf(store, { state: ['failed', 'delivered'] }), ['d', 'f'])
      assert.deepEqual(await idsOf(store, { state: ['scheduled', 'attempting'] }), ['s2', 'a', 's1'])
      assert.deepEqual(await idsOf(store, { state: ['cancelled', 'scheduled', 'failed', 'failed'] }, 1), [
        's2',
        's1',
        'c',
        'f',
      ])
      assert.deepEqual(await idsOf(store, { state: [] }), [])
    },
  },
  {
    name: 'list finds deliveries by destination, recipient, whether they had an attempt, and the beginning of id and key',
    async run(store) {
      await oneOfEach(store)
      assert.deepEqual(await idsOf(store, { destination: 'https://b.example/events' }), ['d'])
      assert.deepEqual(await idsOf(store, { destination: 'https://b.example' }), [])
      assert.deepEqual(await idsOf(store, { recipient: 'B' }), ['s2', 'd'])
      assert.deepEqual(await idsOf(store, { recipient: 'B', destination: 'https://a.example/events' }), ['s2'])
      assert.deepEqual(await idsOf(store, { attempted: true }), ['a', 'd', 'f'])
      assert.deepEqual(await idsOf(store, { attempted: false }), ['s2', 's1', 'c'])
      assert.deepEqual(await idsOf(store, { id: 's' }), ['s2', 's1'])
      assert.deepEqual(await idsOf(store, { id: 's1' }), ['s1'])
      assert.deepEqual(await idsOf(store, { id: '1' }), [])
      assert.deepEqual(await idsOf(store, { id: '' }), ['s2', 'a', 's1', 'c', 'd', 'f'])
      assert.deepEqual(await idsOf(store, { idempotencyKey: 'order' }), ['a', 'f'])
      assert.deepEqual(await idsOf(store, { idempotencyKey: 'order 17', state: 'failed' }), ['f'])
      assert.deepEqual(await idsOf(store, { idempotencyKey: 'ORDER' }), [])
      assert.deepEqual(await idsOf(store, { idempotencyKey: '%' }), [])
    },
  },
  {
    name: 'list finds what is rare among many, page by page',
    async run(store) {
      const rare = new Set([3, 1_234, 2_000, 2_001, 5_456])
      for (let from = 0; from < 6_000; from += 2_000)
        await store.add({
          rows: Array.from({ length: 2_000 }, (_, at) =>
            newDelivery(`d${from + at}`, { recipient: rare.has(from + at) ? 'rare' : undefined }),
          ),
          now,
        })
      const expected = [...rare].reverse().map(number => `d${number}`)
      assert.deepEqual(await idsOf(store, { recipient: 'rare' }), expected)
      assert.deepEqual(await idsOf(store, { recipient: 'rare', state: ['scheduled', 'failed'] }, 10), expected)
      assert.deepEqual(await idsOf(store, { id: 'd1234' }), ['d1234'])
      assert.equal((await idsOf(store, { id: 'd1' }, 500)).length, 1_111)
    },
  },
  {
    name: 'erase takes the same filters',
    async run(store) {
      await oneOfEach(store)
      assert.equal(await store.erase({ state: ['failed', 'delivered'], now, limit: 10 }), 2)
      assert.equal(await store.erase({ attempted: false, recipient: 'B', now, limit: 10 }), 1)
      assert.deepEqual(await idsOf(store, {}), ['a', 's1', 'c'])
    },
  },
]
