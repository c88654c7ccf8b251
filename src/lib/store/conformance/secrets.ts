import assert from 'node:assert/strict'
import type { ConformanceCase } from './case.ts'
import { claimOne, newDelivery, startMs } from './rows.ts'

const now = startMs
const recipient = 'customer-17'

/** What `secretVersions` and `rotateSecret` promise, and which versions a claim returns. */
export const secretCases: readonly ConformanceCase[] = [
  {
    name: 'secretVersions is 1 for a recipient that was never rotated',
    async run(store) {
      assert.deepEqual(await store.secretVersions({ recipient, now }), [1])
      await store.rotateSecret({ recipient: 'another', overlapMs: 1_000, now })
      assert.deepEqual(await store.secretVersions({ recipient, now }), [1])
    },
  },
  {
    name: 'rotateSecret lets the previous version sign until the overlap has passed',
    async run(store) {
      assert.equal(await store.rotateSecret({ recipient, overlapMs: 1_000, now }), 2)
      assert.deepEqual(await store.secretVersions({ recipient, now: now + 999 }), [2, 1])
      assert.deepEqual(await store.secretVersions({ recipient, now: now + 1_000 }), [2])
    },
  },
  {
    name: 'rotateSecret twice in a row keeps the earlier end of the oldest version, and never uses a number again',
    async run(store) {
      await store.rotateSecret({ recipient, overlapMs: 1_000, now })
      assert.equal(await store.rotateSecret({ recipient, overlapMs: 5_000, now: now + 500 }), 3)
      assert.deepEqual(await store.secretVersions({ recipient, now: now + 999 }), [3, 2, 1])
      assert.deepEqual(await store.secretVersions({ recipient, now: now + 1_000 }), [3, 2])
      assert.deepEqual(await store.secretVersions({ recipient, now: now + 5_500 }), [3])
      assert.equal(await store.rotateSecret({ recipient, overlapMs: 0, now: now + 9_000 }), 4)
      assert.deepEqual(await store.secretVersions({ recipient, now: now + 9_000 }), [4])
    },
  },
  {
    name: 'rotateSecret without an overlap ends all earlier versions at once, including those of an earlier overlap',
    async run(store) {
      await store.rotateSecret({ recipient, overlapMs: 60_000, now })
      await store.rotateSecret({ recipient, overlapMs: 0, now: now + 1 })
      assert.deepEqual(await store.secretVersions({ recipient, now: now + 1 }), [3])
    },
  },
  {
    name: 'no more than three versions sign at the same time',
    async run(store) {
      for (let times = 0; times < 5; times++) await store.rotateSecret({ recipient, overlapMs: 60_000, now })
      assert.deepEqual(await store.secretVersions({ recipient, now }), [6, 5, 4])
    },
  },
  {
    name: 'claim gives the versions of the recipient or, without one, of the destination',
    async run(store) {
      const url = newDelivery('a').destination
      await store.rotateSecret({ recipient, overlapMs: 1_000, now })
      await store.rotateSecret({ recipient: url, overlapMs: 0, now })
      await store.rotateSecret({ recipient: url, overlapMs: 0, now })
      await store.add({ rows: [newDelivery('a', { recipient })], now })
      assert.deepEqual((await claimOne(store, now)).secretVersions, [2, 1])
      await store.add({ rows: [newDelivery('b', { host: 'b.example', recipient: 'another' })], now })
      assert.deepEqual((await claimOne(store, now)).secretVersions, [1])
      await store.add({ rows: [newDelivery('c', { host: 'c.example', destination: url })], now })
      assert.deepEqual((await claimOne(store, now)).secretVersions, [3])
    },
  },
]
