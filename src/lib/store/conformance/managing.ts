import assert from 'node:assert/strict'
import type { ConformanceCase } from './case.ts'
import { accepted, claimIds, claimOne, claimRequest, failed, makeKnown, newDelivery, startMs } from './rows.ts'

const now = startMs
const dayMs = 86_400_000

/** What reading, changing and purging deliveries promise. */
export const managingCases: readonly ConformanceCase[] = [
  {
    name: 'list gives pages, the newest first, without gaps',
    async run(store) {
      await store.add({ rows: ['a', 'b', 'c', 'd', 'e'].map(id => newDelivery(id)), now })
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await store.list({ limit: 2, cursor })
        seen.push(...page.items.map(({ id }) => id))
        cursor = page.nextCursor
      } while (cursor !== undefined)
      assert.deepEqual(seen, ['e', 'd', 'c', 'b', 'a'])
    },
  },
  {
    name: 'list filters by state, operation, callback, the beginning of the URL, and time',
    async run(store) {
      await store.add({ rows: [newDelivery('a'), newDelivery('b', { operation: 'other' })], now })
      await store.add({
        rows: [newDelivery('c', { callback: 'other' }), newDelivery('d', { host: 'b.example' })],
        now: now + 10,
      })
      await store.cancel({ id: 'a', now })
      const ids = async (filter: object) =>
        (await store.list({ limit: 10, ...filter })).items.map(({ id }) => id).sort()
      assert.deepEqual(await ids({ state: 'cancelled' }), ['a'])
      assert.deepEqual(await ids({ operation: 'other' }), ['b'])
      assert.deepEqual(await ids({ callback: 'other' }), ['c'])
      assert.deepEqual(await ids({ url: 'https://b.example/' }), ['d'])
      assert.deepEqual(await ids({ url: 'example' }), [])
      assert.deepEqual(await ids({ since: now + 10 }), ['c', 'd'])
      assert.deepEqual(await ids({ until: now + 10, state: 'scheduled' }), ['b'])
    },
  },
  {
    name: 'cancel ends a delivery that is not settled, and its running attempt can no longer settle it',
    async run(store) {
      await makeKnown(store, now, ['a.example', 'b.example'])
      await store.add({ rows: [newDelivery('a'), newDelivery('b', { host: 'b.example' })], now })
      const a = await claimOne(store, now)
      assert.equal(await store.cancel({ id: 'a', now: now + 1 }), true)
      assert.equal(await store.cancel({ id: 'b', now: now + 1 }), true)
      assert.equal(await store.cancel({ id: 'a', now: now + 1 }), false)
      assert.equal(await store.cancel({ id: 'none', now }), false)
      assert.equal((await store.endAttempts({ attempts: [accepted(a)], now: now + 2 }))[0]?.stale, true)
      const { outcome, startedAt, finishedAt } = (await store.get('a'))?.attempts[0] ?? {}
      assert.deepEqual([outcome, startedAt, finishedAt], ['abandoned', now, now + 1])
      assert.equal((await store.counts()).cancelled, 2)
      const { claimed, nextDueInMs } = await store.claim(claimRequest(now + 1_000_000))
      assert.deepEqual({ claimed, nextDueInMs }, { claimed: [], nextDueInMs: undefined })
    },
  },
  {
    name: 'replay sends a settled delivery again under its own id, with a fresh schedule',
    async run(store) {
      await store.add({ rows: [newDelivery('a')], now })
      await store.endAttempts({ attempts: [failed(await claimOne(store, now))], now })
      assert.equal(await store.replay({ id: 'a', now: now + 100 }), 'replayed')
      assert.equal(await store.replay({ id: 'a', now: now + 100 }), 'not-settled')
      const again = await claimOne(store, now + 100)
      assert.equal(again.retriesUsed, 0)
      assert.equal(again.attemptNumber, 2)
      await store.endAttempts({ attempts: [accepted(again)], now: now + 200 })
      assert.equal((await store.get('a'))?.settledAt, now + 200)
    },
  },
  {
    name: 'replay makes a new delivery of the same bytes under a new id',
    async run(store) {
      await store.add({ rows: [newDelivery('a', { idempotencyKey: 'key', digest: 'one' })], now })
      assert.equal(await store.replay({ id: 'none', newId: 'b', now }), 'missing')
      await store.endAttempts({ attempts: [failed(await claimOne(store, now))], now })
      assert.equal(await store.replay({ id: 'a', newId: 'b', now: now + 100 }), 'replayed')
      assert.equal((await store.get('a'))?.state, 'failed')
      const copy = await claimOne(store, now + 100)
      assert.equal(copy.id, 'b')
      assert.equal(copy.attemptNumber, 1)
      assert.equal(copy.createdAt, now + 100)
      assert.equal(Buffer.from(copy.content ?? []).toString(), '{"id":"a"}')
      const { operation, callback, destination, recipient } = copy
      const key = { operation, callback, destination, recipient }
      assert.equal((await store.find({ ...key, idempotencyKey: 'key' }))?.id, 'a')
    },
  },
  {
    name: 'erase removes what matches for good, up to the limit',
    async run(store) {
      const rows = ['a', 'b', 'c'].map(id => newDelivery(id, { host: 'b.example' }))
      await store.add({ rows: [...rows, newDelivery('kept')], now })
      assert.equal(await store.erase({ url: 'https://b.example/', now, limit: 2 }), 2)
      assert.equal(await store.erase({ url: 'https://b.example/', now, limit: 2 }), 1)
      assert.equal(await store.get('a'), undefined)
      assert.deepEqual(await claimIds(store, now), ['kept'])
    },
  },
  {
    name: 'erase removes large deliveries a few at a time, and none only when none is left',
    async run(store) {
      const rows = ['a', 'b', 'c', 'd', 'e'].map(id => newDelivery(id, { content: new Uint8Array(1_500_000) }))
      await store.add({ rows, now })
      let erased = 0
      for (let count = 1; count > 0; erased += count) count = await store.erase({ now, limit: 10 })
      assert.equal(erased, 5)
      assert.deepEqual((await store.list({ limit: 10 })).items, [])
    },
  },
  {
    name: 'purge removes bytes first, then rows, failed ones last, and nothing that is not settled',
    async run(store) {
      const hosts = ['delivered', 'failed', 'open']
      await store.add({ rows: hosts.map(id => newDelivery(id, { host: `${id}.example` })), now })
      const { claimed } = await store.claim(claimRequest(now))
      const lease = (id: string) => claimed.find(delivery => delivery.id === id) ?? { id, token: 0 }
      await store.endAttempts({ attempts: [accepted(lease('delivered')), failed(lease('failed'))], now })
      await store.release({ leases: [lease('open')], now })
      const purge = (days: number) =>
        store.purge({
          now: now + days * dayMs + 1,
          bytesMs: 7 * dayMs,
          webhookMs: 7 * dayMs,
          rowsMs: 30 * dayMs,
          failedMs: 90 * dayMs,
        })
      await purge(6)
      assert.notEqual((await store.get('delivered'))?.content, undefined)
      await purge(7)
      const stripped = await store.get('delivered')
      assert.equal(stripped?.state, 'delivered')
      assert.equal(stripped?.content, undefined)
      assert.equal(stripped?.attempts[0]?.outcome, 'accepted')
      assert.equal(stripped?.attempts[0]?.response, undefined)
      assert.equal(await store.replay({ id: 'failed', now: now + 8 * dayMs }), 'bytes-purged')
      await purge(30)
      assert.equal(await store.get('delivered'), undefined)
      assert.equal((await store.get('failed'))?.state, 'failed')
      await purge(90)
      assert.equal(await store.get('failed'), undefined)
      assert.deepEqual(await claimIds(store, now + 91 * dayMs), ['open'])
    },
  },
  {
    name: 'a destination stays while there is a delivery to it, even if that is a copy of one that is gone',
    async run(store) {
      await store.add({ rows: [newDelivery('first', { destination: 'https://a.example/first' })], now })
      await store.cancel({ id: 'first', now })
      await store.replay({ id: 'first', newId: 'copy', now: now + 1 })
      const copy = await claimOne(store, now + 1)
      await store.purge({ now: now + dayMs, bytesMs: 0, webhookMs: 0, rowsMs: 0, failedMs: 0 })
      await store.purge({ now: now + dayMs, bytesMs: 0, webhookMs: 0, rowsMs: 0, failedMs: 0 })
      assert.equal(await store.get('first'), undefined)
      await store.release({ leases: [copy], now })
      await store.add({ rows: [newDelivery('second', { destination: 'https://a.example/second' })], now })
      assert.equal((await store.get('copy'))?.destination, 'https://a.example/first')
      assert.equal((await store.get('second'))?.destination, 'https://a.example/second')
      const again = await claimOne(store, now + 1)
      await store.endAttempts({ attempts: [accepted(again)], now: now + 1 })
      assert.deepEqual([again.id, ...(await claimIds(store, now + 1))].toSorted(), ['copy', 'second'])
    },
  },
  {
    name: 'a destination without deliveries is forgotten, with everything that was known about it',
    async run(store) {
      await store.add({ rows: [newDelivery('paused')], now })
      const lease = await claimOne(store, now)
      const signal = { kind: 'slow', retryAfterMs: 3_600_000 } as const
      await store.endAttempts({ attempts: [{ ...failed(lease), destinationSignal: signal }], now })
      await store.add({ rows: [newDelivery('waits')], now })
      assert.deepEqual(await claimIds(store, now), [])
      await store.erase({ now, limit: 2 })
      await store.add({ rows: [newDelivery('fresh')], now })
      assert.deepEqual(await claimIds(store, now), ['fresh'])
    },
  },
]
