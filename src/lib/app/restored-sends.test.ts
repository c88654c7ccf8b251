import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { HttpError } from '../http/http-error.ts'
import type { AnyApp } from '../operation/any-app.ts'
import { callback } from '../operation/callback-definition.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { memoryStore } from '../store/memory-store.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'
import { Router } from './router.ts'

const external = 'https://www.external.org'
const body = z.object({ n: z.number() })
const query = z.object({ callback_url: z.url() })
const settled = callback.post('{$callback_url}/settled', { body })
const data = {
  operation: 'order',
  callback: 'settled',
  template: '{$request.query.callback_url}/settled',
  values: { '$request.query.callback_url': external },
}

function createApp(options: object = {}) {
  const app = new Ringback({ title: 'Restored', version: '1.0.0', log: new RecordingLog(), ...options })
  app.post('/order', { query, callbacks: { settled } }, async function order({ callbacks }) {
    await callbacks.settled.send({ n: 0 })
  })
  return app
}

const sendFrom = (app: AnyApp, n: number) => app.restore(settled, data).send({ n })
const sentBy = (client: { readonly deliveries: readonly { readonly body: unknown }[] }) =>
  client.deliveries.map(({ body }) => (body as { n: number }).n)

test('a restored send in a handler is discarded with it, whichever application object was asked', async () => {
  const app = createApp()
  const kept = app.restore(settled, data)
  const throwing: Record<string, (given: AnyApp) => unknown> = {
    '/imported': () => sendFrom(app, 1),
    '/given': given => sendFrom(given, 2),
    '/restored-before': () => kept.send({ n: 3 }),
    '/after-an-await': async () => {
      await setImmediate()
      await sendFrom(app, 4)
    },
    '/forgotten': () => void sendFrom(app, 5),
  }
  for (const [path, send] of Object.entries(throwing))
    app.post(path, {}, async ({ app: given }) => {
      await send(given)
      throw new HttpError(409, 'No')
    })
  await using client = await testClient(app)
  for (const path of Object.keys(throwing)) assert.equal((await client.post(path)).status, 409, path)
  assert.deepEqual(client.deliveries, [])
})

test('a restored send in a handler is stored with its own callbacks, in one commit', async () => {
  const added: number[] = []
  const store = memoryStore()
  const counting = {
    ...store,
    add(request: Parameters<typeof store.add>[0]) {
      added.push(request.rows.length)
      return store.add(request)
    },
  }
  const app = createApp()
  app.post('/both', { query, callbacks: { settled } }, async ({ callbacks }) => {
    await sendFrom(app, 1)
    await callbacks.settled.send({ n: 2 })
    assert.deepEqual(added, [])
  })
  app.post('/alone', {}, async () => {
    await sendFrom(app, 3)
    assert.deepEqual(added, [2])
  })
  await using client = await testClient(app, { store: counting })
  assert.equal((await client.post(`/both?callback_url=${external}`)).status, 204)
  assert.equal((await client.post('/alone')).status, 204)
  assert.deepEqual(sentBy(client), [1, 2, 3])
})

test('a restored send in a dependency joins the request', async () => {
  const app = createApp()
  const notify = dependency({}, async ({ app }) => void (await sendFrom(app, 1)))
  const fails = dependency({ dependencies: { notify } }, () => {
    throw new HttpError(403, 'No')
  })
  app.post('/kept', { dependencies: { notify } }, async () => {})
  app.post('/thrown', { dependencies: { notify } }, async () => {
    throw new HttpError(409, 'No')
  })
  app.post('/refused', { dependencies: { fails } }, async () => {})
  app.post('/invalid', { dependencies: { notify }, query: z.object({ page: z.int() }) }, async () => {})
  await using client = await testClient(app)
  assert.equal((await client.post('/thrown')).status, 409)
  assert.equal((await client.post('/refused')).status, 403)
  assert.equal((await client.post('/invalid?page=x')).status, 422)
  assert.deepEqual(client.deliveries, [])
  assert.equal((await client.post('/kept')).status, 204)
  assert.deepEqual(sentBy(client), [1])
})

test('a restored send after the handler, in lifespan or outside is stored at once', async () => {
  const app = createApp({
    lifespan: async function* (app: AnyApp) {
      await sendFrom(app, 1)
      yield
    },
  })
  app.post('/background', {}, async ({ app, background }) => {
    background(async () => void (await sendFrom(app, 3)))
    throw new HttpError(409, 'No')
  })
  const closing = dependency({}, async function* ({ app }) {
    yield
    await sendFrom(app, 4)
  })
  app.post('/closing', { dependencies: { closing } }, async () => {})
  await using client = await testClient(app)
  await sendFrom(app, 2)
  assert.deepEqual(sentBy(client), [1, 2])
  assert.equal((await client.post('/background')).status, 409)
  await setImmediate()
  assert.equal((await client.post('/closing')).status, 204)
  await client.close()
  assert.deepEqual(sentBy(client), [1, 2, 3, 4])
})

test('simultaneous requests keep their own deliveries, and so do nested applications', async () => {
  const app = createApp()
  const inner = createApp()
  const { promise: open, resolve: letGo } = Promise.withResolvers<void>()
  app.post('/waits', {}, async () => {
    await sendFrom(app, 1)
    await open
    throw new HttpError(409, 'No')
  })
  app.post('/outer', {}, async () => {
    await sendFrom(app, 2)
    const response = await inner.fetch(new Request('http://localhost/inner', { method: 'POST' }))
    if (response.status !== 409) throw new Error('The inner one should have failed')
  })
  inner.post('/inner', {}, async () => {
    await sendFrom(inner, 3)
    await sendFrom(app, 4)
    throw new HttpError(409, 'No')
  })
  await using client = await testClient(app)
  await using innerClient = await testClient(inner)
  const waiting = client.post('/waits')
  assert.equal((await client.post('/outer')).status, 204)
  letGo()
  assert.equal((await waiting).status, 409)
  assert.deepEqual(sentBy(client), [2, 4])
  assert.deepEqual(sentBy(innerClient), [])
})

test('sends of the worker, a listener and a shared dependency are not part of the request that woke them', async () => {
  const app = createApp()
  const acknowledged = callback.post('{$callback_url}/acknowledged', { onResponse: () => void sendFrom(app, 1) })
  const shared = dependency({ scope: 'app' }, async ({ app }) => void (await sendFrom(app, 2)))
  app.on('delivery.settled', ({ callback }) => callback === 'acknowledged' && void sendFrom(app, 3))
  app.post(
    '/begin',
    { query, callbacks: { acknowledged } },
    async ({ callbacks }) => void (await callbacks.acknowledged.send()),
  )
  app.post('/wake', { dependencies: { shared } }, async ({ app }) => {
    await client.deliver()
    throw new HttpError(409, `${(await app.deliveries.list()).items.length}`)
  })
  await using client = await testClient(app)
  client.externalApi(external, async () => new Response(null, { status: 204 }))
  assert.equal((await client.post(`/begin?callback_url=${external}`)).status, 204)
  assert.equal((await client.post('/wake')).status, 409)
  await setImmediate()
  assert.deepEqual(
    sentBy({ deliveries: client.deliveries.filter(({ callback }) => callback === 'settled') }).toSorted(),
    [1, 2, 3],
  )
})

test('a router file sees the part of the application that it needs, typed', async () => {
  const router = new Router()
  router.post('/settle', { response: z.unknown() }, async ({ app }) => {
    const { id } = await app.restore(settled, data).send({ n: 7 })
    const off = app.on('delivery.created', ({ id }) => id)
    off()
    const { items } = await app.deliveries.list({ state: 'scheduled' })
    return { id, stored: items.length, secret: (await app.secretFor('customer-1')).slice(0, 6) }
  })
  const app = createApp()
  app.include(router)
  await using client = await testClient(app)
  const response = (await (await client.post('/settle')).json()) as { id: string }
  assert.deepEqual(response, { id: client.deliveries[0]?.id, stored: 0, secret: 'whsec_' })
})
