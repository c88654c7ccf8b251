import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { memoryDedupe } from 'ringback/receiver'
import { testClient } from 'ringback/testing'
import { app } from './05-callback.ts'
import { shippedReceiver, site } from './11-receiver.ts'

const audience = 'https://customer.example/events'

test('the receiver verifies, and handles a message once', async () => {
  await using client = await testClient(app)
  const { keys } = await (await client.get('/.well-known/jwks.json')).json()
  const { clock } = client
  const handled: string[] = []
  const receiver = shippedReceiver({ publicKeys: keys, audience, clock, dedupe: memoryDedupe({ clock }) }, order => {
    handled.push(order)
  })
  const seen: Request[] = []
  client.externalApi(audience, request => {
    seen.push(request.clone())
    return receiver(request)
  })
  await client.post('/orders', { query: { callback_url: audience }, json: { id: 'o-7', article: 'rope', pieces: 2 } })
  await client.deliver()
  assert.equal((await app.deliveries.counts()).delivered, 1)
  assert.deepEqual(handled, ['o-7'])

  const [first] = seen
  assert.ok(first)
  const changed = new Request(first.clone(), { body: '{"order":"o-7","carrier":"Pirates"}' })
  assert.equal((await receiver(first)).status, 204)
  assert.equal((await receiver(changed)).status, 401)
  assert.deepEqual(handled, ['o-7'])
})

test('it stands in an application of Express', async () => {
  await using client = await testClient(app)
  const { keys } = await (await client.get('/.well-known/jwks.json')).json()
  const { clock } = client
  const handled: string[] = []
  const receiver = shippedReceiver({ publicKeys: keys, audience, clock, dedupe: memoryDedupe({ clock }) }, order => {
    handled.push(order)
  })
  const server = site(receiver).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  client.externalApi(audience, async request => {
    const { pathname } = new URL(request.url)
    const { method, headers } = request
    return await fetch(`http://127.0.0.1:${port}${pathname}`, { method, headers, body: await request.text() })
  })
  await client.post('/orders', { query: { callback_url: audience }, json: { id: 'o-8', article: 'rope', pieces: 2 } })
  await client.deliver()
  assert.equal((await app.deliveries.counts()).delivered, 1)
  assert.deepEqual(handled, ['o-8'])
  server.close()
})
