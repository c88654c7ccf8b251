import assert from 'node:assert/strict'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import type { AttemptResult } from '../../delivery/stored-delivery.ts'
import type { ConformanceCase } from './case.ts'
import { accepted, claimIds, claimOne, claimRequest, newDelivery, rejected, startMs, unreachable } from './rows.ts'

const now = startMs

/**
 * Lets five attempts of one delivery fail within 40 s. Returns the time of the last one, and what the store said about
 * it.
 */
async function open(store: DeliveryStore, end: typeof rejected) {
  await store.add({ rows: [newDelivery('broken')], now })
  let at = now
  let result: string | undefined
  for (const attempt of [0, 1, 2, 3, 4]) {
    at = now + attempt * 10_000
    const [settled] = await store.endAttempts({ attempts: [end(await claimOne(store, at), 10_000)], now: at })
    result = settled?.destination
  }
  return { at, result }
}

function slow(lease: { readonly id: string; readonly token: number }): AttemptResult {
  return { ...rejected(lease, 1), destinationSignal: { kind: 'slow' } }
}

/** What the breakers of destinations and origins promise. */
export const breakerCases: readonly ConformanceCase[] = [
  {
    name: 'endAttempts opens the breaker of a destination, which then gets one probe after 30 s, doubling',
    async run(store) {
      const { at, result } = await open(store, rejected)
      assert.equal(result, 'opened')
      await store.add({ rows: [newDelivery('waiting')], now: at })
      assert.deepEqual(await claimIds(store, at + 29_999), [])
      const probe = await claimOne(store, at + 30_000)
      assert.deepEqual(await claimIds(store, at + 30_000), [])
      await store.endAttempts({ attempts: [rejected(probe, 1_000)], now: at + 30_000 })
      assert.deepEqual(await claimIds(store, at + 30_000 + 59_999), [])
      assert.equal((await claimIds(store, at + 30_000 + 60_000)).length, 1)
    },
  },
  {
    name: 'the breaker of one recipient holds up no other recipient at the same URL, nor messages without one',
    async run(store) {
      const { at } = await open(store, rejected)
      await store.add({ rows: [newDelivery('a', { recipient: 'A' })], now: at })
      assert.deepEqual(await claimIds(store, at), ['a'])
      const slowed = { id: 'a', token: 1 }
      await store.endAttempts({ attempts: [{ ...slow(slowed), next: { state: 'failed' } }], now: at })
      await store.add({ rows: [newDelivery('b', { recipient: 'B' })], now: at })
      assert.deepEqual(await claimIds(store, at), ['b'])
    },
  },
  {
    name: 'endAttempts closes the breaker with the first 2xx, and everything is sent',
    async run(store) {
      const { at } = await open(store, rejected)
      await store.add({ rows: [newDelivery('b'), newDelivery('c')], now: at })
      const probe = await claimOne(store, at + 30_000)
      const [settled] = await store.endAttempts({ attempts: [accepted(probe)], now: at + 30_000 })
      assert.equal(settled?.destination, 'closed')
      assert.equal(settled?.frees, true)
      assert.equal((await claimIds(store, at + 30_000)).length, 2)
    },
  },
  {
    name: 'claim gives another probe when the worker of a probe has died',
    async run(store) {
      const { at } = await open(store, rejected)
      await claimOne(store, at + 30_000)
      assert.equal((await claimIds(store, at + 30_000 + 25_000)).length, 1)
    },
  },
  {
    name: 'release of a probe allows the next one',
    async run(store) {
      const { at } = await open(store, rejected)
      const probe = await claimOne(store, at + 30_000)
      await store.release({ leases: [probe], now: at + 30_001 })
      assert.equal((await claimIds(store, at + 30_001)).length, 1)
    },
  },
  {
    name: 'endAttempts with failing responses holds back only that destination',
    async run(store) {
      const { at } = await open(store, rejected)
      const row = newDelivery('sibling', { destination: 'https://a.example/other' })
      await store.add({ rows: [row, newDelivery('stranger', { host: 'b.example' })], now: at })
      assert.deepEqual([...(await claimIds(store, at))].sort(), ['sibling', 'stranger'])
    },
  },
  {
    name: 'endAttempts with connection errors holds back the whole origin',
    async run(store) {
      const { at } = await open(store, unreachable)
      const row = newDelivery('sibling', { destination: 'https://a.example/other' })
      await store.add({ rows: [row, newDelivery('stranger', { host: 'b.example' })], now: at })
      const { claimed } = await store.claim(claimRequest(at))
      assert.deepEqual(
        claimed.map(({ id }) => id),
        ['stranger'],
      )
      await store.endAttempts({ attempts: claimed.map(accepted), now: at })
      assert.equal((await claimIds(store, at + 30_000)).length, 1)
    },
  },
  {
    name: 'endAttempts with a response that asks for fewer requests pauses the destination, then allows one attempt at a time',
    async run(store) {
      await store.add({ rows: [newDelivery('a'), newDelivery('b'), newDelivery('c')], now })
      await store.endAttempts({ attempts: [slow(await claimOne(store, now))], now })
      assert.deepEqual(await claimIds(store, now + 999), [])
      const probe = await claimOne(store, now + 1_000)
      assert.deepEqual(await claimIds(store, now + 1_000), [])
      await store.endAttempts({ attempts: [accepted(probe)], now: now + 1_000 })
      assert.equal((await claimIds(store, now + 1_000)).length, 2)
    },
  },
  {
    name: 'endAttempts obeys Retry-After for the whole destination',
    async run(store) {
      await store.add({ rows: [newDelivery('a'), newDelivery('b')], now })
      const settlement = slow(await claimOne(store, now))
      const destinationSignal = { kind: 'slow', retryAfterMs: 120_000 } as const
      await store.endAttempts({ attempts: [{ ...settlement, destinationSignal }], now })
      assert.deepEqual(await claimIds(store, now + 119_999), [])
      assert.equal((await claimIds(store, now + 120_000)).length, 1)
    },
  },
]
