import assert from 'node:assert/strict'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import type { AttemptResult, ClaimedDelivery, NextStep } from '../../delivery/stored-delivery.ts'
import type { ConformanceCase } from './case.ts'
import { accepted, claimOne, claimRequest, failed, newDelivery, startMs } from './rows.ts'

const now = startMs
const leaseMs = 60_000

const claimAt = (store: DeliveryStore, at: number, limit = 10) => store.claimHandlers({ now: at, limit, leaseMs })
const idsAt = async (store: DeliveryStore, at: number) => (await claimAt(store, at)).map(({ delivery }) => delivery.id)

/** Stores a delivery, and settles it as `next` says. */
async function settled(store: DeliveryStore, id: string, next: NextStep): Promise<ClaimedDelivery> {
  await store.add({ rows: [newDelivery(id, { host: `${id}.example` })], now })
  const lease = await claimOne(store, now)
  const end: AttemptResult = next.state === 'delivered' ? accepted(lease) : failed(lease)
  await store.endAttempts({ attempts: [{ ...end, next }], now })
  return lease
}

const delivered = { state: 'delivered', responseValid: true, responseLeaseMs: leaseMs } as const
const unheard = { state: 'failed', failedLeaseMs: leaseMs } as const

/** What stores promise about the handlers of settled deliveries. */
export const handlerCases: readonly ConformanceCase[] = [
  {
    name: 'claimHandlers gives a delivery only when the lease of its settler has passed, until its handler has ended',
    async run(store) {
      const { token } = await settled(store, 'a', delivered)
      assert.deepEqual(await idsAt(store, now + 59_999), [])
      const [one] = await claimAt(store, now + 60_000)
      assert.deepEqual([one?.delivery.id, one?.delivery.state, one?.token, one?.failures], ['a', 'delivered', token, 0])
      assert.equal(one?.attempt?.response?.status, 200)
      assert.deepEqual(await idsAt(store, now + 60_000), [])
      await store.endHandlers({ handlers: [{ id: 'a', token, againInMs: undefined }], now })
      assert.deepEqual(await idsAt(store, now + 1_000_000), [])
    },
  },
  {
    name: 'claimHandlers gives failed and blocked deliveries, with the last attempt, if a handler has to run',
    async run(store) {
      await settled(store, 'a', unheard)
      await settled(store, 'b', { state: 'blocked', failedLeaseMs: leaseMs })
      await settled(store, 'c', { state: 'failed' })
      await settled(store, 'd', { state: 'delivered', responseValid: true, responseLeaseMs: undefined })
      const claimed = await claimAt(store, now + 60_000)
      assert.deepEqual(
        claimed.map(({ delivery, attempt }) => [delivery.id, delivery.state, attempt?.response?.status]),
        [
          ['a', 'failed', 500],
          ['b', 'blocked', 500],
        ],
      )
    },
  },
  {
    name: 'claimHandlers gives deliveries at once that failed because their workers died',
    async run(store) {
      await store.add({ rows: [newDelivery('a')], now })
      let at = now
      for (let deaths = 0; deaths < 20; deaths++) {
        const { failed } = await store.claim(claimRequest(at))
        if (failed.length > 0) break
        at += 2_000_000
      }
      const [one] = await claimAt(store, at)
      assert.deepEqual([one?.delivery.id, one?.delivery.state], ['a', 'failed'])
      await store.endHandlers({ handlers: [{ id: 'a', token: one?.token ?? 0, againInMs: undefined }], now: at })
      assert.deepEqual(await idsAt(store, at + leaseMs), [])
    },
  },
  {
    name: 'endHandlers lets a handler that failed run again after its time, and counts how often it has failed',
    async run(store) {
      const { token } = await settled(store, 'a', unheard)
      const again = (againInMs: number, at: number) =>
        store.endHandlers({ handlers: [{ id: 'a', token, againInMs }], now: at })
      await again(5_000, now)
      assert.deepEqual(await idsAt(store, now + 4_999), [])
      assert.equal((await claimAt(store, now + 5_000))[0]?.failures, 1)
      await again(1_000, now + 5_000)
      assert.equal((await claimAt(store, now + 6_000))[0]?.failures, 2)
    },
  },
  {
    name: 'endHandlers with a token from before a replay changes nothing',
    async run(store) {
      const first = await settled(store, 'a', unheard)
      await store.replay({ id: 'a', now })
      await store.endHandlers({ handlers: [{ ...first, againInMs: 1_000 }], now })
      assert.deepEqual(await idsAt(store, now + 1_000_000), [])
      const second = await claimOne(store, now)
      await store.endAttempts({ attempts: [{ ...failed(second), next: unheard }], now })
      await store.endHandlers({ handlers: [{ ...first, againInMs: undefined }], now })
      assert.equal((await claimAt(store, now + 60_000))[0]?.token, second.token)
    },
  },
  {
    name: 'cancel, replay and erase leave no handler to run',
    async run(store) {
      await store.add({ rows: [newDelivery('a')], now })
      await store.cancel({ id: 'a', now })
      await settled(store, 'b', unheard)
      await store.replay({ id: 'b', now })
      await settled(store, 'c', delivered)
      await store.erase({ url: 'https://c.example/', now, limit: 10 })
      assert.deepEqual(await idsAt(store, now + 1_000_000), [])
    },
  },
  {
    name: 'claimHandlers gives those that have waited longest first, and no more than asked for',
    async run(store) {
      for (const [index, id] of ['a', 'b', 'c'].entries())
        await settled(store, id, { state: 'failed', failedLeaseMs: 3_000 - index * 1_000 })
      const claimed = await claimAt(store, now + 10_000, 2)
      assert.deepEqual(
        claimed.map(({ delivery }) => delivery.id),
        ['c', 'b'],
      )
    },
  },
]
