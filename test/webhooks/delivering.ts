import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everyone } from '../../src/lib/delivery/endpoints/owner.ts'
import { type MakeStore, webhookEngine } from './webhook-engine.ts'

/** How endpoints are called: in order, at a rate, with their headers, and as a test. */
export function deliveringCases(name: string, makeStore: MakeStore): void {
  test(`Endpoints with the same URL share nothing, in ${name}`, async t => {
    const { engine, register, send, receiver } = await webhookEngine(t, makeStore)
    const url = `${receiver.url}/same`
    const [one, two] = [await register('a', { url }), await register('b', { url })]
    assert.notEqual(one.secret, two.secret)
    await engine.endpoints.disable(one.id, { owner: 'a' })
    await send('invoice.paid', { owner: '' })
    await engine.deliverDue()
    assert.equal(receiver.received.length, 1)
    const twice = await register('b', { url })
    const message = await send('invoice.sent', { owner: 'b' })
    await engine.deliverDue()
    const ids = receiver.received.slice(1).map(({ headers }) => String(headers['webhook-id']))
    assert.ok(ids.length === 2 && ids[0] !== ids[1] && ids.every(id => id.startsWith(`${message}_`)))
    assert.notEqual(twice.id, two.id)
  })

  test(`An ordering key holds for each endpoint, also behind a message to everyone, in ${name}`, async t => {
    const { engine, register, send, receiver } = await webhookEngine(t, makeStore)
    for (let index = 0; index < 40; index++) await register(`o${index}`)
    const key = { orderingKey: 'account 1' }
    await send('invoice.paid', { owner: '' }, key)
    await send('invoice.sent', { owner: 'o39' }, key)
    await send('user.added', { owner: '' }, key)
    await engine.deliverDue()
    const types = receiver.received.filter(({ url }) => url === '/o39').map(({ body }) => JSON.parse(String(body)).type)
    assert.deepEqual(types, ['invoice.paid', 'invoice.sent', 'user.added'])
    assert.equal(receiver.received.length, 81)
  })

  test(`A rate holds, and changes at once, in ${name}`, async t => {
    const { engine, register, send, receiver, clock } = await webhookEngine(t, makeStore)
    const { id } = await register('a', { ratePerSecond: 1 })
    for (let index = 0; index < 6; index++) await send('invoice.paid')
    await engine.deliverDue()
    assert.equal(receiver.received.length, 1)
    clock.advance({ seconds: 1 })
    await engine.deliverDue()
    assert.equal(receiver.received.length, 2)
    assert.equal((await engine.endpoints.update(id, { ratePerSecond: null }, { owner: 'a' })).ratePerSecond, null)
    await engine.deliverDue()
    assert.equal(receiver.received.length, 6)
  })

  test(`A test is marked, signed and counts for nothing, in ${name}`, async t => {
    const { engine, register, receiver } = await webhookEngine(t, makeStore, { statuses: [500, 204] })
    const { id } = await register('a', { headers: { authorization: 'Bearer t0ken' } })
    await engine.endpoints.disable(id, { owner: 'a' })
    const failed = await engine.endpoints.test(id, { owner: 'a', event: 'invoice.paid' })
    assert.deepEqual([failed.outcome, failed.status, failed.responseBody], ['rejected', 500, '{"ok":true}'])
    const passed = await engine.endpoints.test(id, { owner: 'a', event: 'invoice.paid' })
    assert.deepEqual([passed.outcome, passed.status], ['accepted', 204])
    assert.match(passed.webhookId, /^test_[0-9a-z]{25}_[\w-]{16}$/)
    assert.equal(receiver.received[1]?.headers['webhook-id'], passed.webhookId)
    assert.equal(receiver.received[1]?.headers.authorization, 'Bearer t0ken')
    const shown = await engine.endpoints.get(id, { owner: 'a' })
    assert.deepEqual([shown.failingSince, shown.lastDeliveredAt, shown.status], [null, null, 'disabled'])
    await assert.rejects(engine.endpoints.test(id, { owner: 'a', event: 'user.added' }), {
      code: 'ERR_INVALID_ENDPOINT',
    })
    assert.deepEqual((await engine.deliveries.list()).items, [])
  })

  test(`An endpoint is imported with its secrets, and exported again, in ${name}`, async t => {
    const { engine, send, receiver } = await webhookEngine(t, makeStore)
    const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
    const imported = {
      ...{
        id: 'ep_from-elsewhere',
        owner: 'a',
        url: `${receiver.url}/a`,
        events: ['*'],
        secrets: [secret] as [string],
      },
      ...{ headerPrefixes: ['svix'], description: 'From elsewhere', createdAt: new Date(0) },
    }
    assert.deepEqual(await engine.endpoints.import([imported]), { created: 1, unchanged: 0 })
    assert.deepEqual(await engine.endpoints.import([imported]), { created: 0, unchanged: 1 })
    await assert.rejects(engine.endpoints.import([imported, { ...imported, description: 'x' }]), {
      code: 'ERR_ENDPOINT_IMPORT',
      line: 2,
    })
    const end = { secret, expiresAt: new Date(2e12) }
    for (const [wrong, message] of Object.entries(wrongImports(secret, end)))
      await assert.rejects(engine.endpoints.import([{ ...imported, ...(message as object) }]), error => {
        const { code, message: told } = error as Error & { code: string }
        assert.deepEqual([code, told.includes(wrong)], ['ERR_ENDPOINT_IMPORT', true], `${wrong}: ${told}`)
        return true
      })
    await assert.rejects(engine.endpoints.import([null as never]), { code: 'ERR_ENDPOINT_IMPORT' })
    await send('invoice.paid')
    await engine.deliverDue()
    const { headers } = receiver.received[0]!
    for (const part of ['id', 'timestamp', 'signature'])
      assert.equal(headers[`svix-${part}`], headers[`webhook-${part}`])
    const all = await listed(engine.endpoints.export({ owner: everyone, secrets: true }))
    assert.deepEqual(all[0]?.secrets, [secret])
    const shown = await listed(engine.endpoints.export({ owner: 'a' }))
    assert.ok(!JSON.stringify(shown).includes('whsec_'))
  })
}

/** By the place that the error names. */
const wrongImports = (secret: string, end: object) => ({
  '/id': { id: 'a b' },
  '/disabled': { disabled: 'no' },
  '/createdAt': { createdAt: new Date(Number.NaN) },
  '/headerPrefixes': { headerPrefixes: 'svix' },
  '/headerPrefixes/0': { headerPrefixes: ['Svix'] },
  '/headerPrefixes/1': { headerPrefixes: ['svix', null] },
  'at most 4': { headerPrefixes: ['a', 'b', 'c', 'd', 'e'] },
  '/secrets': { secrets: secret },
  'at least one': { secrets: [] },
  '/secrets/0': { secrets: [null] },
  'no end': { secrets: [end] },
  '/secrets/1': { secrets: [secret, secret] },
  '/secrets/1/expiresAt': { secrets: [secret, { ...end, expiresAt: '2030' }] },
  'at most 3': { secrets: [secret, end, end, end] },
  'did you mean "channels"': { chanels: [] },
})

async function listed<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}
