import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from 'ringback/testing'
import { app } from './06-later.ts'

const query = { callback_url: 'https://customer.example/events' }

test('two minutes later, once for each order, in order for each customer', async () => {
  await using client = await testClient(app)
  const received: string[] = []
  let away = true
  client.externalApi('https://customer.example', request => {
    const path = new URL(request.url).pathname
    if (away && path === '/events/orders/a-1') return new Response(null, { status: 500 })
    received.push(path.slice('/events/orders/'.length))
    return new Response(null, { status: 204 })
  })
  const ids: string[] = []
  for (const [id, customer] of [
    ['a-1', 'a'],
    ['a-1', 'a'],
    ['a-2', 'a'],
    ['b-1', 'b'],
  ]) {
    const response = await client.post('/orders', { query, json: { id, customer, article: 'rope' } })
    assert.equal(response.status, 202)
    ids.push((await response.json()).delivery)
  }
  assert.equal(ids[0], ids[1])
  await client.deliver()
  client.clock.advance({ seconds: 119 })
  await client.deliver()
  assert.deepEqual(received, [])
  client.clock.advance({ seconds: 1 })
  await client.deliver()
  // a-2 waits for a-1, b-1 does not.
  assert.deepEqual(received, ['b-1'])
  away = false
  client.clock.advance({ minutes: 1 })
  await client.deliver()
  assert.deepEqual(received, ['b-1', 'a-1', 'a-2'])
})

test('the same order with another URL of the customer is another message', async () => {
  await using client = await testClient(app)
  const order = { id: 'c-1', customer: 'c', article: 'rope' }
  const first = await (await client.post('/orders', { query, json: order })).json()
  const other = { callback_url: 'https://customer.example/other' }
  const second = await (await client.post('/orders', { query: other, json: order })).json()
  assert.notEqual(first.delivery, second.delivery)
})
