import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verify } from 'ringback/signature'
import { testClient } from 'ringback/testing'
import { app } from './05-callback.ts'

const audience = 'https://customer.example/events'

test('the customer is called back, with the id in the path and a signature', async () => {
  await using client = await testClient(app)
  const { keys } = await (await client.get('/.well-known/jwks.json')).json()
  const received: unknown[] = []
  client.externalApi(audience, async request => {
    const body = await request.text()
    const { id } = verify({ headers: request.headers, body }, { publicKeys: keys, audience, now: client.clock.now() })
    received.push(id, new URL(request.url).pathname, JSON.parse(body))
    return new Response(null, { status: 204 })
  })
  const response = await client.post('/orders', {
    query: { callback_url: audience },
    json: { id: 'o-7', article: 'rope', pieces: 2 },
  })
  assert.equal(response.status, 202)
  const { delivery } = await response.json()
  await client.deliver()
  // `webhook-id` is the delivery's id, and for whom the message was made.
  assert.ok(String(received.shift()).startsWith(`${delivery}_`))
  assert.deepEqual(received, ['/events/orders/o-7', { order: 'o-7', carrier: 'Gull Post' }])
})

test('a URL into our own network is refused', async () => {
  await using client = await testClient(app)
  const response = await client.post('/orders', {
    query: { callback_url: 'http://10.0.0.7/events' },
    json: { id: 'o-8', article: 'rope', pieces: 2 },
  })
  assert.equal(response.status, 422)
})
