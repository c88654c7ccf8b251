import assert from 'node:assert/strict'
import type { ClaimResult, DeliveryStore } from '../../delivery/delivery-store.ts'
import type { AttemptResult, Lease } from '../../delivery/stored-delivery.ts'
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
const leaseMs = 25_000
const minute = 60_000
/** The wait between the end of a lease and the next attempt, by the number of deaths in a row. */
const waits = [0, 10_000, minute, 5 * minute, 30 * minute, 30 * minute, 30 * minute, 30 * minute, 30 * minute]

/** Claims what is due and lets the worker die. Returns the time at which the lease has passed. */
async function die(store: DeliveryStore, at: number): Promise<number> {
  await claimOne(store, at)
  return at + leaseMs
}

/**
 * Lets so many workers in a row die, each as soon as it may claim. Returns the time at which the last death is noticed.
 */
async function dieOften(store: DeliveryStore, deaths: number, from = now): Promise<number> {
  let at = from
  for (let death = 0; death < deaths; death++) {
    at = await die(store, at)
    if (death < deaths - 1) at = await waitFor(store, at, waits[death] ?? Number.NaN)
  }
  return at
}

/** Notices a death, and checks that nothing is due before the wait has passed. Returns the time after the wait. */
async function waitFor(store: DeliveryStore, at: number, waitMs: number): Promise<number> {
  if (waitMs > 0) {
    assert.deepEqual(await claimIds(store, at), [])
    assert.deepEqual(await claimIds(store, at + waitMs - 1), [])
  }
  return at + waitMs
}

const stateOf = async (store: DeliveryStore, id: string) => (await store.get(id))?.state

function abandoned(lease: Lease): AttemptResult {
  const next = { state: 'scheduled', delayMs: 0, usesRetry: false } as const
  const end = { outcome: 'abandoned', response: undefined, next } as const
  return { ...rejected(lease, 0), ...end, destinationSignal: undefined, originSignal: undefined }
}

/** What becomes of deliveries whose workers died: they are not to blame for it. */
export const deathCases: readonly ConformanceCase[] = [
  {
    name: 'claim gives a delivery whose worker died again after 0 s, 10 s, 1 min, 5 min, then 30 min, and uses up no wait',
    async run(store) {
      await store.add({ rows: [newDelivery('a')], now })
      const at = await dieOften(store, 9)
      const again = await claimOne(store, await waitFor(store, at, 30 * minute))
      assert.deepEqual([again.attemptNumber, again.retriesUsed], [10, 0])
    },
  },
  {
    name: 'claim fails a delivery over which ten workers in a row died, and says so',
    async run(store) {
      await store.add({ rows: [newDelivery('a')], now })
      const at = await dieOften(store, 10)
      const gaveUp: ClaimResult = await store.claim(claimRequest(at))
      assert.deepEqual(gaveUp.claimed, [])
      assert.deepEqual(
        gaveUp.failed.map(({ id, state, attemptCount, reason }) => ({ id, state, attemptCount, reason })),
        [{ id: 'a', state: 'failed', attemptCount: 10, reason: 'worker-died' }],
      )
      const stored = await store.get('a')
      assert.deepEqual([stored?.state, stored?.reason, stored?.settledAt], ['failed', 'worker-died', at])
      assert.equal((await store.list({ limit: 1, state: 'failed' })).items[0]?.reason, 'worker-died')
      assert.deepEqual(new Set(stored?.attempts.map(({ outcome }) => outcome)), new Set(['abandoned']))
    },
  },
  ...[rejected, abandoned].map(end => ({
    name: `endAttempts of any end, as one that was ${end.name}, makes the next death the first one in a row`,
    async run(store: DeliveryStore) {
      await store.add({ rows: [newDelivery('a')], now })
      const at = await waitFor(store, await dieOften(store, 9), 30 * minute)
      await store.endAttempts({ attempts: [end(await claimOne(store, at), 0)], now: at })
      const again = await die(store, at + 1)
      assert.equal((await claimOne(store, again)).id, 'a')
    },
  })),
  {
    name: 'a replay makes the next death the first one in a row, and removes the reason',
    async run(store) {
      await store.add({ rows: [newDelivery('a')], now })
      const at = await dieOften(store, 10)
      await store.claim(claimRequest(at))
      assert.equal(await store.replay({ id: 'a', now: at }), 'replayed')
      assert.equal((await store.get('a'))?.reason, undefined)
      const again = await die(store, at)
      assert.equal((await claimOne(store, again)).id, 'a')
    },
  },
  {
    name: 'a worker that dies with many deliveries fails none of them, however often this happens',
    async run(store) {
      await makeKnown(store, now, ['a.example', 'b.example'])
      const rows = [1, 2, 3].flatMap(number =>
        ['a', 'b'].map(host => newDelivery(`${host}${number}`, { host: `${host}.example` })),
      )
      await store.add({ rows, now })
      let at = now
      for (const waitMs of waits.slice(0, 5)) {
        assert.equal((await claimIds(store, at)).length, 6)
        at = await waitFor(store, at + leaseMs, waitMs)
      }
      const { claimed } = await store.claim(claimRequest(at))
      await store.endAttempts({ attempts: claimed.map(accepted), now: at })
      assert.equal((await store.counts()).delivered, 8)
    },
  },
  {
    name: 'what waits behind a delivery whose worker died goes on only when that delivery has failed',
    async run(store) {
      const key = { orderingKey: 'invoice-7' }
      await store.add({ rows: [newDelivery('a', key), newDelivery('b', key)], now })
      const at = await dieOften(store, 10)
      assert.deepEqual(await claimIds(store, at), ['b'])
      assert.equal(await stateOf(store, 'a'), 'failed')
    },
  },
  {
    name: 'a delivery that settles by an attempt has no reason of its own',
    async run(store) {
      await store.add({ rows: [newDelivery('a')], now })
      await store.endAttempts({ attempts: [failed(await claimOne(store, now))], now })
      const stored = await store.get('a')
      assert.deepEqual([stored?.state, stored?.reason], ['failed', undefined])
    },
  },
]
