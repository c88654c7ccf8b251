import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import type { DeliveryStore } from '../delivery/delivery-store.ts'
import { callback } from '../operation/callback-definition.ts'
import { memoryStore } from '../store/memory-store.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'

const external = 'https://www.external.org'
const query = z.object({ callback_url: z.url() })

function createApp() {
  return new Ringback({ title: 'Unusual', version: '1.0.0', log: new RecordingLog() })
}

test('a body that is nested too deeply for a callback is refused where it is sent', async () => {
  const nested = callback.post('{$callback_url}/nested', { body: z.any() })
  const app = createApp()
  let refusal: unknown
  app.post('/order', { query, callbacks: { nested } }, async function order({ callbacks }) {
    let body: unknown = {}
    for (let depth = 0; depth < 100_000; depth++) body = { inner: body }
    await callbacks.nested.send(body).catch((error: unknown) => {
      refusal = error
    })
  })
  await using client = await testClient(app)
  assert.equal((await client.post(`/order?callback_url=${external}`)).status, 204)
  assert.match(String(refusal), /nested too deeply/)
  assert.deepEqual(client.deliveries, [])
})

test('a callback whose URL reads the URL and the method of its request is restored with both', async () => {
  const app = createApp()
  const told = callback.post(`${external}/told?of={$url}&by={$method}`, {})
  let data: unknown
  app.post('/order', { callbacks: { told } }, async function order({ callbacks }) {
    data = JSON.parse(JSON.stringify(callbacks.told))
  })
  await using client = await testClient(app)
  await client.post('/order')
  await app.restore(told, data).send()
  const [delivery] = client.deliveries
  assert.match(delivery?.url ?? '', /^https:\/\/www\.external\.org\/told\?of=http.*%2Forder&by=POST$/)
})

test('a callback whose URL reads several names below one object of the body is restored with all of them', async () => {
  const app = createApp()
  const told = callback.post(`${external}/{$request.body#/to/name}/{$request.body#/to/id}`, {})
  const body = z.object({ to: z.object({ name: z.string(), id: z.string() }) })
  let data: unknown
  app.post('/order', { body, callbacks: { told } }, async function order({ callbacks }) {
    data = JSON.parse(JSON.stringify(callbacks.told))
  })
  await using client = await testClient(app)
  await client.post('/order', { json: { to: { name: 'rick', id: '7' } } })
  await app.restore(told, data).send()
  assert.deepEqual(
    client.deliveries.map(({ url }) => url),
    [`${external}/rick/7`],
  )
})

test('onResponse gets no body where the response has none that is as declared', async () => {
  const app = createApp()
  const seen: unknown[] = []
  const told = callback.post('{$callback_url}/told', {
    response: z.object({ ok: z.boolean() }),
    onResponse: ({ body }) => void seen.push(body),
  })
  app.post('/order', { query, callbacks: { told } }, async function order({ callbacks }) {
    await callbacks.told.send()
  })
  await using client = await testClient(app)
  const bodies = ['{"ok":true}', '{"ok":7}', 'OK', '']
  client.externalApi(
    external,
    () => new Response(bodies[seen.length], { headers: { 'content-type': 'application/json' } }),
  )
  for (const _ of bodies) {
    await client.post(`/order?callback_url=${external}`)
    await client.deliver()
  }
  assert.deepEqual(seen, [{ ok: true }, undefined, undefined, undefined])
})

test('deliveries of an application are replayed and cancelled by its own methods', async () => {
  const app = createApp()
  const told = callback.post('{$callback_url}/told', {})
  app.post('/order', { query, callbacks: { told } }, async function order({ callbacks }) {
    await callbacks.told.send()
  })
  await using client = await testClient(app)
  client.externalApi(external, () => new Response(null, { status: 204 }))
  await client.post(`/order?callback_url=${external}`)
  const id = client.deliveries[0]?.id ?? ''
  await assert.rejects(app.deliveries.replay(id), { reason: 'not-settled' })
  await client.deliver()
  assert.deepEqual(await app.deliveries.replay(id), { id })
  assert.equal(await app.deliveries.cancel(id), true)
  assert.equal(await app.deliveries.cancel(id), false)
  assert.equal((await app.deliveries.get(id))?.state, 'cancelled')
})

test('a request whose only send is refused asks nothing of the store', async () => {
  let adds = 0
  const inner = memoryStore()
  const store: DeliveryStore = {
    ...inner,
    add(request) {
      adds++
      return inner.add(request)
    },
  }
  const delivery = { store, signing: { masterSecret: 'm'.repeat(32) } }
  const app = new Ringback({ title: 'Unusual', version: '1.0.0', log: new RecordingLog(), delivery })
  const told = callback.post('{$callback_url}/told', { body: z.string().refine(async text => text !== 'refused') })
  app.post('/order', { query, callbacks: { told } }, async function order({ callbacks }) {
    await callbacks.told.send('refused').catch(() => {})
  })
  const path = `http://localhost/order?callback_url=${external}`
  assert.equal((await app.fetch(new Request(path, { method: 'POST' }))).status, 204)
  assert.equal(adds, 0)
})
