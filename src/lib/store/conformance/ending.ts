import assert from 'node:assert/strict'
import type { AttemptResult, ClaimedDelivery } from '../../delivery/stored-delivery.ts'
import type { ConformanceCase } from './case.ts'
import { accepted, claimIds, claimOne, failed, makeKnown, newDelivery, rejected, startMs, unreachable } from './rows.ts'

const now = startMs
const endedResult = { stale: false, frees: false, destination: undefined }

/** What `endAttempts` promises, also about responses. */
export const endingCases: readonly ConformanceCase[] = [
  {
    name: 'endAttempts keeps only the body of the last response of a delivery, and status and headers of all responses',
    async run(store) {
      await store.add({ rows: [newDelivery('a')], now })
      for (const attempt of [0, 1, 2])
        await store.endAttempts({ attempts: [rejected(await claimOne(store, now + attempt), 1)], now: now + attempt })
      const attempts = (await store.get('a'))?.attempts ?? []
      assert.deepEqual(
        attempts.map(({ response }) => [
          response?.status,
          response?.headers,
          response?.body.length,
          response?.bodyTruncated,
        ]),
        [
          [500, '{}', 0, true],
          [500, '{}', 0, true],
          [500, '{}', 11, false],
        ],
      )
    },
  },
  {
    name: 'endAttempts records a delivered attempt and its response',
    async run(store) {
      await makeKnown(store, now)
      await store.add({ rows: [newDelivery('a')], now })
      const lease = await claimOne(store, now)
      const results = await store.endAttempts({ attempts: [accepted(lease)], now: now + 20 })
      assert.deepEqual(results, [endedResult])
      const stored = await store.get('a')
      assert.equal(stored?.state, 'delivered')
      assert.equal(stored?.responseValid, true)
      assert.equal(stored?.settledAt, now + 20)
      assert.equal(stored?.nextAttemptAt, undefined)
      const [attempt] = stored?.attempts ?? []
      assert.equal(attempt?.outcome, 'accepted')
      assert.deepEqual([attempt?.startedAt, attempt?.finishedAt], [now, now + 20])
      assert.equal(attempt?.response?.status, 200)
      assert.equal(attempt?.response?.address, '192.0.2.1')
      assert.equal(Buffer.from(attempt?.response?.body ?? []).toString(), '{"ok":true}')
      assert.deepEqual(await claimIds(store, now + 1_000_000), [])
    },
  },
  {
    name: 'endAttempts distinguishes responses that were not checked from those that are as declared, or are not',
    async run(store) {
      await makeKnown(store, now)
      for (const responseValid of [undefined, false, true]) {
        const id = `valid-${responseValid}`
        await store.add({ rows: [newDelivery(id)], now })
        const settlement = accepted(await claimOne(store, now))
        const next = { state: 'delivered', responseValid, responseLeaseMs: undefined } as const
        await store.endAttempts({ attempts: [{ ...settlement, next }], now })
        assert.equal((await store.get(id))?.responseValid, responseValid)
      }
    },
  },
  {
    name: 'endAttempts schedules the next attempt from its own time',
    async run(store) {
      await store.add({ rows: [newDelivery('a')], now })
      const lease = await claimOne(store, now)
      await store.endAttempts({ attempts: [rejected(lease, 5_000)], now: now + 100 })
      const stored = await store.get('a')
      assert.equal(stored?.state, 'scheduled')
      assert.equal(stored?.nextAttemptAt, now + 5_100)
      assert.deepEqual(await claimIds(store, now + 5_099), [])
      const again = await claimOne(store, now + 5_100)
      assert.equal(again.attemptNumber, 2)
      assert.equal(again.retriesUsed, 1)
    },
  },
  {
    name: 'endAttempts uses up no retry for an abandoned attempt, and keeps why there is no response',
    async run(store) {
      await store.add({ rows: [newDelivery('a')], now })
      const lease = await claimOne(store, now)
      const next = { state: 'scheduled', delayMs: 0, usesRetry: false } as const
      const settlement = { ...unreachable(lease, 0), outcome: 'abandoned' as const, next, originSignal: undefined }
      await store.endAttempts({ attempts: [{ ...settlement, destinationSignal: undefined }], now })
      assert.equal((await claimOne(store, now)).retriesUsed, 0)
      const [attempt] = (await store.get('a'))?.attempts ?? []
      assert.equal(attempt?.response, undefined)
      assert.equal(attempt?.error, 'The connection was refused')
    },
  },
  {
    name: 'endAttempts ends several attempts at once, and refuses a token twice',
    async run(store) {
      await store.add({ rows: [newDelivery('a'), newDelivery('b', { host: 'b.example' })], now })
      const a = await claimOne(store, now)
      const b = await claimOne(store, now)
      const results = await store.endAttempts({ attempts: [accepted(a), failed(b), accepted(a)], now })
      assert.deepEqual(
        results.map(({ stale }) => stale),
        [false, false, true],
      )
      assert.deepEqual(await store.counts(), {
        scheduled: 0,
        attempting: 0,
        delivered: 1,
        failed: 1,
        blocked: 0,
        cancelled: 0,
      })
    },
  },
  {
    name: 'endAttempts of an unknown delivery is stale',
    async run(store) {
      const [result] = await store.endAttempts({ attempts: [accepted({ id: 'none', token: 1 })], now })
      assert.equal(result?.stale, true)
    },
  },
  {
    name: 'claim gives the status of the last response, and how many attempts in a row were abandoned since, up to ten',
    async run(store) {
      await store.add({ rows: [newDelivery('a')], now })
      let at = now
      const seen: unknown[] = []
      const next = async (end: (lease: ClaimedDelivery) => AttemptResult) => {
        const lease = await claimOne(store, at)
        seen.push([lease.lastStatus, lease.abandonedInARow])
        await store.endAttempts({ attempts: [end(lease)], now: at })
        at += 4_000_000
      }
      const abandoned = (lease: ClaimedDelivery): AttemptResult => ({
        ...{ ...unreachable(lease, 0), outcome: 'abandoned' },
        ...{ destinationSignal: undefined, originSignal: undefined },
      })
      await next(abandoned)
      await next(lease => rejected(lease, 0))
      await next(lease => unreachable(lease, 0))
      for (let count = 0; count < 12; count++) await next(abandoned)
      await next(lease => ({ ...rejected(lease, 0), response: { ...rejected(lease, 0).response!, status: 401 } }))
      await next(abandoned)
      const since = Array.from({ length: 13 }, (_, index) => [500, Math.min(index, 10)])
      assert.deepEqual(seen, [[undefined, 0], [undefined, 1], [500, 0], ...since, [401, 0]])
    },
  },
]
