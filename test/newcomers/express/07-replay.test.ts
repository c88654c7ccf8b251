import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from 'ringback/testing'
import { app } from './05-callback.ts'
import { replaySince } from './07-replay.ts'

const DAY = 86_400_000
const query = { callback_url: 'https://customer.example/events' }
const json = { id: 'o-9', article: 'rope', pieces: 1 }

test('what a 410 ended last night is sent once more', async () => {
  await using client = await testClient(app)
  let status = 410
  client.externalApi('https://customer.example', () => new Response(null, { status }))
  await client.post('/orders', { query, json })
  await client.deliver()
  assert.equal((await app.deliveries.counts()).failed, 1)
  status = 204
  assert.equal(await replaySince(app, client.clock.now() - DAY), 1)
  await client.deliver()
  assert.equal((await app.deliveries.counts()).delivered, 1)
})

test('`since` asks when it was ordered, not when it failed', async () => {
  await using client = await testClient(app)
  let status = 500
  client.externalApi('https://customer.example', () => new Response(null, { status }))
  await client.post('/orders', { query, json })
  for (let hour = 0; hour < 96 && (await app.deliveries.counts()).failed === 0; hour++) {
    client.clock.advance({ hours: 1 })
    await client.deliver()
  }
  assert.equal((await app.deliveries.counts()).failed, 1)
  status = 204
  // It failed within the last hour, after three days of attempts.
  assert.equal(await replaySince(app, client.clock.now() - DAY), 0)
  assert.equal(await replaySince(app, client.clock.now() - 5 * DAY), 1)
  // The circuit breaker of the destination is open, so a replay alone would wait for its next probe.
  await app.destinations.resume(query.callback_url)
  await client.deliver()
  assert.equal((await app.deliveries.counts()).delivered, 1)
})
