import assert from 'node:assert/strict'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import type { ConformanceCase } from './case.ts'
import { accepted, claimIds, claimOne, claimRequest, failed, newDelivery, startMs } from './rows.ts'

const now = startMs
const heldUntil = now + 60_000
const keyed = { idempotencyKey: 'key', digest: 'same' }

const hold = (store: DeliveryStore, ...rows: ReturnType<typeof newDelivery>[]) => store.add({ rows, now, heldUntil })
const release = (store: DeliveryStore, id: string, dueAt?: number) =>
  store.makeDue({ deliveries: [{ id, dueAt, delayMs: undefined }], now: now + 10 })
const takeBack = (store: DeliveryStore, ...ids: string[]) => store.takeBack({ ids, now: now + 10 })
const keyOf = ({ operation, callback, destination, recipient }: ReturnType<typeof newDelivery>) => ({
  ...{ operation, callback, destination, recipient },
  idempotencyKey: 'key',
})

/** What holding deliveries, making them due and taking them back promise. */
export const holdingCases: readonly ConformanceCase[] = [
  {
    name: 'a held delivery is scheduled, and is sent when its time of holding has passed and nobody has said anything',
    async run(store) {
      await hold(store, newDelivery('a'), newDelivery('b', { dueAt: now + 90_000 }))
      assert.equal((await store.get('a'))?.state, 'scheduled')
      assert.equal((await store.get('a'))?.nextAttemptAt, heldUntil)
      assert.deepEqual(await claimIds(store, heldUntil - 1), [])
      assert.deepEqual(await claimIds(store, heldUntil), ['a'])
      assert.equal((await store.get('b'))?.nextAttemptAt, now + 90_000)
    },
  },
  {
    name: 'makeDue makes held deliveries due at once or at their own time, only once, and returns which',
    async run(store) {
      await hold(store, newDelivery('a'), newDelivery('b', { dueAt: now + 20_000 }), newDelivery('c'))
      await store.add({ rows: [newDelivery('free')], now: now + 5_000 })
      const deliveries = [
        { id: 'a', dueAt: undefined, delayMs: undefined },
        { id: 'b', dueAt: now + 20_000, delayMs: undefined },
        { id: 'free', dueAt: undefined, delayMs: undefined },
      ]
      const all = [...deliveries, { id: 'none', dueAt: undefined, delayMs: undefined }]
      assert.deepEqual(await store.makeDue({ deliveries: all, now: now + 10 }), ['a', 'b'])
      assert.deepEqual(await store.makeDue({ deliveries: all, now: now + 10 }), [])
      const dueAt = async (id: string) => (await store.get(id))?.nextAttemptAt
      assert.deepEqual([await dueAt('a'), await dueAt('b'), await dueAt('c')], [now + 10, now + 20_000, heldUntil])
      assert.deepEqual(await claimIds(store, now + 10), ['a'])
      assert.deepEqual(await takeBack(store, 'a', 'b', 'free'), [])
    },
  },
  {
    name: 'takeBack removes held deliveries, and no claim looks for them any more',
    async run(store) {
      await hold(store, newDelivery('a'), newDelivery('b'))
      assert.deepEqual(await takeBack(store, 'a', 'none', 'b'), ['a', 'b'])
      assert.deepEqual(await takeBack(store, 'a'), [])
      assert.equal((await store.counts()).scheduled, 0)
      const { claimed, nextDueInMs } = await store.claim(claimRequest(heldUntil))
      assert.deepEqual({ claimed, nextDueInMs }, { claimed: [], nextDueInMs: undefined })
      assert.deepEqual(await release(store, 'a'), [])
    },
  },
  {
    name: 'takeBack frees an idempotency key, and the next delivery of an ordering key',
    async run(store) {
      const first = newDelivery('a', { ...keyed, orderingKey: 'x' })
      await hold(store, first)
      await store.add({ rows: [newDelivery('b', { orderingKey: 'x' })], now })
      assert.equal((await store.find(keyOf(first)))?.held, true)
      assert.deepEqual(await claimIds(store, now + 5), [])
      await takeBack(store, 'a')
      assert.equal(await store.find(keyOf(first)), undefined)
      assert.deepEqual(await claimIds(store, now + 20), ['b'])
      const again = newDelivery('c', { ...keyed, digest: 'other' })
      assert.deepEqual(await store.add({ rows: [again], now }), { added: [{ id: 'c', repeated: false }] })
    },
  },
  {
    name: 'a repeat of a held delivery that is not held itself makes it due, and it is not taken back any more',
    async run(store) {
      await hold(store, newDelivery('a', keyed))
      const repeat = await store.add({ rows: [newDelivery('b', keyed)], now: now + 5 })
      assert.deepEqual(repeat, { added: [{ id: 'a', repeated: true, released: true }] })
      assert.deepEqual(await takeBack(store, 'a'), [])
      assert.equal((await store.get('a'))?.nextAttemptAt, now + 5)
    },
  },
  {
    name: 'a held delivery that is held once more stays until both requests have taken it back',
    async run(store) {
      const rows = [newDelivery('a', keyed)]
      await hold(store, ...rows)
      assert.deepEqual(await hold(store, newDelivery('b', keyed)), { added: [{ id: 'a', repeated: true }] })
      assert.deepEqual(await takeBack(store, 'a'), [])
      assert.equal((await store.get('a'))?.state, 'scheduled')
      assert.deepEqual(await takeBack(store, 'a'), ['a'])
      await hold(store, ...rows)
      await hold(store, newDelivery('b', keyed))
      assert.deepEqual(await takeBack(store, 'a'), [])
      assert.deepEqual(await release(store, 'a'), ['a'])
    },
  },
  {
    name: 'a delivery that a worker has begun is neither made due nor taken back, and a cancelled one is not made due',
    async run(store) {
      await hold(store, newDelivery('a'))
      const lease = await claimOne(store, heldUntil)
      assert.deepEqual(await takeBack(store, 'a'), [])
      await store.endAttempts({ attempts: [failed(lease)], now: heldUntil })
      assert.equal((await store.get('a'))?.state, 'failed')
      await hold(store, newDelivery('b'), newDelivery('c'), newDelivery('d'))
      for (const id of ['b', 'c', 'd']) await store.cancel({ id, now })
      assert.deepEqual(await release(store, 'b'), [])
      assert.equal((await store.get('b'))?.state, 'cancelled')
      assert.deepEqual(await takeBack(store, 'c'), ['c'])
      assert.equal(await store.replay({ id: 'd', now }), 'replayed')
      assert.deepEqual(await takeBack(store, 'd'), [])
      const again = await claimOne(store, now + 10)
      assert.equal(again.id, 'd')
      await store.endAttempts({ attempts: [accepted(again)], now: now + 10 })
    },
  },
]
