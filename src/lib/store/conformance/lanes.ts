import assert from 'node:assert/strict'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import type { LaneLimits } from '../../delivery/isolation/origin-lane.ts'
import type { AttemptResult } from '../../delivery/stored-delivery.ts'
import type { ConformanceCase } from './case.ts'
import { accepted, claimIds, claimOne, claimRequest, makeKnown, newDelivery, rejected, startMs } from './rows.ts'

const now = startMs
const none: LaneLimits = { strangers: 0, new: 0, newOfAnyGroup: 0, first: 0 }

/** An attempt that got no response within the time limit, to be made again after `delayMs`. */
function timedOut(lease: { readonly id: string; readonly token: number }, delayMs: number): AttemptResult {
  const end = { outcome: 'timed-out', response: undefined, originSignal: undefined } as const
  return { ...rejected(lease, delayMs), ...end, destinationSignal: { kind: 'slow' } }
}

/** Adds one delivery each for new origins of one recipient, in their order. */
async function addNew(store: DeliveryStore, recipient: string, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => {
    const id = `${recipient}${index}`
    return newDelivery(id, { host: `${id}.example`, recipient })
  })
  await store.add({ rows, now })
}

/** What lanes promise: however many origins do not respond, those that do never wait for them. */
export const laneCases: readonly ConformanceCase[] = [
  {
    name: 'claim gives a new origin one attempt at a time, and all it may have once it has responded',
    async run(store) {
      await store.add({ rows: ['a', 'b', 'c'].map(id => newDelivery(id)), now })
      const { claimed } = await store.claim(claimRequest(now))
      assert.deepEqual(
        claimed.map(({ id, lane }) => [id, lane]),
        [['a', 'new']],
      )
      assert.deepEqual(await claimIds(store, now + 1), [])
      const [settled] = await store.endAttempts({
        attempts: claimed.map(lease => rejected(lease, 60_000)),
        now: now + 2,
      })
      assert.equal(settled?.frees, true)
      const next = await store.claim(claimRequest(now + 2))
      assert.deepEqual(
        next.claimed.map(({ id, lane }) => [id, lane]),
        [
          ['b', 'known'],
          ['c', 'known'],
        ],
      )
    },
  },
  {
    name: 'claim gives what goes to a known origin at once, however many new ones came before it',
    async run(store) {
      await makeKnown(store, now)
      for (const recipient of ['x', 'y']) await addNew(store, recipient, 1_100)
      await store.add({ rows: [newDelivery('known')], now })
      const { claimed, nextDueInMs = Number.POSITIVE_INFINITY } = await store.claim(claimRequest(now))
      assert.ok(claimed.some(({ id }) => id === 'known'))
      assert.ok(claimed.length > 1)
      assert.ok(nextDueInMs <= 1)
    },
  },
  {
    name: 'claim gives an origin that did not respond one attempt at a time, until it responds again',
    async run(store) {
      await makeKnown(store, now)
      const to = (path: string) => ({ destination: `https://a.example/${path}` })
      await store.add({ rows: [newDelivery('x', to('x')), newDelivery('y', to('y')), newDelivery('z', to('z'))], now })
      await store.endAttempts({ attempts: [timedOut(await claimOne(store, now), 60_000)], now })
      const silent = await store.claim(claimRequest(now))
      assert.deepEqual(
        silent.claimed.map(({ lane }) => lane),
        ['silent'],
      )
      await store.endAttempts({ attempts: silent.claimed.map(accepted), now: now + 1 })
      assert.equal((await claimIds(store, now + 1)).length, 1)
      await store.add({ rows: [newDelivery('y2', to('y')), newDelivery('z2', to('z'))], now: now + 1 })
      assert.equal((await claimIds(store, now + 1)).length, 2)
    },
  },
  {
    name: 'claim lets another worker take over a stranger only when its worker has died',
    async run(store) {
      await store.add({ rows: [newDelivery('a'), newDelivery('b')], now })
      await claimOne(store, now)
      assert.deepEqual(await claimIds(store, now + 24_999), [])
      assert.equal((await claimIds(store, now + 25_000)).length, 1)
      assert.deepEqual(await claimIds(store, now + 25_000), [])
    },
  },
  {
    name: 'release of an attempt to a stranger allows the next one, and shows nothing about the origin',
    async run(store) {
      await store.add({ rows: [newDelivery('a'), newDelivery('b')], now })
      await store.release({ leases: [await claimOne(store, now)], now })
      const { lane } = await claimOne(store, now)
      assert.equal(lane, 'new')
    },
  },
  {
    name: 'claim gives strangers no more than their limit, and known origins what is left',
    async run(store) {
      await makeKnown(store, now)
      await addNew(store, 'many', 30)
      await store.add({ rows: [newDelivery('known')], now: now + 1 })
      assert.deepEqual(await claimIds(store, now + 1, { lanes: none }), ['known'])
      const lanes = { strangers: 7, new: 5, newOfAnyGroup: 5, first: 0 }
      const { claimed } = await store.claim(claimRequest(now + 1, { lanes }))
      assert.equal(claimed.length, 5)
      const silent = claimed.map(lease => timedOut(lease, 0))
      await store.endAttempts({ attempts: silent, now: now + 1 })
      const both = await store.claim(claimRequest(now + 20_000, { lanes }))
      assert.deepEqual(both.claimed.map(({ lane }) => lane).sort(), [
        'new',
        'new',
        'new',
        'new',
        'new',
        'silent',
        'silent',
      ])
    },
  },
  {
    name: 'claim serves known origins before strangers, except for the first few',
    async run(store) {
      await addNew(store, 'many', 3)
      const most = await store.claim(claimRequest(now, { limit: 1 }))
      await store.endAttempts({ attempts: most.claimed.map(lease => rejected(lease, 0)), now })
      const lanes = { strangers: 8, new: 8, newOfAnyGroup: 8, first: 0 }
      assert.deepEqual(
        await claimIds(store, now + 1, { limit: 1, lanes }),
        most.claimed.map(({ id }) => id),
      )
      const first = await store.claim(claimRequest(now + 1, { limit: 1, lanes: { ...lanes, first: 1 } }))
      assert.deepEqual(
        first.claimed.map(({ lane }) => lane),
        ['new'],
      )
    },
  },
  {
    name: 'claim takes turns between the groups of new origins, however many origins one group has',
    async run(store) {
      await addNew(store, 'many', 50)
      await claimIds(store, now, { limit: 10 })
      await addNew(store, 'one', 1)
      assert.deepEqual(await claimIds(store, now, { limit: 1 }), ['one0'])
      await addNew(store, 'two', 2)
      const ids = await claimIds(store, now, { limit: 4 })
      assert.equal(ids.filter(id => id.startsWith('two')).length, 2)
    },
  },
  {
    name: 'claim keeps slots for groups that have few new origins',
    async run(store) {
      await addNew(store, 'many', 50)
      const lanes = { strangers: 20, new: 20, newOfAnyGroup: 10, first: 20 }
      const ids = await claimIds(store, now, { lanes })
      // The first eight origins of the group came while it had few.
      assert.ok(ids.length <= 18, `${ids.length} of one group`)
      await addNew(store, 'few', 3)
      const reserved = await claimIds(store, now, { lanes: { ...lanes, newOfAnyGroup: 0 } })
      assert.deepEqual(reserved.filter(id => id.startsWith('few')).sort(), ['few0', 'few1', 'few2'])
    },
  },
  {
    name: 'claim leaves a new origin alone until something is due there',
    async run(store) {
      await store.add({ rows: [newDelivery('later', { dueAt: now + 5_000 })], now })
      const before = await store.claim(claimRequest(now))
      assert.deepEqual([before.claimed, before.nextDueInMs], [[], 5_000])
      assert.deepEqual(await claimIds(store, now + 5_000), ['later'])
    },
  },
  {
    name: 'claim takes no further row once the contents fill the room for bytes',
    async run(store) {
      await makeKnown(store, now)
      const content = new Uint8Array(1_000)
      await store.add({ rows: ['a', 'b', 'c', 'd'].map(id => newDelivery(id, { content })), now })
      assert.deepEqual(await claimIds(store, now, { limitBytes: 0 }), [])
      assert.deepEqual(await claimIds(store, now, { limitBytes: 1_001 }), ['a', 'b'])
    },
  },
]
