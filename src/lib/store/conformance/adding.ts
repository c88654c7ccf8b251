import assert from 'node:assert/strict'
import type { NewDelivery } from '../../delivery/stored-delivery.ts'
import type { ConformanceCase } from './case.ts'
import { claimIds, claimOne, failed, makeKnown, newDelivery, startMs } from './rows.ts'

const now = startMs

/** What `add` and `find` promise. */
export const addingCases: readonly ConformanceCase[] = [
  {
    name: 'add stores every row as scheduled, due at once',
    async run(store) {
      const result = await store.add({ rows: [newDelivery('a'), newDelivery('b')], now })
      assert.deepEqual(result, {
        added: [
          { id: 'a', repeated: false },
          { id: 'b', repeated: false },
        ],
      })
      const stored = await store.get('a')
      assert.equal(stored?.state, 'scheduled')
      assert.equal(stored?.nextAttemptAt, now)
      assert.equal(stored?.createdAt, now)
      assert.equal(stored?.attemptCount, 0)
      assert.deepEqual(stored?.attempts, [])
      assert.deepEqual(Buffer.from(stored?.content ?? []), Buffer.from('{"id":"a"}'))
      assert.equal((await store.counts()).scheduled, 2)
    },
  },
  {
    name: 'add stores a delivery for a later time',
    async run(store) {
      await store.add({ rows: [newDelivery('later', { dueAt: now + 1_000 })], now })
      assert.deepEqual(await claimIds(store, now + 999), [])
      assert.deepEqual(await claimIds(store, now + 1_000), ['later'])
    },
  },
  {
    name: 'add gives the first delivery for an idempotency key with the same digest, and stores nothing more',
    async run(store) {
      const row = newDelivery('first', { idempotencyKey: 'key', digest: 'same' })
      await store.add({ rows: [row], now })
      const result = await store.add({ rows: [{ ...row, id: 'second' }], now })
      assert.deepEqual(result, { added: [{ id: 'first', repeated: true }] })
      assert.equal(await store.get('second'), undefined)
      assert.deepEqual(await store.find({ ...row, idempotencyKey: 'key' }), {
        id: 'first',
        digest: 'same',
        held: false,
      })
    },
  },
  {
    name: 'add refuses an idempotency key with another digest, and stores none of the rows',
    async run(store) {
      await store.add({ rows: [newDelivery('first', { idempotencyKey: 'key', digest: 'one' })], now })
      const rows = [newDelivery('other'), newDelivery('second', { idempotencyKey: 'key', digest: 'two' })]
      assert.deepEqual(await store.add({ rows, now }), { conflict: { index: 1, id: 'first' } })
      assert.equal(await store.get('other'), undefined)
    },
  },
  {
    name: 'add notices equal idempotency keys within one call',
    async run(store) {
      const row = newDelivery('first', { idempotencyKey: 'key', digest: 'one' })
      const result = await store.add({ rows: [row, { ...row, id: 'second' }], now })
      assert.deepEqual(result, {
        added: [
          { id: 'first', repeated: false },
          { id: 'first', repeated: true },
        ],
      })
      const conflict = await store.add({
        rows: [
          { ...row, idempotencyKey: 'b' },
          { ...row, idempotencyKey: 'b', digest: 'x' },
        ],
        now,
      })
      assert.deepEqual(conflict, { conflict: { index: 1, id: 'first' } })
    },
  },
  {
    name: 'add accepts the same idempotency key for another callback or another destination',
    async run(store) {
      const key = { idempotencyKey: 'key', digest: 'one' }
      const rows = [
        newDelivery('a', key),
        newDelivery('b', { ...key, callback: 'other', digest: 'two' }),
        newDelivery('c', { ...key, host: 'b.example', digest: 'three' }),
        newDelivery('d', { ...key, operation: 'other', digest: 'four' }),
      ]
      await store.add({ rows, now })
      assert.equal((await store.counts()).scheduled, 4)
    },
  },
  {
    name: 'add of the same key at the same time stores one delivery',
    async run(store) {
      const add = (id: string) => store.add({ rows: [newDelivery(id, { idempotencyKey: 'key', digest: 'same' })], now })
      const results = await Promise.all(['a', 'b', 'c', 'd'].map(add))
      const ids = new Set(results.map(result => ('added' in result ? result.added[0]?.id : 'conflict')))
      assert.equal(ids.size, 1)
      assert.equal((await store.counts()).scheduled, 1)
    },
  },
  {
    name: 'add leaves a delivery as it is when its id is added again',
    async run(store) {
      await makeKnown(store, now)
      await store.add({ rows: [newDelivery('a', { callback: 'first' })], now })
      await store.add({ rows: [newDelivery('a', { callback: 'second' }), newDelivery('b')], now })
      assert.equal((await store.get('a'))?.callback, 'first')
      assert.deepEqual(await claimIds(store, now), ['a', 'b'])
    },
  },
  {
    name: 'add keeps the idempotency keys of different recipients, and of none, apart',
    async run(store) {
      const key = { idempotencyKey: 'order-17' }
      const rows = [
        newDelivery('none', { ...key, digest: 'one' }),
        newDelivery('a', { ...key, digest: 'two', recipient: 'A' }),
        newDelivery('b', { ...key, digest: 'three', recipient: 'B' }),
      ]
      const added = rows.map(({ id }) => ({ id, repeated: false }))
      assert.deepEqual(await store.add({ rows, now }), { added })
      const { operation, callback, destination } = newDelivery('x')
      const idOf = async (recipient: string | undefined) =>
        (await store.find({ ...key, operation, callback, destination, recipient }))?.id
      assert.deepEqual(await Promise.all([undefined, 'A', 'B', 'C'].map(idOf)), ['none', 'a', 'b', undefined])
      const repeated = newDelivery('again', { ...key, digest: 'two', recipient: 'A' })
      assert.deepEqual(await store.add({ rows: [repeated], now }), { added: [{ id: 'a', repeated: true }] })
    },
  },
  {
    name: 'a delivery keeps its recipient and the hash of its destination, also as a copy',
    async run(store) {
      await store.add({ rows: [newDelivery('a', { recipient: 'A', destinationHash: 'abcdefghijklmnop' })], now })
      const claimed = await claimOne(store, now)
      const kept = { recipient: 'A', destinationHash: 'abcdefghijklmnop' }
      const of = ({ recipient, destinationHash }: Pick<NewDelivery, keyof typeof kept>) => ({
        recipient,
        destinationHash,
      })
      assert.deepEqual(of(claimed), kept)
      await store.endAttempts({ attempts: [failed(claimed)], now })
      await store.replay({ id: 'a', newId: 'b', now })
      assert.deepEqual(of(await claimOne(store, now)), kept)
      const { items } = await store.list({ limit: 10, recipient: 'A' })
      assert.deepEqual(items.map(of), [kept, kept])
      assert.deepEqual((await store.list({ limit: 10, recipient: 'B' })).items, [])
    },
  },
  {
    name: 'add refuses keys and recipients that UTF-8 cannot encode, or that hold a NUL, and stores none of the rows',
    async run(store) {
      for (const text of ['\ud800', 'order \udc00 17', 'a\ud800\ud800', '\0', 'order-17\0'])
        for (const name of ['idempotencyKey', 'orderingKey', 'recipient'] as const) {
          const rows = [newDelivery('a'), newDelivery('b', { digest: 'one', [name]: text })]
          await assert.rejects(store.add({ rows, now }), { name: 'RangeError', message: /^"\w+" has / })
        }
      assert.equal((await store.counts()).scheduled, 0)
      const fine = ['\u{1f600}', '\ufffd', 'ä'].map((orderingKey, at) => newDelivery(`${at}`, { orderingKey }))
      await store.add({ rows: fine, now })
      assert.equal((await store.counts()).scheduled, 3)
    },
  },
]
