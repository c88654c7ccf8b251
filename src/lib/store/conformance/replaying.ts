import assert from 'node:assert/strict'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import type { ConformanceCase } from './case.ts'
import { claimIds, claimOne, claimRequest, failed, makeKnown, newDelivery, startMs } from './rows.ts'

const now = startMs
const dayMs = 86_400_000

/** Adds deliveries that have failed, with these ids. */
async function addFailed(store: DeliveryStore, ids: readonly string[]): Promise<void> {
  await makeKnown(store, now)
  await store.add({ rows: ids.map(id => newDelivery(id)), now })
  const { claimed } = await store.claim(claimRequest(now, { limit: 100, perOrigin: 100 }))
  await store.endAttempts({ attempts: claimed.map(failed).map(untold), now })
}

/** A failure that does not count against the destination. */
const untold = (attempt: ReturnType<typeof failed>) => ({
  ...attempt,
  destinationSignal: { kind: 'success' as const },
})

const piece = (size: number, name = 'new') => ({
  now: now + 1,
  newIds: Array.from({ length: size }, (_, at) => `${name}${at}`),
})

/** What replays of many deliveries, and sending now, promise. */
export const replayingCases: readonly ConformanceCase[] = [
  {
    name: 'continueReplays sends what matches again piece by piece, the oldest first, and returns its progress',
    async run(store) {
      await addFailed(store, ['a', 'b', 'c', 'd', 'e'])
      assert.equal(await store.continueReplays(piece(2)), undefined)
      assert.equal(await store.getReplay('r'), undefined)
      await store.startReplay({ id: 'r', filter: { state: 'failed' }, newId: false, now })
      const begun = { id: 'r', startedAt: now, finishedAt: undefined, replayed: 0, withoutBytes: 0 }
      assert.deepEqual(await store.getReplay('r'), begun)
      assert.deepEqual(await store.continueReplays(piece(2)), { ...begun, replayed: 2 })
      assert.deepEqual(await claimIds(store, now + 1), ['a', 'b'])
      // Begun afterwards.
      await store.add({ rows: [newDelivery('later')], now })
      await store.cancel({ id: 'later', now })
      assert.deepEqual(await store.continueReplays(piece(2)), { ...begun, replayed: 4 })
      const done = { ...begun, replayed: 5, finishedAt: now + 1 }
      assert.deepEqual(await store.continueReplays(piece(2)), done)
      assert.deepEqual(await store.getReplay('r'), done)
      assert.equal(await store.continueReplays(piece(2)), undefined)
      assert.deepEqual(await claimIds(store, now + 1), ['c', 'd', 'e'])
    },
  },
  {
    name: 'continueReplays gives new messages new ids, and does not send these again',
    async run(store) {
      await addFailed(store, ['a', 'b', 'c'])
      await store.startReplay({ id: 'r', filter: { state: ['failed', 'scheduled'] }, newId: true, now })
      await store.continueReplays(piece(2, 'x'))
      await store.continueReplays(piece(2, 'y'))
      assert.equal((await store.getReplay('r'))?.replayed, 3)
      assert.equal(await store.continueReplays(piece(2, 'z')), undefined)
      assert.deepEqual(await claimIds(store, now + 1), ['x0', 'x1', 'y0'])
      assert.equal((await store.counts()).failed, 3)
    },
  },
  {
    name: 'continueReplays counts deliveries without bytes, and leaves those that are not settled',
    async run(store) {
      await addFailed(store, ['old'])
      await store.purge({
        now: now + 8 * dayMs,
        bytesMs: 7 * dayMs,
        webhookMs: 7 * dayMs,
        rowsMs: 30 * dayMs,
        failedMs: 90 * dayMs,
      })
      await store.add({
        rows: [newDelivery('waits', { dueAt: now + 9 * dayMs }), newDelivery('new')],
        now: now + 8 * dayMs,
      })
      await store.cancel({ id: 'new', now: now + 8 * dayMs })
      await store.startReplay({ id: 'r', filter: { state: ['failed', 'cancelled', 'scheduled'] }, newId: false, now })
      const { replayed, withoutBytes } = (await store.continueReplays(piece(10))) ?? {}
      assert.deepEqual([replayed, withoutBytes], [1, 1])
      assert.equal((await store.get('waits'))?.nextAttemptAt, now + 9 * dayMs)
    },
  },
  {
    name: 'continueReplays goes on with the oldest replay',
    async run(store) {
      await addFailed(store, ['a', 'b'])
      for (const [id, begunAt] of [
        ['second', now + 2],
        ['first', now + 1],
      ] as const)
        await store.startReplay({
          id,
          filter: { state: 'failed', id: id === 'first' ? 'a' : 'b' },
          newId: false,
          now: begunAt,
        })
      assert.equal((await store.continueReplays(piece(5)))?.id, 'first')
      assert.equal((await store.continueReplays(piece(5)))?.id, 'second')
      assert.deepEqual(await claimIds(store, now + 1), ['a', 'b'])
    },
  },
  {
    name: 'sendNow makes a scheduled delivery due at once, and no other',
    async run(store) {
      await makeKnown(store, now)
      await store.add({
        rows: [newDelivery('later', { dueAt: now + 1e9 }), newDelivery('more', { dueAt: now + 1e9 })],
        now,
      })
      assert.deepEqual(await claimIds(store, now), [])
      assert.equal(await store.sendNow({ id: 'later', now: now + 5 }), true)
      assert.equal((await store.get('later'))?.nextAttemptAt, now + 5)
      const lease = await claimOne(store, now + 5)
      assert.equal(lease.id, 'later')
      assert.equal(await store.sendNow({ id: 'later', now: now + 6 }), false)
      await store.endAttempts({ attempts: [failed(lease)], now: now + 6 })
      assert.equal(await store.sendNow({ id: 'later', now: now + 6 }), false)
      assert.equal(await store.sendNow({ id: 'none', now: now + 6 }), false)
      await store.add({ rows: [newDelivery('held')], now, heldUntil: now + 60_000 })
      assert.equal(await store.sendNow({ id: 'held', now: now + 6 }), false)
      assert.deepEqual(await store.takeBack({ ids: ['held'], now }), ['held'])
      assert.equal((await store.get('more'))?.nextAttemptAt, now + 1e9)
    },
  },
  {
    name: 'sendNow leaves a delivery behind the earlier one of its ordering key',
    async run(store) {
      await makeKnown(store, now)
      const rows = ['a', 'b'].map(id => newDelivery(id, { orderingKey: 'k', dueAt: now + 1e6 }))
      await store.add({ rows, now })
      assert.equal(await store.sendNow({ id: 'b', now }), true)
      assert.deepEqual(await claimIds(store, now), [])
      assert.equal(await store.sendNow({ id: 'a', now }), true)
      assert.deepEqual(await claimIds(store, now), ['a'])
      await store.cancel({ id: 'a', now })
      assert.deepEqual(await claimIds(store, now), ['b'])
    },
  },
]
