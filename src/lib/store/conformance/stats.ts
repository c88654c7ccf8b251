import assert from 'node:assert/strict'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import type { ConformanceCase } from './case.ts'
import {
  accepted,
  claimOne,
  claimRequest,
  failed,
  makeKnown,
  newDelivery,
  rejected,
  startMs,
  unreachable,
} from './rows.ts'

const now = startMs
const hourMs = 3_600_000

async function oldest(store: DeliveryStore, at: number): Promise<number | undefined> {
  return (await store.stats({ now: at })).oldestDueAt
}

/** What a store's own counts promise. */
export const statsCases: readonly ConformanceCase[] = [
  {
    name: 'stats of a new store are empty',
    async run(store) {
      const { oldestDueAt, lastClaimAt, slowed, open, hours, total } = await store.stats({ now })
      assert.deepEqual([oldestDueAt, lastClaimAt, slowed, open, hours], [undefined, undefined, 0, 0, []])
      assert.deepEqual(total.settled, { delivered: 0, failed: 0, blocked: 0, cancelled: 0 })
      assert.equal(total.durations.length, 11)
    },
  },
  {
    name: 'stats say since when the oldest delivery with a healthy destination is due',
    async run(store) {
      await makeKnown(store, now, ['a.example', 'b.example'])
      await store.add({ rows: [newDelivery('later', { dueAt: now + 60_000 })], now })
      assert.equal(await oldest(store, now + 1), undefined)
      assert.equal(await oldest(store, now + 60_000), now + 60_000)
      await store.add({
        rows: [newDelivery('b1', { host: 'b.example' }), newDelivery('b2', { host: 'b.example' })],
        now: now + 5,
      })
      assert.equal(await oldest(store, now + 10), now + 5)
      const lease = await claimOne(store, now + 10)
      const signal = { kind: 'slow', retryAfterMs: 3 * hourMs } as const
      await store.endAttempts({ attempts: [{ ...rejected(lease, 0), destinationSignal: signal }], now: now + 20 })
      assert.equal(await oldest(store, now + 20), undefined)
      assert.equal((await store.stats({ now: now + 20 })).slowed, 1)
      assert.equal(await oldest(store, now + 2 * hourMs), now + 60_000)
      // Its pause is over, but nothing has shown yet that it is healthy.
      assert.equal(await oldest(store, now + 4 * hourMs), now + 60_000)
    },
  },
  {
    name: 'stats leave out deliveries that wait for an origin in trouble, or behind another one of their ordering key',
    async run(store) {
      await makeKnown(store, now)
      await store.add({ rows: [newDelivery('first', { orderingKey: 'k', dueAt: now + hourMs })], now })
      await store.add({ rows: [newDelivery('second', { orderingKey: 'k' })], now })
      assert.equal(await oldest(store, now + 1), undefined)
      await store.cancel({ id: 'first', now: now + 1 })
      assert.equal(await oldest(store, now + 1), now)
      const lease = await claimOne(store, now + 1)
      const signal = { kind: 'slow', retryAfterMs: 60_000 } as const
      await store.endAttempts({
        attempts: [{ ...unreachable(lease, 0), originSignal: signal, destinationSignal: undefined }],
        now: now + 2,
      })
      assert.equal(await oldest(store, now + 3), undefined)
    },
  },
  {
    name: 'stats count how attempts ended and deliveries settled, for each hour and in all',
    async run(store) {
      const first = now + 10 * 60_000
      await makeKnown(store, first)
      await store.add({ rows: [newDelivery('a'), newDelivery('b')], now: first })
      const { claimed } = await store.claim(claimRequest(first, { limit: 2 }))
      await store.endAttempts({ attempts: [rejected(claimed[0]!, 1_000), failed(claimed[1]!)], now: first + 70 })
      const second = first + 2 * hourMs
      const lease = await claimOne(store, second)
      await store.endAttempts({ attempts: [accepted(lease)], now: second + 20_000 })
      await store.add({ rows: [newDelivery('c')], now: second })
      await store.cancel({ id: 'c', now: second + 30_000 })
      const { hours, total } = await store.stats({ now: second + 60_000 })
      assert.deepEqual(
        hours.map(({ startsAt }) => startsAt),
        [now, now + 2 * hourMs],
      )
      assert.deepEqual(hours[0]?.settled, { delivered: 1, failed: 1, blocked: 0, cancelled: 0 })
      assert.deepEqual(hours[1]?.settled, { delivered: 1, failed: 0, blocked: 0, cancelled: 1 })
      const none = { accepted: 0, rejected: 0, unreachable: 0, 'timed-out': 0, refused: 0, abandoned: 0 }
      assert.deepEqual(hours[0]?.outcomes, { ...none, accepted: 1, rejected: 2 })
      assert.deepEqual(hours[1]?.outcomes, { ...none, accepted: 1 })
      assert.deepEqual(hours[0]?.durations, [1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0])
      assert.deepEqual(hours[1]?.durations, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
      assert.deepEqual([hours[0]?.durationSumMs, hours[1]?.durationSumMs], [140, 20_000])
      assert.deepEqual(total.settled, { delivered: 2, failed: 1, blocked: 0, cancelled: 1 })
      assert.equal(total.durationSumMs, 20_140)
    },
  },
  {
    name: 'stats keep the hours of two days apart, and the sum never decreases',
    async run(store) {
      for (let hour = 0; hour < 60; hour += 6) {
        await store.add({ rows: [newDelivery(`d${hour}`)], now: now + hour * hourMs })
        await store.cancel({ id: `d${hour}`, now: now + hour * hourMs })
      }
      const at = now + 60 * hourMs
      const kept = [18, 24, 30, 36, 42, 48, 54].map(hour => now + hour * hourMs)
      for (let times = 0; times < 2; times++) {
        const { hours, total } = await store.stats({ now: at })
        assert.deepEqual(
          hours.map(({ startsAt }) => startsAt),
          kept,
        )
        assert.equal(total.settled.cancelled, 10)
        await store.purge({ now: at, bytesMs: 1e12, webhookMs: 1e12, rowsMs: 1e12, failedMs: 1e12 })
      }
    },
  },
  {
    name: 'stats say when a worker last claimed, accurate to a few seconds',
    async run(store) {
      const lastClaimAt = async () => (await store.stats({ now })).lastClaimAt
      await store.claim(claimRequest(now))
      assert.equal(await lastClaimAt(), now)
      await store.claim(claimRequest(now + 10_000))
      assert.equal(await lastClaimAt(), now + 10_000)
      await store.claim(claimRequest(now + 10_250))
      assert.ok(Number(await lastClaimAt()) >= now + 10_000)
    },
  },
]
