import assert from 'node:assert/strict'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import type { ConformanceCase } from './case.ts'
import { accepted, claimOne, failed, newDelivery, rejected, startMs } from './rows.ts'

const start = startMs
const [afterMs, leaseMs] = [3_600_000, 60_000]

const claimAt = (store: DeliveryStore, now: number, limit = 10) => store.claimOutages({ now, limit, leaseMs, afterMs })
const toldAt = async (store: DeliveryStore, now: number) =>
  (await claimAt(store, now)).map(({ url, state, since, endedAt }) => [
    url,
    state,
    since - start,
    endedAt && endedAt - start,
  ])

/** Lets the attempt that is due at `now` fail, to be made again after `delayMs`. */
const rejectAt = async (store: DeliveryStore, now: number, delayMs: number) =>
  store.endAttempts({ attempts: [rejected(await claimOne(store, now), delayMs)], now })
const acceptAt = async (store: DeliveryStore, now: number) =>
  store.endAttempts({ attempts: [accepted(await claimOne(store, now))], now })

async function endAt(store: DeliveryStore, now: number, state: 'began' | 'ended', againInMs?: number): Promise<void> {
  const key = { origin: 'https://a.example', url: 'https://a.example/events', recipient: undefined, since: start }
  await store.endOutages({ outages: [{ ...key, state, againInMs }], now })
}

const url = 'https://a.example/events'

/** What stores promise about outages. */
export const outageCases: readonly ConformanceCase[] = [
  {
    name: 'claimOutages reports once that a destination has failed for so long, and once that it has recovered',
    async run(store) {
      await store.add({ rows: [newDelivery('a')], now: start })
      await rejectAt(store, start, 10 * afterMs)
      assert.deepEqual(await toldAt(store, start + afterMs - 1), [])
      assert.deepEqual(await toldAt(store, start + afterMs), [[url, 'began', 0, undefined]])
      await endAt(store, start + afterMs, 'began')
      assert.deepEqual(await toldAt(store, start + 9 * afterMs), [])
      const recovered = start + 20 * afterMs
      await acceptAt(store, recovered)
      assert.deepEqual(await toldAt(store, recovered + 5), [[url, 'ended', 0, recovered - start]])
      await endAt(store, recovered + 5, 'ended')
      assert.deepEqual(await toldAt(store, recovered + 9 * afterMs), [])
    },
  },
  {
    name: 'claimOutages reports nothing about a paused destination until it is resumed',
    async run(store) {
      await store.add({ rows: [newDelivery('a')], now: start })
      await rejectAt(store, start, 10 * afterMs)
      const now = start + 2 * afterMs
      const place = { origin: 'https://a.example', url, isBeginning: false, recipient: undefined, now }
      await store.changeDestinations({ ...place, change: { kind: 'pause', reason: 'Theirs', by: 'ada' } })
      assert.deepEqual(await toldAt(store, now), [])
      await store.changeDestinations({ ...place, change: { kind: 'resume' } })
      await store.pauseSending({ pause: { reason: 'Ours', by: 'ada' }, now })
      assert.deepEqual(await toldAt(store, now), [])
      await store.pauseSending({ pause: undefined, now })
      assert.deepEqual(await toldAt(store, now), [[url, 'began', 0, undefined]])
    },
  },
  {
    name: 'claimOutages leases an outage to one worker; if that one does not tell it, another one does',
    async run(store) {
      await store.add({ rows: [newDelivery('a')], now: start })
      await rejectAt(store, start, 10 * afterMs)
      const began = start + afterMs
      assert.equal((await claimAt(store, began)).length, 1)
      assert.equal((await claimAt(store, began + leaseMs - 1)).length, 0)
      assert.equal((await claimAt(store, began + leaseMs)).length, 1)
      await endAt(store, began + leaseMs, 'began', 5_000)
      assert.equal((await claimAt(store, began + leaseMs + 4_999)).length, 0)
      const [again] = await claimAt(store, began + leaseMs + 5_000)
      assert.deepEqual([again?.failures, again?.state], [1, 'began'])
    },
  },
  {
    name: 'an outage that ended before its beginning was told is told from its beginning',
    async run(store) {
      await store.add({ rows: [newDelivery('a')], now: start })
      await rejectAt(store, start, 2 * afterMs)
      assert.equal((await claimAt(store, start + afterMs)).length, 1)
      await acceptAt(store, start + 2 * afterMs)
      assert.deepEqual(await toldAt(store, start + 3 * afterMs), [[url, 'began', 0, undefined]])
      await endAt(store, start + 3 * afterMs, 'began')
      assert.deepEqual(await toldAt(store, start + 3 * afterMs), [[url, 'ended', 0, 2 * afterMs]])
    },
  },
  {
    name: 'no outage begins if a 2xx came in time, or if nothing waited for a while',
    async run(store) {
      await store.add({ rows: [newDelivery('a'), newDelivery('b', { host: 'b.example' })], now: start })
      await rejectAt(store, start, afterMs / 2)
      await store.endAttempts({ attempts: [failed(await claimOne(store, start))], now: start })
      await acceptAt(store, start + afterMs / 2)
      assert.deepEqual(await toldAt(store, start + 5 * afterMs), [])
      const later = start + 10 * afterMs
      await store.add({
        rows: [newDelivery('c'), newDelivery('d', { host: 'b.example' })],
        now: later,
      })
      await rejectAt(store, later, afterMs)
      await rejectAt(store, later, afterMs)
      assert.deepEqual(await toldAt(store, later + afterMs - 1), [])
      assert.equal((await toldAt(store, later + afterMs)).length, 2)
    },
  },
  {
    name: 'an outage goes on while nothing waits, and ends with the next 2xx',
    async run(store) {
      await store.add({ rows: [newDelivery('a')], now: start })
      await rejectAt(store, start, 2 * afterMs)
      await claimAt(store, start + afterMs)
      await endAt(store, start + afterMs, 'began')
      await store.cancel({ id: 'a', now: start + 2 * afterMs })
      assert.deepEqual(await toldAt(store, start + 3 * afterMs), [])
      await store.add({ rows: [newDelivery('b')], now: start + 4 * afterMs })
      await acceptAt(store, start + 4 * afterMs)
      assert.deepEqual(await toldAt(store, start + 4 * afterMs), [[url, 'ended', 0, 4 * afterMs]])
    },
  },
  {
    name: 'outages are told by destination: recipients and paths are kept apart',
    async run(store) {
      const rows = [
        newDelivery('a'),
        newDelivery('b', { recipient: 'one' }),
        newDelivery('c', { destination: 'https://a.example/other', url: 'https://a.example/other/c' }),
      ]
      for (const row of rows) {
        await store.add({ rows: [row], now: start })
        await rejectAt(store, start, 9 * afterMs)
      }
      const told = (await claimAt(store, start + afterMs)).map(outage => [outage.url, outage.recipient])
      assert.deepEqual(told, [
        [url, undefined],
        [url, 'one'],
        ['https://a.example/other', undefined],
      ])
    },
  },
]
