import assert from 'node:assert/strict'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import type { DestinationsChange, DestinationsQuery } from '../../delivery/isolation/stored-destination.ts'
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
  unreachable,
} from './rows.ts'

const now = startMs
const url = newDelivery('x').destination
const pause = { kind: 'pause', reason: 'Their deployment', by: 'ada' } as const
const resume = { kind: 'resume' } as const

const change = (store: DeliveryStore, made: DestinationsChange['change'], given: Partial<DestinationsChange> = {}) =>
  store.changeDestinations({
    ...{ origin: 'https://a.example', url, isBeginning: false, recipient: undefined, now },
    ...given,
    change: made,
  })

const list = async (store: DeliveryStore, query: Partial<DestinationsQuery> = {}) =>
  (await store.destinations({ limit: 100, now, ...query })).items

/** What pausing and resuming destinations and all sending promise, and what lists show of destinations. */
export const pausingCases: readonly ConformanceCase[] = [
  {
    name: 'claim gives nothing for a paused destination, and everything once it is resumed',
    async run(store) {
      await makeKnown(store, now, ['a.example', 'b.example'])
      await store.add({ rows: [newDelivery('a'), newDelivery('b', { host: 'b.example' })], now })
      assert.equal(await change(store, pause), 1)
      await store.add({ rows: [newDelivery('later'), newDelivery('x', { destination: 'https://a.example/x' })], now })
      const { claimed, nextDueInMs } = await store.claim(claimRequest(now))
      assert.deepEqual(claimed.map(({ id }) => id).toSorted(), ['b', 'x'])
      assert.equal(nextDueInMs, 25_000)
      assert.equal(await change(store, resume), 1)
      assert.deepEqual(await claimIds(store, now), ['a', 'later'])
    },
  },
  {
    name: 'a running attempt to a paused destination ends, and its retry waits',
    async run(store) {
      await makeKnown(store, now)
      await store.add({ rows: [newDelivery('a'), newDelivery('b')], now })
      const { claimed } = await store.claim(claimRequest(now))
      await change(store, pause)
      const [a, b] = claimed
      assert.ok(a !== undefined && b !== undefined)
      const results = await store.endAttempts({ attempts: [accepted(a), rejected(b, 0)], now })
      assert.deepEqual(
        results.map(({ stale }) => stale),
        [false, false],
      )
      assert.deepEqual(await claimIds(store, now + 60_000), [])
      await change(store, resume, { now: now + 60_000 })
      assert.deepEqual(await claimIds(store, now + 60_000), ['b'])
    },
  },
  {
    name: 'a destination can be paused before its first delivery, and stays paused after its last one',
    async run(store) {
      assert.equal(await change(store, pause), 1)
      await store.add({ rows: [newDelivery('a')], now })
      assert.deepEqual(await claimIds(store, now), [])
      await store.erase({ now, limit: 10 })
      await store.add({ rows: [newDelivery('b')], now })
      assert.deepEqual(await claimIds(store, now), [])
      await store.erase({ now, limit: 10 })
      assert.equal(await change(store, resume), 1)
      assert.deepEqual(await list(store), [])
      assert.equal(await change(store, resume), 0)
    },
  },
  {
    name: 'a pause without a recipient applies to all destinations at the URL, including later ones',
    async run(store) {
      await store.add({ rows: [newDelivery('a', { recipient: 'A' }), newDelivery('b', { recipient: 'B' })], now })
      assert.equal(await change(store, pause), 3)
      await store.add({ rows: [newDelivery('c', { recipient: 'C' }), newDelivery('none')], now })
      assert.deepEqual(await claimIds(store, now), [])
      assert.equal(await change(store, resume, { recipient: 'C' }), 1)
      assert.deepEqual(await claimIds(store, now), ['c'])
      assert.equal(await change(store, resume), 4)
    },
  },
  {
    name: 'a pause with a recipient applies only to that one',
    async run(store) {
      await makeKnown(store, now)
      const rows = [newDelivery('a', { recipient: 'A' }), newDelivery('b', { recipient: 'B' }), newDelivery('none')]
      await store.add({ rows, now })
      assert.equal(await change(store, pause, { recipient: 'A' }), 1)
      assert.deepEqual((await claimIds(store, now)).toSorted(), ['b', 'none'])
    },
  },
  {
    name: 'the beginning of a URL means existing destinations, and makes none',
    async run(store) {
      const at = (query: string) => ({ destination: `https://a.example/hook?${query}` })
      await store.add({ rows: [newDelivery('one', at('one')), newDelivery('two', at('two')), newDelivery('c')], now })
      const given = { url: 'https://a.example/hook?', isBeginning: true }
      assert.equal(await change(store, pause, given), 2)
      assert.deepEqual(await claimIds(store, now), ['c'])
      assert.equal(await change(store, pause, { ...given, url: 'https://a.example/other?' }), 0)
      assert.equal(await change(store, pause, { ...given, origin: 'https://nobody.example' }), 0)
      assert.equal((await list(store)).length, 3)
    },
  },
  {
    name: 'a resume closes the breakers of the destination and its origin',
    async run(store) {
      await store.add({ rows: [newDelivery('a'), newDelivery('b')], now })
      for (const at of [0, 10_000, 20_000, 30_000, 40_000])
        await store.endAttempts({ attempts: [unreachable(await claimOne(store, now + at), 10_000)], now: now + at })
      const later = now + 50_000
      assert.deepEqual(await claimIds(store, later), [])
      const [open] = await list(store, { state: 'open', now: later })
      assert.deepEqual([open?.failures, open?.originFailures, open?.pausedUntil], [5, 5, now + 70_000])
      await change(store, resume, { now: later })
      assert.equal((await claimIds(store, later)).length, 1)
      assert.equal((await list(store, { now: later }))[0]?.state, 'healthy')
    },
  },
  {
    name: 'destinations shows how each one is doing, what waits for it, and since when',
    async run(store) {
      await makeKnown(store, now - 90_000, ['a.example', 'b.example', 'c.example'])
      const key = { orderingKey: 'k' }
      await store.add({ rows: [newDelivery('b', { host: 'b.example' })], now: now - 60_000 })
      const signal = { kind: 'slow', retryAfterMs: 120_000 } as const
      const lease = await claimOne(store, now - 60_000)
      await store.endAttempts({ attempts: [{ ...failed(lease), destinationSignal: signal }], now: now - 60_000 })
      await store.add({ rows: [newDelivery('a1', key), newDelivery('a2', key), newDelivery('a3')], now: now - 50_000 })
      await change(store, pause, { now: now - 40_000 })
      await change(
        store,
        { kind: 'rate', ratePerSecond: 2.5 },
        { origin: 'https://c.example', url: 'https://c.example/events' },
      )
      const common = { recipient: undefined, failures: 0, originFailures: 0, pausedUntil: undefined }
      const idle = { pause: undefined, ratePerSecond: undefined, waiting: 0, oldestWaitingAt: undefined }
      const at = (host: string) => ({ url: `https://${host}.example/events`, lastSuccessAt: now - 90_000 })
      assert.deepEqual(await list(store), [
        { ...common, ...idle, ...at('c'), state: 'healthy', ratePerSecond: 2.5 },
        { ...common, ...idle, ...at('b'), state: 'slowed', failures: 1, pausedUntil: now + 60_000 },
        {
          ...common,
          ...idle,
          ...at('a'),
          state: 'paused',
          pause: { at: now - 40_000, reason: 'Their deployment', by: 'ada' },
          waiting: 3,
          oldestWaitingAt: now - 50_000,
        },
      ])
    },
  },
  {
    name: 'destinations filters by state and by text, a page at a time',
    async run(store) {
      const rows = Array.from({ length: 25 }, (_, index) =>
        newDelivery(`d${index}`, { host: `h${index}.example`, recipient: index % 2 ? 'odd' : undefined }),
      )
      await store.add({ rows, now })
      await change(store, pause, { origin: 'https://h7.example', url: 'https://h7.example/events', recipient: 'odd' })
      const paused = await list(store, { state: 'paused' })
      assert.deepEqual(
        paused.map(destination => destination.url),
        ['https://h7.example/events'],
      )
      assert.equal((await list(store, { text: 'odd' })).length, 12)
      assert.equal((await list(store, { text: 'h1.' })).length, 1)
      assert.deepEqual(await list(store, { text: 'H1.' }), [])
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await store.destinations({ limit: 10, now, cursor })
        seen.push(...page.items.map(destination => destination.url))
        cursor = page.nextCursor
      } while (cursor !== undefined)
      assert.deepEqual(seen, rows.map(({ destination }) => destination).toReversed())
    },
  },
  {
    name: 'pauseSending stops all claims until it resumes, while leases end and deliveries expire',
    async run(store) {
      await makeKnown(store, now, ['a.example', 'b.example'])
      const rows = [newDelivery('a'), newDelivery('b', { host: 'b.example' })]
      await store.add({ rows: [...rows, newDelivery('short', { expiresAt: now + 5_000, dueAt: now + 1 })], now })
      const lease = await claimOne(store, now)
      assert.equal(await store.sendingPause(), undefined)
      await store.pauseSending({ pause: { reason: 'Restored from a backup', by: 'ada' }, now })
      assert.deepEqual(await store.sendingPause(), { at: now, reason: 'Restored from a backup', by: 'ada' })
      const paused = await store.claim(claimRequest(now + 1))
      assert.deepEqual([paused.claimed, paused.nextDueInMs], [[], 4_999])
      const [ended] = await store.endAttempts({ attempts: [accepted(lease)], now: now + 1 })
      assert.equal(ended?.stale, false)
      const expired = await store.claim(claimRequest(now + 5_000))
      assert.deepEqual(
        [expired.claimed, expired.failed.map(({ id }) => id), expired.nextDueInMs],
        [[], ['short'], undefined],
      )
      await store.pauseSending({ pause: undefined, now: now + 5_000 })
      assert.equal(await store.sendingPause(), undefined)
      assert.equal((await claimIds(store, now + 5_000)).length, 1)
    },
  },
]
