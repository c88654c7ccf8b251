import assert from 'node:assert/strict'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import type { ConformanceCase } from './case.ts'
import {
  accepted,
  claimIds,
  claimOne,
  claimRequest,
  failed,
  makeKnown,
  newDelivery,
  rejected,
  startMs,
} from './rows.ts'

const now = startMs
const expiresAt = now + 10_000
const key = { orderingKey: 'invoice-7' }

/** Claims, and returns the ids of what is leased and of what failed in the claim. */
async function claim(store: DeliveryStore, at: number) {
  const { claimed, failed } = await store.claim(claimRequest(at))
  return { claimed: claimed.map(({ id }) => id), failed: failed.map(({ id, reason }) => [id, reason]) }
}

/** What `expiresAt` promises. */
export const expiringCases: readonly ConformanceCase[] = [
  {
    name: 'claim gives a delivery until it expires, and then fails it and says so',
    async run(store) {
      await makeKnown(store, now)
      await store.add({ rows: [newDelivery('a', { expiresAt }), newDelivery('b', { expiresAt })], now })
      const { claimed } = await store.claim(claimRequest(expiresAt - 1, { limit: 1 }))
      assert.deepEqual(
        claimed.map(({ id, expiresAt }) => [id, expiresAt]),
        [['a', expiresAt]],
      )
      assert.deepEqual(await claim(store, expiresAt), { claimed: [], failed: [['b', 'expired']] })
      const stored = await store.get('b')
      assert.deepEqual([stored?.state, stored?.reason, stored?.attemptCount], ['failed', 'expired', 0])
      assert.deepEqual([stored?.settledAt, stored?.attempts], [expiresAt, []])
      const { scheduled, attempting, failed } = await store.counts()
      assert.deepEqual({ scheduled, attempting, failed }, { scheduled: 0, attempting: 1, failed: 1 })
    },
  },
  {
    name: 'claim says when something expires that waits for something else',
    async run(store) {
      await store.add({ rows: [newDelivery('a', { dueAt: now + 60_000, expiresAt: now + 70_000 })], now })
      assert.equal((await store.claim(claimRequest(now))).nextDueInMs, 60_000)
      await store.endAttempts({ attempts: [rejected(await claimOne(store, now + 60_000), 60_000)], now: now + 60_000 })
      assert.equal((await store.claim(claimRequest(now + 60_000))).nextDueInMs, 10_000)
    },
  },
  {
    name: 'a running attempt ends as usual, and a retry does not begin',
    async run(store) {
      await makeKnown(store, now)
      await store.add({ rows: ['a', 'b'].map(id => newDelivery(id, { expiresAt })), now })
      const { claimed } = await store.claim(claimRequest(expiresAt - 1))
      const [a, b] = claimed
      assert.ok(a !== undefined && b !== undefined)
      assert.deepEqual(await claim(store, expiresAt), { claimed: [], failed: [] })
      await store.endAttempts({ attempts: [accepted(a), rejected(b, 5_000)], now: expiresAt + 5_000 })
      assert.equal((await store.get('a'))?.state, 'delivered')
      assert.deepEqual(await claim(store, expiresAt + 5_000), { claimed: [], failed: [['b', 'expired']] })
    },
  },
  {
    name: 'endAttempts keeps the reason that it is given',
    async run(store) {
      await store.add({ rows: [newDelivery('a', { expiresAt })], now })
      const end = failed(await claimOne(store, now))
      await store.endAttempts({ attempts: [{ ...end, next: { state: 'failed', reason: 'expired' } }], now })
      assert.equal((await store.get('a'))?.reason, 'expired')
    },
  },
  {
    name: 'a delivery that expires while its destination is paused fails, and the others there stay',
    async run(store) {
      await makeKnown(store, now)
      await store.add({ rows: [newDelivery('a'), newDelivery('b', { expiresAt }), newDelivery('c')], now })
      const signal = { kind: 'slow', retryAfterMs: 60_000 } as const
      await store.endAttempts({
        attempts: [{ ...failed(await claimOne(store, now)), destinationSignal: signal }],
        now,
      })
      assert.deepEqual(await claim(store, expiresAt), { claimed: [], failed: [['b', 'expired']] })
      assert.deepEqual(await claimIds(store, now + 60_000), ['c'])
    },
  },
  {
    name: 'a delivery that expires behind or before others of its ordering key lets these go on in their order',
    async run(store) {
      await makeKnown(store, now)
      const rows = [
        newDelivery('a', { ...key, expiresAt }),
        newDelivery('b', { ...key, expiresAt }),
        newDelivery('c', key),
        newDelivery('d', { ...key, expiresAt: expiresAt + 5 }),
        newDelivery('e', key),
      ]
      await store.add({ rows, now })
      await store.endAttempts({ attempts: [rejected(await claimOne(store, now), 20_000)], now })
      const both = [
        ['a', 'expired'],
        ['b', 'expired'],
      ]
      assert.deepEqual(await claim(store, expiresAt), { claimed: ['c'], failed: both })
      assert.deepEqual(await claim(store, expiresAt + 5), { claimed: [], failed: [['d', 'expired']] })
      const lease = (await store.get('c'))?.attemptCount ?? 0
      await store.endAttempts({ attempts: [accepted({ id: 'c', token: lease })], now: expiresAt + 5 })
      assert.deepEqual(await claimIds(store, expiresAt + 5), ['e'])
    },
  },
  {
    name: 'a delivery whose worker died has failed once it has expired, and is not sent any more',
    async run(store) {
      await store.add({ rows: [newDelivery('a', { expiresAt })], now })
      await claimOne(store, now)
      assert.deepEqual(await claim(store, now + 25_000), { claimed: [], failed: [['a', 'expired']] })
      assert.equal((await store.get('a'))?.attempts[0]?.outcome, 'abandoned')
    },
  },
  {
    name: 'a replay never expires, neither under its own id nor as a copy',
    async run(store) {
      await makeKnown(store, now)
      await store.add({ rows: [newDelivery('a', { expiresAt })], now })
      await store.claim(claimRequest(expiresAt))
      await store.replay({ id: 'a', newId: 'copy', now: expiresAt })
      await store.replay({ id: 'a', now: expiresAt })
      assert.deepEqual((await claimIds(store, expiresAt + 1)).toSorted(), ['a', 'copy'])
    },
  },
  {
    name: 'a delivery that expires while it is held fails, is no longer made due, and can be taken back',
    async run(store) {
      const rows = ['a', 'b'].map(id => newDelivery(id, { expiresAt }))
      await store.add({ rows, now, heldUntil: now + 60_000 })
      assert.equal((await claim(store, expiresAt)).failed.length, 2)
      const deliveries = [{ id: 'a', dueAt: undefined, delayMs: undefined }]
      assert.deepEqual(await store.makeDue({ deliveries, now: expiresAt }), [])
      assert.deepEqual(await store.takeBack({ ids: ['b'], now: expiresAt }), ['b'])
      assert.equal(await store.get('b'), undefined)
    },
  },
  {
    name: 'many deliveries that expire at the same time are never claimed, and all of them fail',
    async run(store) {
      await makeKnown(store, now)
      const rows = Array.from({ length: 1_100 }, (_, index) => newDelivery(`d${index}`, { expiresAt }))
      await store.add({ rows: [...rows, newDelivery('last')], now })
      const first = await claim(store, expiresAt)
      assert.deepEqual(first.claimed, ['last'])
      for (let turns = 0; turns < 2; turns++) assert.deepEqual((await claim(store, expiresAt)).claimed, [])
      assert.equal((await store.counts()).failed, 1_100)
    },
  },
]
