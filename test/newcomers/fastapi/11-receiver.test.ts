import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryDedupe } from 'ringback/receiver'
import { testClient } from 'ringback/testing'
import { app } from './05-orders.ts'
import { done, makeReceiver } from './11-receiver.ts'

test('A callback is verified, and handled once', async () => {
  await using client = await testClient(app)
  const { clock } = client
  const audience = 'https://customer.example/events'
  const receiver = makeReceiver({
    keysUrl: 'https://orders.example/.well-known/jwks.json',
    audience,
    // The keys come from the application under test, without a network.
    fetch: () => client.get('/.well-known/jwks.json'),
    clock,
    dedupe: memoryDedupe({ clock }),
  })
  const requests: Request[] = []
  client.externalApi('https://customer.example', request => {
    requests.push(request.clone())
    return receiver(request)
  })
  await client.post('/orders', { json: { id: 'o-7', callback_url: audience, items: ['tea'] } })
  await client.deliver()
  assert.deepEqual(done, ['o-7: packed, 1'])
  assert.equal((await app.deliveries.counts()).delivered, 1)

  // The same message again: the same response, and nothing is done twice.
  const [message] = requests
  assert.ok(message)
  const again = await receiver(message.clone())
  assert.deepEqual([again.status, await again.json()], [200, { ok: true }])
  assert.equal(done.length, 1)

  // Another body under the same signature.
  const forged = await receiver(new Request(message, { body: '{"status":"sold out","items":1}' }))
  assert.equal(forged.status, 401)
  // What nobody signed.
  const body = '{"status":"packed","items":1}'
  const headers = { 'content-type': 'application/json' }
  const unsigned = await receiver(new Request(`${audience}/orders/o-8`, { method: 'POST', headers, body }))
  assert.equal(unsigned.status, 401)
  assert.equal(done.length, 1)
})
