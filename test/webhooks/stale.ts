import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { DeliveryStore } from '../../src/lib/delivery/delivery-store.ts'
import type { DisabledReason } from '../../src/lib/delivery/endpoints/endpoint.ts'
import { accepted, claimOne, claimRequest, startMs as now, rejected } from '../../src/lib/store/conformance/rows.ts'
import type { MakeStore } from './webhook-engine.ts'
import { newEndpoint, newMessage } from './webhook-rows.ts'

const delivery = `m_${newEndpoint('e').tag}`

/** What becomes of deliveries whose endpoint is disabled, whatever they are in the middle of. */
export function staleCases(name: string, makeStore: MakeStore): void {
  const storeWith = async (t: TestContext, messages = [newMessage('m', { owner: 'a' })]): Promise<DeliveryStore> => {
    const store = await makeStore(t)
    t.after(() => store.close())
    await store.addEndpoint({ endpoint: newEndpoint('e'), limit: undefined, now })
    await store.add({ rows: messages, now })
    return store
  }

  test(`An attempt that is given back after its endpoint was disabled is cancelled, in ${name}`, async t => {
    const store = await storeWith(t)
    const lease = await claimOne(store, now)
    await disable(store)
    await cancelAll(store)
    await store.release({ leases: [lease], now })
    assert.deepEqual(await shown(store), ['cancelled', 'endpoint-disabled'])
    await enable(store)
    assert.deepEqual((await store.claim(claimRequest(now))).claimed, [])
    const { cancelled, scheduled } = await store.counts()
    assert.deepEqual([cancelled, scheduled], [1, 0])
  })

  test(`A worker that dies leaves nothing to an endpoint that was disabled, in ${name}`, async t => {
    const store = await storeWith(t)
    const { timeoutMs } = await claimOne(store, now)
    await disable(store)
    await cancelAll(store)
    const later = now + timeoutMs + 60_000
    assert.deepEqual((await store.claim(claimRequest(later))).claimed, [])
    assert.deepEqual(await shown(store), ['cancelled', 'endpoint-disabled'])
    assert.equal((await store.get(delivery))?.attempts[0]?.outcome, 'abandoned')
  })

  test(`An attempt that was running ends as it ends, and is not made again, in ${name}`, async t => {
    const store = await storeWith(t, [newMessage('m', { owner: 'a' }), newMessage('n', { owner: 'a' })])
    await store.endAttempts({ attempts: [accepted(await claimOne(store, now))], now })
    const lease = await claimOne(store, now)
    await disable(store)
    await store.endAttempts({ attempts: [rejected(lease, 1_000)], now })
    const { delivered, cancelled, failed } = await store.counts()
    assert.deepEqual([delivered, cancelled, failed], [1, 1, 0])
    assert.equal((await store.get(lease.id))?.reason, 'endpoint-disabled')
    assert.deepEqual(await store.claimHandlers({ now, limit: 10, leaseMs: 1_000 }), [])
  })

  test(`What waited is cancelled at once for whoever asks, and can be sent again, in ${name}`, async t => {
    const store = await storeWith(t)
    await disable(store)
    assert.equal((await shown(store))[0], 'cancelled')
    assert.equal(await store.sendNow({ id: delivery, now }), false)
    assert.equal(await store.cancel({ id: delivery, now }), false)
    assert.equal(await store.replay({ id: delivery, now }), 'endpoint-disabled')
    await enable(store)
    assert.equal((await shown(store))[0], 'cancelled')
    assert.equal(await store.replay({ id: delivery, now }), 'replayed')
    await cancelAll(store)
    assert.equal((await claimOne(store, now)).id, delivery)
    const { cancelled, attempting, scheduled } = await store.counts()
    assert.deepEqual([cancelled, attempting, scheduled], [0, 1, 0])
  })

  test(`What waited for a disabled endpoint is counted right after it is erased or its message cancelled, in ${name}`, async t => {
    const store = await storeWith(
      t,
      ['m', 'n', 'o'].map(id => newMessage(id, { owner: 'a' })),
    )
    await disable(store)
    assert.equal(await store.erase({ message: 'n', now, limit: 10 }), 1)
    assert.equal(await store.findMessage({ id: 'n', owner: 'a' }), undefined)
    assert.equal(await store.cancelMessage({ id: 'o', owner: 'a', limit: 10, now }), 1)
    await cancelAll(store)
    const { cancelled, scheduled } = await store.counts()
    assert.deepEqual([cancelled, scheduled], [2, 0])
  })

  test(`What expires while its endpoint is disabled is cancelled, in ${name}`, async t => {
    const store = await storeWith(t, [newMessage('m', { owner: 'a' }, { expiresAt: now + 1_000 })])
    await disable(store)
    assert.deepEqual((await store.claim(claimRequest(now + 2_000))).failed, [])
    await cancelAll(store)
    assert.deepEqual(await shown(store), ['cancelled', 'endpoint-disabled'])
  })

  test(`Messages and endpoints go with their last deliveries, and the bytes before, in ${name}`, async t => {
    const store = await storeWith(t)
    await store.endAttempts({ attempts: [accepted(await claimOne(store, now))], now })
    const day = 86_400_000
    const purge = async (days: number) => {
      const times = { bytesMs: 7 * day, webhookMs: 14 * day, rowsMs: 30 * day, failedMs: 90 * day }
      for (let piece = 0; piece < 3; piece++) await store.purge({ ...times, now: now + days * day + 1 })
      const [kept, message] = [await store.get(delivery), await store.findMessage({ id: 'm', owner: 'a' })]
      return [kept?.content !== undefined, message?.content !== undefined, kept !== undefined, message !== undefined]
    }
    assert.deepEqual(await purge(8), [true, true, true, true])
    await change(store, { deleted: true })
    assert.deepEqual(await purge(15), [false, false, true, true])
    assert.equal((await store.get(delivery))?.endpoint, 'e')
    assert.deepEqual(await purge(32), [false, false, false, false])
    const known = await store.addEndpoint({ endpoint: newEndpoint('e'), limit: undefined, now })
    assert.ok('added' in known)
  })

  test(`A message that nobody gets goes with its bytes, in ${name}`, async t => {
    const store = await storeWith(t, [newMessage('m', { owner: 'a', channels: ['x'], except: 'e' })])
    assert.equal((await store.counts()).scheduled, 0)
    const day = 86_400_000
    const purge = async (days: number) => {
      const times = { bytesMs: day, webhookMs: 14 * day, rowsMs: 30 * day, failedMs: 90 * day }
      for (let piece = 0; piece < 3; piece++) await store.purge({ ...times, now: now + days * day + 1 })
      return (await store.findMessage({ id: 'm', owner: 'a' })) !== undefined
    }
    assert.deepEqual([await purge(13), await purge(14)], [true, false])
  })
}

async function change(
  store: DeliveryStore,
  given: { readonly deleted?: boolean; readonly disabledReason?: DisabledReason | undefined },
): Promise<void> {
  const { deleted, ...values } = given
  const { revision = 0 } = (await store.findEndpoint({ id: 'e', owner: 'a' })) ?? {}
  const changed = await store.changeEndpoint({ id: 'e', revision, values, deleted, now })
  assert.ok(typeof changed === 'object')
}

const disable = (store: DeliveryStore) => change(store, { disabledReason: 'owner' })
const enable = (store: DeliveryStore) => change(store, { disabledReason: undefined })

async function cancelAll(store: DeliveryStore): Promise<void> {
  while (await store.cancelStale({ limit: 10, now }));
}

async function shown(store: DeliveryStore) {
  const found = await store.get(delivery)
  return [found?.state, found?.reason]
}
