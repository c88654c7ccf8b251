import assert from 'node:assert/strict'
import type { ConformanceCase } from './case.ts'
import { accepted, claimIds, claimOne, claimRequest, makeKnown, newDelivery, startMs } from './rows.ts'

const now = startMs
const leaseMs = 25_000

/** What `claim` and `release` promise. */
export const claimingCases: readonly ConformanceCase[] = [
  {
    name: 'claim gives the whole job with its token, and writes the attempt',
    async run(store) {
      const given = { content: new Uint8Array([0, 255, 1, 2, 3]), isSealed: true, recipient: 'customer-17' }
      const row = newDelivery('a', given)
      await store.add({ rows: [row], now })
      const { idempotencyKey, digest, orderingKey, dueAt, delayMs, isSealed, ...job } = row
      const claimed = await claimOne(store, now + 5)
      const { token, ...rest } = claimed
      assert.deepEqual(
        { ...rest, content: [...rest.content] },
        {
          ...job,
          lane: 'new',
          secretVersions: [1],
          content: [0, 255, 1, 2, 3],
          createdAt: now,
          attemptNumber: 1,
          retriesUsed: 0,
          lastStatus: undefined,
          abandonedInARow: 0,
        },
      )
      assert.ok(token > 0)
      const stored = await store.get('a')
      assert.equal(stored?.state, 'attempting')
      assert.equal(stored?.attemptCount, 1)
      const [attempt] = stored?.attempts ?? []
      assert.equal(attempt?.number, 1)
      assert.equal(attempt?.startedAt, now + 5)
      assert.equal(attempt?.outcome, undefined)
    },
  },
  {
    name: 'claim gives each delivery to one worker only',
    async run(store) {
      await makeKnown(store, now)
      await store.add({ rows: Array.from({ length: 30 }, (_, index) => newDelivery(`d${index}`)), now })
      const claims = await Promise.all(
        Array.from({ length: 5 }, () => claimIds(store, now, { limit: 8, perOrigin: 100 })),
      )
      const ids = claims.flat()
      assert.equal(ids.length, 30)
      assert.equal(new Set(ids).size, 30)
    },
  },
  {
    name: 'claim gives the oldest deliveries of a destination first, and no more than the limit',
    async run(store) {
      await makeKnown(store, now)
      const rows = [newDelivery('b', { dueAt: now - 5 }), newDelivery('c'), newDelivery('a', { dueAt: now - 10 })]
      await store.add({ rows, now })
      assert.deepEqual(await claimIds(store, now, { limit: 2 }), ['a', 'b'])
      assert.deepEqual(await claimIds(store, now, { limit: 2 }), ['c'])
    },
  },
  {
    name: 'claim counts the running attempts to an origin',
    async run(store) {
      await makeKnown(store, now, ['a.example', 'b.example'])
      await store.add({ rows: Array.from({ length: 5 }, (_, index) => newDelivery(`d${index}`)), now })
      await store.add({ rows: [newDelivery('other', { host: 'b.example' })], now })
      const running = new Map([['https://a.example', 3]])
      const ids = await claimIds(store, now, { perOrigin: 4, running })
      assert.deepEqual([...ids].sort(), ['d0', 'other'])
      const full = await store.claim(claimRequest(now, { perOrigin: 4, running: new Map([['https://a.example', 4]]) }))
      assert.deepEqual(full.claimed, [])
      assert.equal(full.nextDueInMs, 0)
    },
  },
  {
    name: 'claim shares its slots between destinations, however long each has waited',
    async run(store) {
      await makeKnown(store, now, ['a.example', 'b.example'])
      const rows = Array.from({ length: 20 }, (_, index) => newDelivery(`a${index}`, { host: 'a.example' }))
      await store.add({ rows, now })
      await store.add({ rows: [newDelivery('b', { host: 'b.example' })], now: now + 1 })
      await claimIds(store, now + 2, { limit: 1 })
      assert.deepEqual(await claimIds(store, now + 3, { limit: 1 }), ['b'])
    },
  },
  {
    name: 'claim shares the slots of an origin between its destinations',
    async run(store) {
      await makeKnown(store, now)
      const to = (path: string) => ({ destination: `https://a.example/${path}` })
      await store.add({ rows: Array.from({ length: 20 }, (_, index) => newDelivery(`x${index}`, to('x'))), now })
      await store.add({ rows: [newDelivery('y', to('y')), newDelivery('z', to('z'))], now: now + 1 })
      const ids = await claimIds(store, now + 2)
      assert.equal(ids.length, 8)
      assert.ok(ids.includes('y') && ids.includes('z'))
    },
  },
  {
    name: 'claim says when there will be something to claim',
    async run(store) {
      assert.equal((await store.claim(claimRequest(now))).nextDueInMs, undefined)
      await store.add({ rows: [newDelivery('later', { dueAt: now + 700 })], now })
      assert.equal((await store.claim(claimRequest(now + 100))).nextDueInMs, 600)
      await claimOne(store, now + 700)
      assert.equal((await store.claim(claimRequest(now + 700))).nextDueInMs, leaseMs)
    },
  },
  {
    name: 'claim takes back a delivery whose lease has passed, and its worker can no longer settle it',
    async run(store) {
      await store.add({ rows: [newDelivery('a')], now })
      const stale = await claimOne(store, now)
      assert.deepEqual(await claimIds(store, now + leaseMs - 1), [])
      const fresh = await claimOne(store, now + leaseMs)
      assert.notEqual(fresh.token, stale.token)
      assert.equal(fresh.attemptNumber, 2)
      assert.equal(fresh.retriesUsed, 0)
      const [refused] = await store.endAttempts({ attempts: [accepted(stale)], now: now + leaseMs })
      assert.equal(refused?.stale, true)
      const stored = await store.get('a')
      assert.equal(stored?.state, 'attempting')
      assert.deepEqual(
        stored?.attempts.map(({ outcome, startedAt, finishedAt }) => [outcome, startedAt, finishedAt]),
        [
          ['abandoned', now, now + leaseMs],
          [undefined, now + leaseMs, undefined],
        ],
      )
    },
  },
  {
    name: 'release gives a delivery back as if it had not been claimed',
    async run(store) {
      await store.add({ rows: [newDelivery('a')], now })
      const lease = await claimOne(store, now)
      await store.release({ leases: [lease], now: now + 1 })
      const stored = await store.get('a')
      assert.equal(stored?.state, 'scheduled')
      assert.equal(stored?.attemptCount, 0)
      assert.deepEqual(stored?.attempts, [])
      const again = await claimOne(store, now + 1)
      assert.equal(again.attemptNumber, 1)
      const [refused] = await store.endAttempts({ attempts: [accepted(lease)], now: now + 2 })
      assert.equal(refused?.stale, true)
    },
  },
]
