import assert from 'node:assert/strict'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import type { ConformanceCase } from './case.ts'
import { newDelivery, startMs } from './rows.ts'

const now = startMs

const isKnown = async (store: DeliveryStore, ...ids: string[]) => (await store.useKeys({ ids, adopt: false })).known

/** What `useKeys` promises. */
export const keyCases: readonly ConformanceCase[] = [
  {
    name: 'useKeys accepts the first ids it is asked about, and no others afterwards',
    async run(store) {
      assert.equal(await isKnown(store, 'first'), true)
      assert.equal(await isKnown(store, 'other'), false)
      assert.equal(await isKnown(store, 'other', 'another'), false)
      assert.equal(await isKnown(store, 'first'), true)
    },
  },
  {
    name: 'useKeys accepts others that come together with a known one',
    async run(store) {
      await isKnown(store, 'old')
      assert.equal(await isKnown(store, 'new'), false)
      assert.equal(await isKnown(store, 'new', 'old', 'new'), true)
      assert.equal(await isKnown(store, 'new'), true)
      assert.equal(await isKnown(store, 'old'), true)
    },
  },
  {
    name: 'useKeys with different ids at the same time accepts only one of them',
    async run(store) {
      const known = await Promise.all(['a', 'b', 'c', 'd'].map(id => isKnown(store, id)))
      assert.equal(known.filter(Boolean).length, 1)
    },
  },
  {
    name: 'useKeys without known ids returns the last content with something sealed, and accepts no ids until it is told to',
    async run(store) {
      const sealed = (id: string, text: string) => newDelivery(id, { content: Buffer.from(text), isSealed: true })
      await store.add({ rows: [sealed('a', 'sealed first'), sealed('b', 'sealed last'), newDelivery('c')], now })
      for (const _ of ['once', 'twice']) {
        const result = await store.useKeys({ ids: ['first'], adopt: false })
        assert.equal(result.known, false)
        assert.equal(Buffer.from(result.sealed ?? []).toString(), 'sealed last')
      }
      assert.equal((await store.useKeys({ ids: ['first'], adopt: true })).known, true)
      assert.equal(await isKnown(store, 'first'), true)
      assert.deepEqual(await store.useKeys({ ids: ['other'], adopt: false }), { known: false, sealed: undefined })
    },
  },
  {
    name: 'useKeys adds adopted ids to those it knows',
    async run(store) {
      await isKnown(store, 'lost')
      assert.equal((await store.useKeys({ ids: ['adopted'], adopt: true })).known, true)
      assert.equal(await isKnown(store, 'adopted'), true)
      assert.equal(await isKnown(store, 'lost'), true)
    },
  },
]
