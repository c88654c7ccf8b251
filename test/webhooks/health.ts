import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EndpointNotice } from '../../src/lib/delivery/endpoints/endpoint.ts'
import { everyone } from '../../src/lib/delivery/endpoints/owner.ts'
import { engineWith, type MakeStore, webhookEngine } from './webhook-engine.ts'

/** When endpoints are disabled, what is told of it, and what they can have back. */
export function healthCases(name: string, makeStore: MakeStore): void {
  test(`An endpoint is disabled after five days without a 2xx, in ${name}`, async t => {
    const told: string[] = []
    const tell = (kind: string) => (notice: EndpointNotice) =>
      void told.push(`${kind} ${notice.failedAttempts} ${notice.lastOutcome} ${notice.lastStatus}`)
    const { engine, register, send, clock, receiver } = await webhookEngine(t, makeStore, {
      statuses: [500],
      retryDelaysSeconds: [0],
      endpoints: { onFailing: tell('failing'), onDisabled: tell('disabled'), onRecovered: tell('recovered') },
    })
    const { id } = await register('a')
    const heard: unknown[] = []
    for (const kind of ['endpoint.failing', 'endpoint.disabled', 'endpoint.recovered'] as const)
      engine.on(kind, event => void heard.push([kind, event]))
    await register('a', { url: `${receiver.url}/other`, events: ['endpoint.failing', 'endpoint.disabled'] })
    const attempts = async (count: number) => {
      for (let index = 0; index < count; index++) {
        await send('invoice.paid')
        await engine.deliverDue()
        clock.advance({ minutes: 10 })
      }
    }
    const status = async () => (await engine.endpoints.get(id, { owner: 'a' })).status
    await attempts(4)
    clock.advance({ days: 1 })
    await engine.deliverDue()
    assert.deepEqual(told, [])
    await attempts(1)
    await engine.deliverDue()
    assert.deepEqual(told, ['failing 5 rejected 500'])
    await attempts(3)
    clock.advance({ days: 4 })
    await attempts(1)
    assert.equal(await status(), 'enabled', 'nine attempts are too few')
    await attempts(1)
    await engine.deliverDue()
    assert.equal(await status(), 'disabled')
    assert.deepEqual(told, ['failing 5 rejected 500', 'disabled 10 rejected 500'])
    assert.deepEqual(heard, [
      ['endpoint.failing', { endpoint: id, owner: 'a', reason: null }],
      ['endpoint.disabled', { endpoint: id, owner: 'a', reason: 'failing' }],
    ])
    const others = receiver.received.filter(({ url }) => url === '/other')
    assert.deepEqual(
      [...new Set(others.map(({ body }) => JSON.parse(String(body)).type))],
      ['endpoint.failing', 'endpoint.disabled'],
    )
    assert.equal((await engine.endpoints.get(id, { owner: 'a' })).disabledReason, 'failing')
    const enabled = await engine.endpoints.enable(id, { owner: 'a' })
    assert.deepEqual([enabled.status, enabled.failingSince], ['enabled', null])
    await register('a', { description: 'x'.repeat(500) })
    await assert.rejects(register('a', { description: 'x'.repeat(501) }), { pointer: '/description' })
    for (const events of [[null], [7], ['x'.repeat(100_000)], ['invoice.paid', {}]])
      await assert.rejects(register('a', { events: events as never }), {
        code: 'ERR_INVALID_ENDPOINT',
        pointer: `/events/${events.length - 1}`,
        detail: 'there is no such event',
      })
  })

  test(`Failures on two days, and one 2xx, do not disable, in ${name}`, async t => {
    let status = 500
    const { engine, register, send, clock, receiver } = await webhookEngine(t, makeStore, { retryDelaysSeconds: [0] })
    receiver.respondWith(() => status)
    const { id } = await register('a')
    const attempt = async () => {
      await send('invoice.paid')
      await engine.deliverDue()
      clock.advance({ minutes: 30 })
    }
    for (let index = 0; index < 12; index++) await attempt()
    clock.advance({ days: 30 })
    await attempt()
    assert.equal((await engine.endpoints.get(id, { owner: 'a' })).status, 'enabled', 'only on two days')
    status = 200
    clock.advance({ days: 1 })
    await attempt()
    status = 500
    await attempt()
    const shown = await engine.endpoints.get(id, { owner: 'a' })
    assert.equal(shown.status, 'enabled')
    assert.equal(shown.failingSince?.getTime(), clock.now() - 30 * 60_000)
  })

  test(`A 410 disables only the endpoint that answers it, in ${name}`, async t => {
    const { engine, register, send, receiver, log } = await webhookEngine(t, makeStore)
    receiver.respondWith(({ url }) => (url === '/gone' ? 410 : 200))
    const { id } = await register('a', { url: `${receiver.url}/gone` })
    for (let index = 0; index < 9; index++) await register('a')
    await send('invoice.paid')
    await send('invoice.sent')
    await engine.deliverDue()
    const { items } = await engine.endpoints.list({ owner: everyone })
    assert.deepEqual(
      items.filter(({ status }) => status === 'disabled').map(({ id, disabledReason }) => [id, disabledReason]),
      [[id, 'gone']],
    )
    assert.ok(log !== undefined)
  })

  test(`A notice that was stored is told by another worker, in ${name}`, async t => {
    const told: string[] = []
    const { engine, register, send, clock, store } = await webhookEngine(t, makeStore, {
      statuses: [410],
      endpoints: {
        onDisabled() {
          throw new Error('This process is about to die')
        },
      },
    })
    const { id } = await register('a')
    await send('invoice.paid')
    await engine.deliverDue()
    const other = engineWith({
      store,
      clock,
      endpoints: { onDisabled: ({ endpoint }) => void told.push(`${endpoint.id} ${endpoint.disabledReason}`) },
    })
    clock.advance({ minutes: 2 })
    await other.deliverDue()
    clock.advance({ minutes: 2 })
    await other.deliverDue()
    assert.deepEqual(told, [`${id} gone`])
  })

  test(`A recovery brings what failed and what was never made, once each, in ${name}`, async t => {
    let status = 200
    const { engine, register, send, clock, receiver } = await webhookEngine(t, makeStore, { retryDelaysSeconds: [0] })
    receiver.respondWith(() => status)
    const { id } = await register('a', { events: ['invoice.paid'] })
    const since = new Date(clock.now())
    const sent = async (event = 'invoice.paid') => {
      clock.advance({ minutes: 1 })
      const message = await send(event)
      await engine.deliverDue()
      return message
    }
    const delivered = await sent()
    status = 500
    const failed = await sent()
    status = 200
    const cancelled = await send('invoice.paid', {}, {})
    await engine.endpoints.disable(id, { owner: 'a' })
    const missed = [await sent(), await sent()]
    const unheard = await sent('invoice.sent')
    await assert.rejects(engine.endpoints.recover(id, { owner: 'a', since }), { code: 'ERR_ENDPOINT_DISABLED' })
    const before = receiver.received.length
    const enabled = await engine.endpoints.enable(id, { owner: 'a', recoverSince: since })
    assert.equal(enabled.recovery?.state, 'running')
    await assert.rejects(engine.endpoints.recover(id, { owner: 'a', since }), { code: 'ERR_RECOVERY_RUNNING' })
    await engine.deliverDue()
    const ids = receiver.received.slice(before).map(({ headers }) => String(headers['webhook-id']).slice(0, 29))
    assert.deepEqual(ids, [failed, cancelled, ...missed])
    assert.ok(!ids.includes(delivered) && !ids.includes(unheard))
    const { recovery } = await engine.endpoints.get(id, { owner: 'a' })
    assert.deepEqual([recovery?.state, recovery?.deliveries], ['done', 4])
    await engine.endpoints.recover(id, { owner: 'a', since, include: 'missed' })
    await engine.deliverDue()
    assert.equal(receiver.received.length, before + 4)
    await assert.rejects(engine.endpoints.recover(id, { owner: 'a', since: new Date(0) }), RangeError)
  })

  test(`A long recovery goes on in pieces, and new messages overtake it, in ${name}`, async t => {
    const { engine, register, send, clock, receiver, store } = await webhookEngine(t, makeStore)
    const { id } = await register('a')
    await engine.endpoints.disable(id, { owner: 'a' })
    const since = new Date(clock.now())
    for (let index = 0; index < 150; index++) await send('invoice.paid')
    clock.advance({ seconds: 1 })
    await engine.endpoints.enable(id, { owner: 'a', recoverSince: since })
    await store.continueFanouts({ limit: 256, now: clock.now() })
    clock.advance({ seconds: 1 })
    const fresh = await send('invoice.sent')
    for (let index = 0; index < 30; index++) {
      await engine.deliverDue()
      clock.advance({ seconds: 1 })
    }
    assert.equal(receiver.received.length, 151)
    const place = receiver.received.findIndex(({ headers }) => String(headers['webhook-id']).startsWith(fresh))
    assert.ok(place < 100, `the new message came at place ${place}`)
    assert.equal(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size, 151)
  })
}
