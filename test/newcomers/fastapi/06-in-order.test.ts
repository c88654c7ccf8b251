import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from 'ringback/testing'
import { app } from './06-in-order.ts'

const order = (id: string, customer = 'ada') => ({
  json: { id, customer, callback_url: `https://${customer}.example/events` },
})

test('Two minutes later, once for each order', async () => {
  await using client = await testClient(app)
  const paths: string[] = []
  client.externalApi('https://ada.example', request => {
    paths.push(new URL(request.url).pathname)
    return new Response(null, { status: 204 })
  })
  const first = await (await client.post('/orders', order('o-1'))).json()
  const again = await (await client.post('/orders', order('o-1'))).json()
  assert.deepEqual(first, again)
  client.clock.advance({ seconds: 119 })
  await client.deliver()
  assert.deepEqual(paths, [])
  client.clock.advance({ seconds: 1 })
  await client.deliver()
  assert.deepEqual(paths, ['/events/orders/o-1'])
  // Also after it was delivered.
  assert.deepEqual(await (await client.post('/orders', order('o-1'))).json(), first)
  client.clock.advance({ minutes: 5 })
  await client.deliver()
  assert.equal(paths.length, 1)
})

test('In order for one customer, without holding up another', async () => {
  await using client = await testClient(app)
  const paths: string[] = []
  let up = false
  client.externalApi('https://ada.example', request => {
    if (!up) return new Response(null, { status: 503 })
    paths.push(`ada ${new URL(request.url).pathname}`)
    return new Response(null, { status: 204 })
  })
  client.externalApi('https://bob.example', request => {
    paths.push(`bob ${new URL(request.url).pathname}`)
    return new Response(null, { status: 204 })
  })
  await client.post('/orders', order('o-1'))
  await client.post('/orders', order('o-2'))
  await client.post('/orders', order('o-3', 'bob'))
  client.clock.advance({ minutes: 2 })
  await client.deliver()
  assert.deepEqual(paths, ['bob /events/orders/o-3'])
  up = true
  client.clock.advance({ minutes: 1 })
  await client.deliver()
  assert.deepEqual(paths.slice(1), ['ada /events/orders/o-1', 'ada /events/orders/o-2'])
})
