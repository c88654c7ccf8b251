import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everyone } from '../../src/lib/delivery/endpoints/owner.ts'
import { type MakeStore, message, webhookEngine } from './webhook-engine.ts'

/** How messages become deliveries. */
export function sendingCases(name: string, makeStore: MakeStore): void {
  test(`A message reaches the endpoints of its owner that listen, in ${name}`, async t => {
    const { engine, register, send, paths, receiver } = await webhookEngine(t, makeStore)
    await register('a', { url: `${receiver.url}/all` })
    await register('a', { url: `${receiver.url}/paid`, events: ['invoice.paid'] })
    await register('a', { url: `${receiver.url}/sent`, events: ['invoice.sent'] })
    await register('a', { url: `${receiver.url}/eu`, channels: ['eu'] })
    await register('b')
    const id = await send('invoice.paid')
    await engine.deliverDue()
    assert.deepEqual(paths(), ['/all', '/paid'])
    const ids = receiver.received.map(({ headers }) => String(headers['webhook-id']))
    assert.ok(ids.every(each => each.startsWith(`${id}_`)))
    assert.equal(new Set(ids).size, 2)
    const shown = await engine.messages.get(id, { owner: 'a' })
    assert.equal(shown?.deliveries.delivered, 2)
    assert.equal(shown.expanded, true)
    assert.equal((await engine.messages.get(id, { owner: 'b' })) === undefined, true)
    await send('invoice.paid', { channels: ['eu', 'us'] })
    await engine.deliverDue()
    assert.deepEqual(paths(), ['/all', '/all', '/eu', '/paid', '/paid'])
  })

  test(`A message to everyone is made in pieces, in ${name}`, async t => {
    const { engine, register, send, receiver } = await webhookEngine(t, makeStore)
    for (let index = 0; index < 300; index++) await register(`owner ${index % 7}`)
    const id = await send('invoice.paid', { owner: '' })
    assert.equal((await engine.messages.get(id, { owner: everyone }))?.expanded, false)
    await engine.deliverDue()
    assert.equal(receiver.received.length, 300)
    assert.equal(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size, 300)
    const all = await engine.messages.get(id, { owner: everyone })
    assert.deepEqual([all?.expanded, all?.deliveries.delivered], [true, 300])
    assert.equal((await engine.messages.get(id, { owner: 'owner 0' }))?.deliveries.delivered, 43)
  })

  test(`Nothing is stored for an owner without endpoints, in ${name}`, async t => {
    const { engine, register, send } = await webhookEngine(t, makeStore)
    await register('b')
    const id = await send('invoice.paid')
    assert.equal(await engine.messages.get(id, { owner: everyone }), undefined)
    assert.deepEqual((await engine.messages.list({ owner: everyone })).items, [])
  })

  test(`A key gives one message for each owner and event, in ${name}`, async t => {
    const { engine, register, send } = await webhookEngine(t, makeStore)
    await register('a')
    await register('b')
    const key = { idempotencyKey: 'k' }
    const first = await send('invoice.paid', {}, key)
    assert.equal(await send('invoice.paid', {}, key), first)
    assert.notEqual(await send('invoice.paid', { owner: 'b' }, key), first)
    assert.notEqual(await send('invoice.sent', {}, key), first)
    const other = { ...message('invoice.paid', {}, { id: '8' }), ...key }
    await assert.rejects(engine.send(other), { code: 'ERR_IDEMPOTENCY_CONFLICT' })
    await engine.deliverDue()
    assert.equal((await engine.deliveries.list()).items.length, 3)
  })

  test(`A held message goes out when it is let go, or never, in ${name}`, async t => {
    const { engine, register, receiver, clock } = await webhookEngine(t, makeStore)
    await register('a')
    const held = await engine.hold([engine.prepare(message('invoice.paid'))])
    const gone = await engine.hold([engine.prepare(message('invoice.sent'))])
    await engine.deliverDue()
    assert.equal(receiver.received.length, 0)
    await gone.takeBack()
    await held.makeDue()
    await engine.deliverDue()
    assert.deepEqual(
      receiver.received.map(({ body }) => JSON.parse(String(body)).type),
      ['invoice.paid'],
    )
    await engine.hold([engine.prepare(message('user.added'))])
    clock.advance({ minutes: 2 })
    await engine.deliverDue()
    assert.equal(receiver.received.length, 2)
    assert.equal((await engine.messages.list({ owner: 'a' })).items.length, 2)
  })

  test(`A message for later is made when it is due, for who listens then, in ${name}`, async t => {
    const { engine, register, send, receiver, clock } = await webhookEngine(t, makeStore)
    const { id } = await register('a')
    await send('invoice.paid', {}, { delayMs: 60_000 })
    await send('invoice.sent', {}, { delayMs: 60_000 })
    await engine.deliverDue()
    assert.equal(receiver.received.length, 0)
    await engine.endpoints.update(id, { events: ['invoice.sent'] }, { owner: 'a' })
    clock.advance({ seconds: 1 })
    await register('a', { url: `${receiver.url}/younger` })
    clock.advance({ minutes: 1 })
    await engine.deliverDue()
    assert.deepEqual(
      receiver.received.map(({ body }) => JSON.parse(String(body)).type),
      ['invoice.sent'],
    )
  })

  test(`A cancelled message makes no more deliveries, in ${name}`, async t => {
    const { engine, register, send, receiver } = await webhookEngine(t, makeStore)
    for (let index = 0; index < 40; index++) await register(`o${index}`)
    await register('a')
    const id = await send('invoice.paid', { owner: '' })
    await engine.messages.cancel(id, { owner: 'o1' })
    assert.deepEqual(await engine.messages.cancel(id, { owner: everyone }), { cancelled: 0 })
    const own = await send('invoice.sent')
    assert.deepEqual(await engine.messages.cancel(own, { owner: 'a' }), { cancelled: 1 })
    await engine.deliverDue()
    assert.equal(receiver.received.length, 0)
    assert.equal((await engine.messages.get(own, { owner: 'a' }))?.deliveries.cancelled, 1)
  })

  test(`An ordering key of one owner holds up nobody else, in ${name}`, async t => {
    const { engine, register, send, paths, clock } = await webhookEngine(t, makeStore)
    for (const owner of ['a', 'b']) await register(owner)
    const order = { orderingKey: 'k' }
    await send('invoice.paid', {}, { ...order, delayMs: 60_000 })
    await send('invoice.paid', { owner: 'b' }, order)
    await engine.deliverDue()
    assert.deepEqual(paths(), ['/b'])
    await send('invoice.sent', {}, order)
    await send('invoice.sent', { owner: '' }, order)
    await send('user.added', { owner: 'b' }, order)
    await engine.deliverDue()
    assert.deepEqual(paths(), ['/b'])
    clock.advance({ minutes: 2 })
    await engine.deliverDue()
    assert.deepEqual(paths(), ['/a', '/a', '/a', '/b', '/b', '/b'])
  })
}
