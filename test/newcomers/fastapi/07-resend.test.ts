import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from 'ringback/testing'
import { app, resendFailed } from './07-resend.ts'

test('What failed last night is sent again', async () => {
  await using client = await testClient(app)
  const ids: (string | null)[] = []
  let status = 410
  client.externalApi('https://customer.example', ({ headers }) => {
    ids.push(headers.get('webhook-id'))
    return new Response(null, { status })
  })
  await client.post('/orders', { json: { id: 'o-1', callback_url: 'https://customer.example' } })
  await client.deliver()
  assert.equal((await app.deliveries.counts()).failed, 1)
  client.clock.advance({ hours: 8 })
  status = 204
  assert.equal(await resendFailed(client.clock.now()), 1)
  await client.deliver()
  assert.equal((await app.deliveries.counts()).delivered, 1)
  // The same message: a receiver that had handled it would know.
  assert.equal(ids.length, 2)
  assert.equal(ids[0], ids[1])
})

test('What was sent four days ago and failed last night is sent again, and what failed before is not', async () => {
  await using client = await testClient(app)
  let up = false
  client.externalApi('https://customer.example', () => new Response(null, { status: up ? 204 : 503 }))
  client.externalApi('https://gone.example', () => new Response(null, { status: 410 }))
  await client.post('/orders', { json: { id: 'o-1', callback_url: 'https://gone.example' } })
  await client.post('/orders', { json: { id: 'o-2', callback_url: 'https://customer.example' } })
  for (let hour = 0; hour < 96 && (await app.deliveries.counts()).failed < 2; hour++) {
    client.clock.advance({ hours: 1 })
    await client.deliver()
  }
  client.clock.advance({ hours: 8 })
  up = true
  assert.equal(await resendFailed(client.clock.now()), 1)
  await client.deliver()
  const { delivered, failed } = await app.deliveries.counts()
  assert.deepEqual({ delivered, failed }, { delivered: 1, failed: 1 })
})
