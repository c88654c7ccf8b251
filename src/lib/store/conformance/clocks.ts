import assert from 'node:assert/strict'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import type { NewDelivery } from '../../delivery/stored-delivery.ts'
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
const minute = 60_000
const day = 86_400_000
const key = { orderingKey: 'invoice-7' }

const aheadBy: readonly (readonly [words: string, ms: number])[] = [
  ['a minute', minute],
  ['a day', day],
  ['four years', 4 * 365 * day],
]

interface ClockCase {
  readonly name: string
  /** `wrong` is the time of a clock that runs ahead and is then corrected to `now`. */
  run(store: DeliveryStore, wrong: number): Promise<void>
}

const add = (store: DeliveryStore, at: number, ...rows: readonly NewDelivery[]) => store.add({ rows, now: at })
const dueAt = async (store: DeliveryStore, id: string) => (await store.get(id))?.nextAttemptAt

const afterwards: readonly ClockCase[] = [
  {
    name: 'what was stored to be sent at once is due at once, and so is all with its ordering key',
    async run(store, wrong) {
      await makeKnown(store, wrong)
      await add(store, wrong, newDelivery('a', key), newDelivery('b', key), newDelivery('free'))
      await add(store, now, newDelivery('c', key))
      assert.equal(await dueAt(store, 'a'), now)
      const { claimed } = await store.claim(claimRequest(now))
      assert.deepEqual(claimed.map(({ id }) => id).sort(), ['a', 'free'])
      await store.endAttempts({ attempts: claimed.map(accepted), now })
      await store.endAttempts({ attempts: [accepted(await claimOne(store, now))], now })
      assert.deepEqual(await claimIds(store, now), ['c'])
    },
  },
  {
    name: 'a delivery that waited behind another, and no longer does, is due at once',
    async run(store, wrong) {
      await makeKnown(store, wrong)
      await add(store, wrong, newDelivery('a', key), newDelivery('b', key))
      await store.endAttempts({ attempts: [accepted(await claimOne(store, wrong))], now: wrong + 5 })
      assert.deepEqual(await claimIds(store, now), ['b'])
    },
  },
  {
    name: 'a retry is due no later than its wait from now, and what waits behind it waits no longer',
    async run(store, wrong) {
      await makeKnown(store, wrong)
      await add(store, wrong, newDelivery('a', key), newDelivery('b', key))
      await store.endAttempts({ attempts: [rejected(await claimOne(store, wrong), 30_000)], now: wrong })
      assert.deepEqual(await claimIds(store, now), [])
      assert.equal(await dueAt(store, 'a'), now + 30_000)
      assert.deepEqual(await claimIds(store, now + 29_999), [])
      const again = await claimOne(store, now + 30_000)
      await store.endAttempts({ attempts: [accepted(again)], now: now + 30_000 })
      assert.deepEqual([again.id, ...(await claimIds(store, now + 30_000))], ['a', 'b'])
    },
  },
  {
    name: 'a wait before the first attempt becomes no longer, and a time that was asked for stays as it is',
    async run(store, wrong) {
      await makeKnown(store, now)
      await add(
        store,
        wrong,
        newDelivery('waits', { delayMs: 20_000 }),
        newDelivery('asked', { dueAt: now + 40_000 }),
        newDelivery('later', { dueAt: wrong + 10 * day }),
      )
      await store.claim(claimRequest(now, { limit: 0 }))
      const times = await Promise.all(['waits', 'asked', 'later'].map(id => dueAt(store, id)))
      assert.deepEqual(times, [now + 20_000, now + 40_000, wrong + 10 * day])
      assert.deepEqual(await claimIds(store, now + 19_999), [])
      assert.deepEqual(await claimIds(store, now + 20_000), ['waits'])
      assert.deepEqual(await claimIds(store, now + 40_000), ['asked'])
    },
  },
  {
    name: 'the lease of a dead worker is over, and the end of its attempt is refused',
    async run(store, wrong) {
      await add(store, wrong, newDelivery('a'))
      const stale = await claimOne(store, wrong)
      const fresh = await claimOne(store, now)
      assert.deepEqual([fresh.id, fresh.attemptNumber], ['a', 2])
      const [refused] = await store.endAttempts({ attempts: [accepted(stale)], now })
      assert.equal(refused?.stale, true)
    },
  },
  {
    name: 'the lease of a running attempt lasts from now, and its end is accepted',
    async run(store, wrong) {
      await add(store, wrong, newDelivery('a'), newDelivery('b', { host: 'b.example' }))
      const [goesOn, died] = [await claimOne(store, wrong), await claimOne(store, wrong)]
      const alive = [goesOn, { id: died.id, token: died.token + 1 }, { id: 'none', token: 1 }]
      assert.deepEqual(await claimIds(store, now, { alive }), [died.id])
      assert.deepEqual(await claimIds(store, now + 24_999), [])
      const [ended] = await store.endAttempts({ attempts: [accepted(goesOn)], now: now + 24_999 })
      assert.equal(ended?.stale, false)
    },
  },
  {
    name: 'a delivery that its worker gives back is due at once',
    async run(store, wrong) {
      await add(store, wrong, newDelivery('a'))
      const lease = await claimOne(store, wrong)
      await store.release({ leases: [lease], now })
      assert.deepEqual(await claimIds(store, now), ['a'])
    },
  },
  {
    name: 'a destination that was slowed or asked for a pause can be sent to at once, and so can a host that failed',
    async run(store, wrong) {
      await makeKnown(store, wrong, ['a.example', 'b.example', 'c.example'])
      for (const host of ['a.example', 'b.example', 'c.example'])
        await add(store, wrong, newDelivery(`slow-${host}`, { host }), newDelivery(`next-${host}`, { host }))
      const { claimed } = await store.claim(claimRequest(wrong, { perOrigin: 1 }))
      const [a, b, c] = claimed.toSorted((one, other) => one.id.localeCompare(other.id))
      assert.ok(a !== undefined && b !== undefined && c !== undefined)
      const retryAfter = { kind: 'slow', retryAfterMs: 3_600_000 } as const
      const attempts = [
        { ...failed(a), destinationSignal: { kind: 'slow' } as const },
        { ...failed(b), destinationSignal: retryAfter },
        { ...failed(c), originSignal: retryAfter },
      ]
      await store.endAttempts({ attempts, now: wrong })
      assert.equal((await claimIds(store, wrong)).length, 0)
      assert.equal((await claimIds(store, now)).length, 3)
    },
  },
  {
    name: 'a pause that was set before the clock went wrong lasts as long as intended',
    async run(store, wrong) {
      await add(store, now - minute, newDelivery('a'), newDelivery('b'))
      const signal = { kind: 'slow', retryAfterMs: 3_600_000 } as const
      const lease = await claimOne(store, now - minute)
      await store.endAttempts({ attempts: [{ ...failed(lease), destinationSignal: signal }], now: now - minute })
      await add(store, wrong, newDelivery('other', { host: 'b.example' }))
      const other = await claimOne(store, now)
      await store.endAttempts({ attempts: [accepted(other)], now })
      assert.equal(other.id, 'other')
      assert.deepEqual(await claimIds(store, now - minute + 3_599_999), [])
      assert.deepEqual(await claimIds(store, now - minute + 3_600_000), ['b'])
    },
  },
  {
    name: 'a breaker still needs the usual time to open',
    async run(store, wrong) {
      await add(store, wrong, newDelivery('a'))
      await store.endAttempts({ attempts: [rejected(await claimOne(store, wrong), 0)], now: wrong })
      let changed: string | undefined
      for (const at of [now, now + 10_000, now + 20_000, now + 30_000]) {
        const [ended] = await store.endAttempts({ attempts: [rejected(await claimOne(store, at), 0)], now: at })
        changed = ended?.destination
      }
      assert.equal(changed, 'opened')
    },
  },
  {
    name: 'a held delivery waits no longer than it is held, and not at all once it is made due',
    async run(store, wrong) {
      await makeKnown(store, now)
      const held = [newDelivery('left'), newDelivery('asked', { dueAt: now + 90_000 }), newDelivery('told')]
      await store.add({ rows: held, now: wrong, heldUntil: wrong + minute })
      const told = { id: 'told', dueAt: undefined, delayMs: undefined }
      await store.makeDue({ deliveries: [told], now })
      const gone: (readonly string[])[] = []
      for (const at of [now, now + minute - 1, now + minute, now + 89_999, now + 90_000]) {
        const { claimed } = await store.claim(claimRequest(at))
        await store.endAttempts({ attempts: claimed.map(accepted), now: at })
        gone.push(claimed.map(({ id }) => id))
      }
      assert.deepEqual(gone, [['told'], [], ['left'], [], ['asked']])
    },
  },
  {
    name: 'a response is handled although its handler was left behind',
    async run(store, wrong) {
      await add(store, wrong, newDelivery('a'))
      const end = accepted(await claimOne(store, wrong))
      const next = { state: 'delivered', responseValid: true, responseLeaseMs: minute } as const
      await store.endAttempts({ attempts: [{ ...end, next }], now: wrong })
      const left = await store.claimHandlers({ now, limit: 10, leaseMs: minute })
      assert.deepEqual(
        left.map(({ delivery }) => delivery.id),
        ['a'],
      )
      assert.deepEqual(await store.claimHandlers({ now, limit: 10, leaseMs: minute }), [])
    },
  },
  {
    name: 'a secret that ends keeps signing for as long as intended',
    async run(store, wrong) {
      const recipient = 'customer-17'
      await store.rotateSecret({ recipient, overlapMs: 30_000, now: wrong })
      await store.claim(claimRequest(now))
      assert.deepEqual(await store.secretVersions({ recipient, now: now + 29_999 }), [2, 1])
      assert.deepEqual(await store.secretVersions({ recipient, now: now + 30_000 }), [2])
    },
  },
  {
    name: 'a settled delivery is kept for its retention and no longer',
    async run(store, wrong) {
      await add(store, wrong, newDelivery('a'))
      await store.endAttempts({ attempts: [failed(await claimOne(store, wrong))], now: wrong })
      await store.claim(claimRequest(now))
      assert.equal((await store.get('a'))?.settledAt, now)
      const times = { bytesMs: day, webhookMs: day, rowsMs: day, failedMs: day }
      await store.purge({ ...times, now: now + day })
      assert.notEqual(await store.get('a'), undefined)
      for (const _ of ['bytes', 'row']) await store.purge({ ...times, now: now + day + 1 })
      assert.equal(await store.get('a'), undefined)
    },
  },
]

/** What remains after a clock was wrong and is corrected. */
export const clockCases: readonly ConformanceCase[] = [
  ...aheadBy.flatMap(([words, ms]) =>
    afterwards.map(({ name, run }) => ({
      name: `after a clock that was ahead by ${words}: ${name}`,
      run: (store: DeliveryStore) => run(store, now + ms),
    })),
  ),
  {
    name: 'an operation that waited for some seconds ends no lease',
    async run(store) {
      await add(store, now, newDelivery('a'))
      await claimOne(store, now)
      assert.deepEqual(await claimIds(store, now - 9_000), [])
      assert.deepEqual(await claimIds(store, now + 24_999), [])
    },
  },
  {
    name: 'after a clock that was behind: everything that waits is sent, except for times that were asked for',
    async run(store) {
      const behind = now - 4 * 365 * day
      await makeKnown(store, behind)
      await add(store, behind, newDelivery('at-once'), newDelivery('waits', { delayMs: 1_000 }))
      await add(store, behind, newDelivery('asked', { dueAt: now + minute }), newDelivery('held', key))
      await store.endAttempts({ attempts: [rejected(await claimOne(store, behind), day)], now: behind })
      const { claimed } = await store.claim(claimRequest(now))
      await store.endAttempts({ attempts: claimed.map(accepted), now })
      assert.deepEqual(claimed.map(({ id }) => id).toSorted(), ['at-once', 'held', 'waits'])
      assert.deepEqual(await claimIds(store, now + minute - 1), [])
      assert.deepEqual(await claimIds(store, now + minute), ['asked'])
    },
  },
]
