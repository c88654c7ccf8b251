import assert from 'node:assert/strict'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import type { NewStoredEndpoint, StoredEndpoint } from '../../delivery/endpoints/endpoint-store.ts'
import type { NewDelivery, WebhookTargets } from '../../delivery/stored-delivery.ts'
import type { ConformanceCase } from './case.ts'
import { accepted, claimIds, claimOne, claimRequest, failed, newDelivery, startMs } from './rows.ts'

const now = startMs

/** An endpoint of owner `a` that listens to everything. */
function newEndpoint(id: string, given: Partial<NewStoredEndpoint> = {}): NewStoredEndpoint {
  return {
    ...{ id, tag: id.padEnd(16, '-'), owner: 'a', url: `https://${id}.example/in`, origin: `https://${id}.example` },
    ...{ events: ['*'], channels: [], details: '{}', sealed: Buffer.from(`sealed ${id}`), ratePerSecond: undefined },
    ...{ disabledReason: undefined, createdAt: now, createKey: undefined, createDigest: undefined },
    ...given,
  }
}

/** A message of owner `a`. */
function newMessage(id: string, targets: Partial<WebhookTargets> = {}, given: Partial<NewDelivery> = {}): NewDelivery {
  const webhook = { owner: 'a', channels: [], timestamp: now, newer: [], chain: [], starFrom: 0 }
  const address = { url: '', destination: '', origin: 'null', destinationHash: '', operation: '', callback: 'paid' }
  const all = { ...webhook, starUntil: Number.MAX_SAFE_INTEGER, ...targets }
  return newDelivery(id, { ...address, recipient: all.owner || undefined, ...given, webhook: all })
}

async function register(store: DeliveryStore, ...ids: readonly string[]): Promise<StoredEndpoint[]> {
  const added: StoredEndpoint[] = []
  for (const id of ids) {
    const result = await store.addEndpoint({ endpoint: newEndpoint(id), limit: undefined, now })
    if (!('added' in result)) throw new Error(`Endpoint "${id}" was not added`)
    added.push(result.added)
  }
  return added
}

const rules = { failingAfterMs: 1_000, disableAfterMs: 1_000, disableAfterAttempts: 1 }

/** What stores do for the endpoints of webhooks. */
export const webhookCases: readonly ConformanceCase[] = [
  {
    name: 'addEndpoint knows ids and keys again, and holds the limit of an owner',
    async run(store) {
      const keyed = newEndpoint('e1', { createKey: 'k', createDigest: 'd' })
      await store.addEndpoint({ endpoint: keyed, limit: 2, now })
      const again = await store.addEndpoint({ endpoint: { ...keyed, id: 'e2' }, limit: 2, now })
      assert.ok('known' in again && again.known.id === 'e1' && !again.isDeleted)
      const same = await store.addEndpoint({ endpoint: newEndpoint('e1', { owner: 'b' }), limit: 2, now })
      assert.ok('known' in same)
      await store.addEndpoint({ endpoint: newEndpoint('e3'), limit: 2, now })
      assert.deepEqual(await store.addEndpoint({ endpoint: newEndpoint('e4'), limit: 2, now }), { limit: true })
      assert.ok('added' in (await store.addEndpoint({ endpoint: newEndpoint('e5', { owner: 'b' }), limit: 2, now })))
      assert.equal((await store.findEndpoint({ id: 'e1', owner: 'b' })) === undefined, true)
      assert.equal((await store.findEndpoint({ id: 'e1', owner: '' }))?.createDigest, 'd')
    },
  },
  {
    name: 'changeEndpoint changes what was read, and nothing that somebody else has changed meanwhile',
    async run(store) {
      const [{ revision } = { revision: 0 }] = await register(store, 'e1')
      const change = { id: 'e1', revision, values: { events: ['paid'] }, now: now + 1 }
      const changed = await store.changeEndpoint(change)
      assert.ok(typeof changed === 'object' && changed.events[0] === 'paid' && changed.updatedAt === now + 1)
      assert.equal(await store.changeEndpoint(change), 'changed-meanwhile')
      assert.equal(await store.changeEndpoint({ ...change, id: 'e2' }), 'missing')
      await store.changeEndpoint({ id: 'e1', revision: changed.revision, values: {}, deleted: true, now })
      assert.equal(await store.findEndpoint({ id: 'e1', owner: 'a' }), undefined)
    },
  },
  {
    name: 'add makes a delivery of a message for each endpoint that listens, and claims read the endpoint as it is',
    async run(store) {
      const [first] = await register(store, 'e1', 'e2')
      await store.addEndpoint({ endpoint: newEndpoint('e3', { owner: 'b' }), limit: undefined, now })
      await store.add({ rows: [newMessage('m1')], now })
      assert.deepEqual((await store.list({ message: 'm1', limit: 9 })).items.length, 2)
      const values = { url: 'https://new.example/in', origin: 'https://new.example', sealed: Buffer.from('other') }
      await store.changeEndpoint({ id: 'e1', revision: first?.revision ?? 0, values, now })
      const { claimed } = await store.claim(claimRequest(now))
      const shown = claimed.map(({ id, url, endpoint }) => [
        id,
        url,
        endpoint?.id,
        endpoint?.owner,
        String(endpoint?.sealed && Buffer.from(endpoint.sealed)),
      ])
      assert.deepEqual(shown.sort(), [
        ['m1_e1--------------', 'https://new.example/in', 'e1', 'a', 'other'],
        ['m1_e2--------------', 'https://e2.example/in', 'e2', 'a', 'sealed e2'],
      ])
    },
  },
  {
    name: 'add stores no message whose owner has no endpoint, and knows a key again',
    async run(store) {
      const nobody = await store.add({ rows: [newMessage('m1')], now })
      assert.deepEqual(nobody, { added: [{ id: 'm1', repeated: false, skipped: true }] })
      await register(store, 'e1')
      const keyed = { idempotencyKey: 'k', digest: 'd' }
      await store.add({ rows: [newMessage('m2', {}, keyed)], now })
      const again = await store.add({ rows: [newMessage('m3', {}, keyed)], now })
      assert.deepEqual(again, { added: [{ id: 'm2', repeated: true }] })
      const other = await store.add({ rows: [newMessage('m4', {}, { ...keyed, digest: 'e' })], now })
      assert.deepEqual(other, { conflict: { index: 0, id: 'm2' } })
    },
  },
  {
    name: 'continueFanouts makes the deliveries of a message to everyone a piece at a time, each once',
    async run(store) {
      await register(store, ...Array.from({ length: 10 }, (_, index) => `e${index}`))
      await store.add({ rows: [newMessage('m1', { owner: '' })], now })
      assert.equal((await store.findMessage({ id: 'm1', owner: '' }))?.expanded, false)
      const made = []
      for (let piece = 0; piece < 9; piece++) made.push(await store.continueFanouts({ limit: 4, now }))
      const pieces = made.filter(count => count !== undefined)
      assert.ok(pieces.every(count => count <= 4))
      assert.equal(
        pieces.reduce((sum, count) => sum + count, 0),
        10,
      )
      const message = await store.findMessage({ id: 'm1', owner: '' })
      assert.deepEqual([message?.expanded, message?.deliveries.scheduled], [true, 10])
      assert.equal(new Set(await claimIds(store, now)).size, 10)
    },
  },
  {
    name: 'continueFanouts gives nothing of a held message before makeDue, and takeBack removes it',
    async run(store) {
      await register(store, 'e1')
      await store.add({ rows: [newMessage('m1'), newMessage('m2')], now, heldUntil: now + 60_000 })
      assert.equal(await store.continueFanouts({ limit: 9, now }), undefined)
      assert.deepEqual(await store.takeBack({ ids: ['m2'], now }), ['m2'])
      const due = { dueAt: undefined, delayMs: undefined }
      assert.deepEqual(await store.makeDue({ deliveries: [{ id: 'm1', ...due }], now }), ['m1'])
      assert.equal(await store.continueFanouts({ limit: 9, now }), 1)
      assert.equal(await store.findMessage({ id: 'm2', owner: '' }), undefined)
    },
  },
  {
    name: 'cancelStale settles what waited for a disabled endpoint, which reads as cancelled and is not claimed',
    async run(store) {
      const [{ revision } = { revision: 0 }] = await register(store, 'e1')
      await store.add({ rows: [newMessage('m1'), newMessage('m2')], now })
      const values = { disabledReason: 'owner' as const }
      await store.changeEndpoint({ id: 'e1', revision, values, now })
      assert.equal((await store.get('m1_e1--------------'))?.state, 'cancelled')
      assert.deepEqual(await claimIds(store, now), [])
      while (await store.cancelStale({ limit: 1, now }));
      const { state, reason } = (await store.get('m1_e1--------------'))!
      assert.deepEqual([state, reason], ['cancelled', 'endpoint-disabled'])
      assert.equal((await store.counts()).cancelled, 2)
      assert.equal(await store.replay({ id: 'm1_e1--------------', now }), 'endpoint-disabled')
    },
  },
  {
    name: 'endAttempts disables an endpoint that is gone in the same commit, and notes what happened until it was told',
    async run(store) {
      await register(store, 'e1')
      await store.add({ rows: [newMessage('m1')], now })
      const lease = await claimOne(store, now)
      const endpointSignal = { kind: 'gone' as const, outcome: 'rejected' as const, status: 410, rules }
      await store.endAttempts({ attempts: [{ ...failed(lease), url: lease.url, endpointSignal }], now })
      assert.equal((await store.findEndpoint({ id: 'e1', owner: 'a' }))?.disabledReason, 'gone')
      const claim = { now, limit: 9, leaseMs: 1_000 }
      const [notice] = await store.claimNotices(claim)
      assert.deepEqual([notice?.kind, notice?.endpoint.id, notice?.lastStatus], ['disabled', 'e1', 410])
      assert.deepEqual(await store.claimNotices(claim), [])
      const { id = '', failures = 0 } = notice ?? {}
      await store.endNotices({ notices: [{ id, failures, againInMs: undefined }], now })
      assert.deepEqual(await store.claimNotices({ ...claim, now: now + 60_000 }), [])
    },
  },
  {
    name: 'continueFanouts recovers what failed and what was never made, and nothing that was delivered',
    async run(store) {
      const [endpoint] = await register(store, 'e1')
      await store.add({ rows: [newMessage('m1'), newMessage('m2')], now })
      await store.endAttempts({ attempts: [accepted(await claimOne(store, now))], now })
      await store.endAttempts({ attempts: [failed(await claimOne(store, now))], now })
      const change = (revision: number, values: Partial<NewStoredEndpoint>) =>
        store.changeEndpoint({ id: 'e1', revision, values, now }) as Promise<StoredEndpoint>
      const disabled = await change(endpoint?.revision ?? 0, { disabledReason: 'owner' })
      await store.add({ rows: [newMessage('m3')], now })
      const enabled = await change(disabled.revision, { disabledReason: undefined })
      const recovery = { since: now, until: now + 1, include: 'all' as const }
      await store.changeEndpoint({ id: 'e1', revision: enabled.revision, values: {}, recovery, now })
      let made = 0
      for (let piece = 0; piece < 9; piece++) made += (await store.continueFanouts({ limit: 9, now })) ?? 0
      assert.equal(made, 2)
      const found = (await store.findEndpoint({ id: 'e1', owner: 'a' }))?.recovery
      assert.deepEqual([found?.state, found?.deliveries], ['done', 2])
    },
  },
  {
    name: 'purge lets go of the bytes of messages after their own time, and of messages with their last delivery',
    async run(store) {
      await register(store, 'e1')
      await store.add({ rows: [newMessage('m1')], now })
      await store.endAttempts({ attempts: [accepted(await claimOne(store, now))], now })
      const times = { bytesMs: 1_000, webhookMs: 5_000, rowsMs: 10_000, failedMs: 10_000 }
      const purge = async (at: number) => {
        while (await store.purge({ now: at, ...times }));
      }
      await purge(now + 2_000)
      assert.notEqual((await store.get('m1_e1--------------'))?.content, undefined)
      await purge(now + 6_000)
      assert.equal((await store.get('m1_e1--------------'))?.content, undefined)
      assert.equal((await store.findMessage({ id: 'm1', owner: 'a' }))?.content, undefined)
      await purge(now + 11_000)
      await purge(now + 12_000)
      assert.equal(await store.findMessage({ id: 'm1', owner: 'a' }), undefined)
    },
  },
]
