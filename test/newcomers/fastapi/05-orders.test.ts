import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verify } from 'ringback/signature'
import { testClient } from 'ringback/testing'
import { app } from './05-orders.ts'

const callback_url = 'https://customer.example/events'

test('The customer is called with the id in the path, signed', async () => {
  await using client = await testClient(app)
  const { keys: publicKeys } = await (await client.get('/.well-known/jwks.json')).json()
  const received: unknown[] = []
  client.externalApi('https://customer.example', async request => {
    const body = await request.text()
    const { id } = verify(
      { headers: request.headers, body },
      { publicKeys, audience: callback_url, now: client.clock.now() },
    )
    received.push(id, new URL(request.url).pathname, JSON.parse(body))
    return Response.json({ ok: true })
  })
  const response = await client.post('/orders', { json: { id: 'o 7', callback_url, items: ['tea', 'milk'] } })
  assert.equal(response.status, 202)
  const { delivery } = await response.json()
  assert.deepEqual(received, [])
  await client.deliver()
  assert.deepEqual(received.slice(1), ['/events/orders/o%207', { status: 'packed', items: 2 }])
  // The webhook-id begins with the id that `send` gave.
  assert.ok(String(received[0]).startsWith(delivery))
  assert.equal((await app.deliveries.get(delivery))?.state, 'delivered')
})

test('Our own network is never called', async () => {
  await using client = await testClient(app)
  const json = { id: 'o-8', callback_url: 'http://10.0.0.7/events', items: ['tea'] }
  const response = await client.post('/orders', { json })
  assert.equal(response.status, 422)
  assert.equal((await response.json()).errors[0].code, 'destination')
})
