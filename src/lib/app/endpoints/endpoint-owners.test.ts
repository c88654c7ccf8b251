import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { as, type Call, invoiceApp, newEndpoint, type Told } from '../../../../test/support/endpoint-client.ts'
import { everyone } from '../../delivery/endpoints/owner.ts'
import { testClient } from '../../testing/test-client.ts'

/** Every operation that names something, with a body that fits it. */
const named = (id: string): readonly (readonly [method: string, path: string, json?: unknown])[] => [
  ['GET', `/endpoints/${id}`],
  ['PATCH', `/endpoints/${id}`, { description: 'mine', url: 'https://www.external.org/stolen' }],
  ['POST', `/endpoints/${id}/enable`, {}],
  ['POST', `/endpoints/${id}/disable`],
  ['POST', `/endpoints/${id}/rotate-secret`, { overlapSeconds: 0 }],
  ['POST', `/endpoints/${id}/test`, { event: 'invoice.created' }],
  ['POST', `/endpoints/${id}/recover`, { since: '2026-01-01T00:00:00Z' }],
  ['GET', `/endpoints/${id}/deliveries`],
  ['DELETE', `/endpoints/${id}`],
]

const shown = ({ status, text, headers }: Told) => {
  const kept = [...headers].filter(([name]) => name !== 'x-request-id')
  return JSON.stringify([status, text, kept])
}

/** An application with an endpoint of "a", a delivery and a message to it. */
async function scene() {
  const app = invoiceApp()
  const client = await testClient(app)
  client.externalApi('https://www.external.org', () => new Response('no', { status: 500 }))
  const [a, b] = [as(client, 'a'), as(client, 'b')]
  const { body: endpoint } = await a('POST', '/endpoints', newEndpoint())
  const message = await app.webhooks['invoice.paid'].send({ invoice_id: '7' }, { owner: 'a' })
  await client.deliver()
  const [delivery] = (await a('GET', `/endpoints/${endpoint.id}/deliveries`)).body.items
  return { app, client, a, b, endpoint, message, delivery }
}

describe('What is not yours', () => {
  it('is what does not exist, in every operation and byte for byte', async () => {
    const { client, a, b, endpoint, message, delivery } = await scene()
    await using _closed = client
    const { body: gone } = await b('POST', '/endpoints', newEndpoint())
    await b('DELETE', `/endpoints/${gone.id}`)
    const before = await a('GET', `/endpoints/${endpoint.id}`)
    const invented = named('ep_00000000000000000000000')
    for (const [index, [method, path, json]] of invented.entries()) {
      const expected = shown(await b(method, path, json))
      assert.match(expected, /^\[404/, path)
      for (const id of [endpoint.id, gone.id, message.id, '..', 'x'.repeat(300), 'ep_%00', '%F0%9F%98%80']) {
        const [, here] = named(id)[index]!
        if (id === '..' && path.split('/').length === 3) continue
        const told = await b(method, id === '..' ? here.replace('..', '%2e%2e%2f') : here, json)
        assert.equal(shown(told), expected, `${method} ${here}`)
      }
    }
    for (const [method, path, id] of [
      ['GET', '/deliveries/', delivery.id],
      ['POST', '/deliveries/', `${delivery.id}/replay`],
      ['GET', '/messages/', message.id],
    ] as const) {
      const foreign = await b(method, path + id)
      const invention = await b(method, path + id.replace(/^msg_\w+?(?=\/|$)/, 'msg_0'))
      assert.equal(foreign.status, 404)
      assert.equal(shown(foreign), shown(invention))
    }
    assert.equal((await a('GET', `/endpoints/${endpoint.id}`)).text, before.text)
  })

  it('is not reached by an owner in the path, the query or the body', async () => {
    const { client, a, b, endpoint } = await scene()
    await using _closed = client
    for (const json of [
      { ...newEndpoint(), owner: 'a' },
      { ...newEndpoint(), id: 'ep_1' },
      { ...newEndpoint(), status: 'disabled' },
      { ...newEndpoint(), headerPrefixes: ['svix'] },
      { ...newEndpoint(), secrets: [] },
      { ...newEndpoint(), idempotencyKey: 'k' },
    ])
      assert.equal((await b('POST', '/endpoints', json)).status, 422)
    for (const owner of ['a', '', 'everyone'])
      assert.deepEqual((await b('GET', `/endpoints?owner=${owner}&tenant=a`)).body.items, [])
    assert.equal((await b('GET', `/endpoints/${endpoint.id}?owner=a`)).status, 404)
    const enable = await b('POST', `/endpoints/${endpoint.id}/enable`, { owner: 'a' })
    assert.equal(enable.status, 422)
    assert.equal((await a('GET', '/endpoints')).body.items.length, 1)
  })

  it('is not behind a cursor of somebody else', async () => {
    const { client, a, b } = await scene()
    await using _closed = client
    for (let index = 0; index < 3; index++) await a('POST', '/endpoints', newEndpoint())
    await b('POST', '/endpoints', newEndpoint())
    const { nextCursor } = (await a('GET', '/endpoints?limit=1')).body
    const { status, body } = await b('GET', `/endpoints?cursor=${encodeURIComponent(nextCursor)}`)
    assert.ok(status === 422 || body.items.every(({ url }: { url: string }) => url !== undefined))
    if (status === 200) assert.ok(body.items.length <= 1)
    for (const list of ['/endpoints', '/messages'])
      for (const cursor of ['x', '%00', nextCursor.slice(1), '%F0%9F%98%80', 'x'.repeat(1_001)]) {
        const told = await a('GET', `${list}?cursor=${cursor}`)
        assert.equal(told.status, 422, `${list}?cursor=${cursor}: ${told.text}`)
        assert.equal(told.body.errors[0].pointer, '#/cursor')
      }
  })

  it('is not counted in a message to everyone', async () => {
    const { app, client, a, b } = await scene()
    await using _closed = client
    await a('POST', '/endpoints', newEndpoint())
    await b('POST', '/endpoints', newEndpoint())
    const { id } = await app.webhooks['invoice.created'].send({ invoice_id: '8' }, { owner: everyone })
    await client.deliver()
    const counts = async (call: Call) => {
      const { deliveries } = (await call('GET', `/messages/${id}`)).body
      return Object.values(deliveries as Record<string, number>).reduce((sum, count) => sum + count, 0)
    }
    assert.deepEqual([await counts(a), await counts(b)], [2, 1])
    assert.equal((await b('GET', '/messages')).body.items.length, 1)
    assert.equal((await as(client, 'c')('GET', '/messages')).body.items[0]?.deliveries.scheduled ?? 0, 0)
  })

  it('is kept from whoever calls in any order', async () => {
    const app = invoiceApp()
    await using client = await testClient(app)
    client.externalApi('https://www.external.org', () => new Response(null, { status: 204 }))
    const owners = ['a', 'a b', 'A', "o'%_"]
    const calls = owners.map(owner => as(client, owner))
    const mine: string[][] = owners.map(() => [])
    let seed = 20_261_129
    const pick = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((seed / 2_147_483_648) * below)
    }
    for (let step = 0; step < 120; step++) {
      const who = pick(owners.length)
      const call = calls[who]!
      const all = mine.flat()
      const id = all[pick(all.length)] ?? 'ep_none'
      const own = mine[who]!.includes(id)
      const kind = pick(4)
      if (kind === 0) mine[who]!.push((await call('POST', '/endpoints', newEndpoint())).body.id)
      else if (kind === 1)
        assert.equal((await call('PATCH', `/endpoints/${id}`, { description: owners[who] })).status, own ? 200 : 404)
      else if (kind === 2) {
        assert.equal((await call('DELETE', `/endpoints/${id}`)).status, own ? 204 : 404)
        if (own) mine[who] = mine[who]!.filter(one => one !== id)
      } else {
        const { items } = (await call('GET', '/endpoints?limit=100')).body
        assert.deepEqual(items.map((one: { id: string }) => one.id).sort(), mine[who]!.toSorted())
      }
    }
  })
})
