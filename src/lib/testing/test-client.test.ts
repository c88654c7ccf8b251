import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { z } from 'zod'
import { Ringback } from '../app/ringback.ts'
import type { RingbackOptions } from '../app/ringback-options.ts'
import { form } from '../operation/bodies/form.ts'
import { callback } from '../operation/callback-definition.ts'
import { memoryStore } from '../store/memory-store.ts'
import { sqliteStore } from '../store/sqlite/sqlite-store.ts'
import { testClient } from './test-client.ts'

const EXTERNAL = 'https://www.external.org'
const turn = () => new Promise(resolve => setImmediate(resolve))
const silent = { debug() {}, info() {}, warn() {}, error() {} }

function createApp(options: Partial<RingbackOptions> = {}) {
  const app = new Ringback({ title: 'Payments', version: '1.0.0', log: silent, ...options })
  const paid = callback.post('{$callback_url}/paid', { body: z.object({ paid: z.boolean() }) })
  app.post(
    '/pay',
    { query: z.object({ callback_url: z.url(), later: z.boolean().default(false) }), callbacks: { paid } },
    async ({ query, callbacks, background }) => {
      if (!query.later) await callbacks.paid.send({ paid: true })
      else
        background(async () => {
          await turn()
          background(async () => {
            await turn()
            await callbacks.paid.send({ paid: false })
          })
          throw new Error('The mail server is away')
        })
    },
  )
  app.get('/echo', { response: z.unknown() }, ({ request }) => ({
    search: new URL(request.url).search,
    headers: Object.fromEntries(request.headers),
  }))
  return app
}

test('testClient opens neither the store nor the secret that the application names, before nor after', async () => {
  const path = '/nowhere/at/all/deliveries.sqlite'
  const app = createApp({ delivery: { store: sqliteStore({ path }), signing: { masterSecret: 'short' } } })
  const { deliveries } = app
  const client = await testClient(app)
  await client.post('/pay', { query: { callback_url: EXTERNAL } })
  assert.deepEqual(
    (await deliveries.list()).items.map(({ id }) => id),
    client.deliveries.map(({ id }) => id),
  )
  await client.close()
  assert.ok(!existsSync('/nowhere'))
})

test('testClient uses a store that it is given itself, and no other', async () => {
  const named = memoryStore()
  const given = memoryStore()
  const app = createApp({ delivery: { store: named, signing: { masterSecret: 'the secret of a deployment' } } })
  await using client = await testClient(app, { store: given })
  await client.post('/pay', { query: { callback_url: EXTERNAL } })
  assert.equal((await given.counts()).scheduled, 1)
  assert.equal((await named.counts()).scheduled, 0)
  assert.equal(client.deliveries.length, 1)
})

test('testClient gives the application the engine back that it had', async () => {
  const app = createApp({ delivery: { store: memoryStore(), signing: { masterSecret: 'the secret of a deployment' } } })
  const secret = await app.secretFor(EXTERNAL)
  for (let round = 0; round < 2; round++) {
    await using client = await testClient(app)
    assert.notEqual(await app.secretFor(EXTERNAL), secret)
    assert.equal((await client.get('/echo')).status, 200)
  }
  assert.equal(await app.secretFor(EXTERNAL), secret)
})

test('testClient refuses an application that runs already', async () => {
  const app = createApp()
  const refused = { message: /^The application is already running/ }
  const client = await testClient(app)
  await assert.rejects(testClient(app), refused)
  await client.post('/pay', { query: { callback_url: EXTERNAL } })
  assert.equal(client.deliveries.length, 1, 'the first one goes on')
  await client.close()
  const both = await Promise.allSettled([testClient(app), testClient(app)])
  assert.deepEqual(
    both.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  )
  for (const one of both) if (one.status === 'fulfilled') await one.value.close()
  await app.start()
  await assert.rejects(testClient(app), refused)
  await app.close()
  await (await testClient(app)).close()
})

test('testClient leaves an application alone whose lifespan fails', async () => {
  const failing = createApp({
    delivery: { store: memoryStore(), signing: { masterSecret: 'the secret of a deployment' } },
    async *lifespan() {
      await Promise.reject(new Error('The database is away'))
      yield
    },
  })
  const secret = await failing.secretFor(EXTERNAL)
  await assert.rejects(testClient(failing), { message: 'The database is away' })
  assert.equal(await failing.secretFor(EXTERNAL), secret)
  await assert.rejects(testClient(failing), { message: 'The database is away' })
})

test('deliver waits for background work and what that begins, and tells errors of it to the log', async () => {
  const errors: unknown[] = []
  const log = { ...silent, error: (_: string, fields?: { error?: unknown }) => errors.push(fields?.error) }
  await using client = await testClient(createApp({ log: log as never }))
  const received: unknown[] = []
  client.externalApi(EXTERNAL, async request => {
    received.push(await request.json())
    // What comes in while deliveries go out is waited for, too.
    if (received.length < 3) await client.post('/pay', { query: { callback_url: EXTERNAL, later: true } })
    return new Response(null, { status: 204 })
  })
  await client.post('/pay', { query: { callback_url: EXTERNAL, later: true } })
  await client.deliver()
  assert.deepEqual(received, [{ paid: false }, { paid: false }, { paid: false }])
  assert.deepEqual(errors.map(String), Array(3).fill('Error: The mail server is away'))
})

test('An attempt says which external API is missing', async () => {
  const app = createApp()
  await using client = await testClient(app)
  for (const [url, origin] of [
    ['https://x.example/hooks', 'https://x.example'],
    ['https://shop.example:8443', 'https://shop.example:8443'],
    ['https://www.external.org/a?b=c', EXTERNAL],
  ] as const) {
    const remove = client.externalApi(origin, () => new Response(null, { status: 204 }))
    remove()
    await client.post('/pay', { query: { callback_url: url } })
    await client.deliver()
    const delivery = await app.deliveries.get(client.deliveries.at(-1)?.id ?? '')
    assert.equal(delivery?.attempts[0]?.error, `Cannot reach "${origin}": no externalApi stands in for ${origin}`)
  }
})

test('A request has the headers of its client, and its own in their place', async () => {
  await using client = await testClient(createApp(), { headers: { Authorization: 'Bearer one', 'x-tenant': 'acme' } })
  const headers = async (init?: object) =>
    ((await (await client.get('/echo', init)).json()) as { headers: Record<string, string> }).headers
  const { authorization, 'x-tenant': tenant } = await headers()
  assert.deepEqual([authorization, tenant], ['Bearer one', 'acme'])
  assert.equal(
    (await headers({ headers: new Headers({ authorization: 'Bearer two' }) }))['authorization'],
    'Bearer two',
  )
  assert.equal((await headers({ headers: [['X-TENANT', 'other']] }))['x-tenant'], 'other')
})

test('A query is added to that of the path', async () => {
  await using client = await testClient(createApp())
  const search = async (path: string, query: Record<string, never>) =>
    ((await (await client.get(path, { query })).json()) as { search: string }).search
  const of = (path: string, query: object) => search(path, query as Record<string, never>)
  assert.equal(await of('/echo', { a: 'x y&z', n: 1.5, yes: true }), '?a=x+y%26z&n=1.5&yes=true')
  assert.equal(await of('/echo?z=%20', { tag: ['a', 'b'], none: undefined, empty: [] }), '?z=%20&tag=a&tag=b')
  assert.equal(await of('/echo?z=1', {}), '?z=1')
})

test('A request has the fields and files of a form', async () => {
  const app = createApp()
  app.post(
    '/form',
    { body: form(z.record(z.string(), z.unknown())), response: z.unknown() },
    async ({ body, request }) => ({
      type: request.headers.get('content-type')?.split(';')[0],
      body: Object.fromEntries(
        Object.entries(body).map(([name, value]) => [name, value instanceof File ? [value.name, value.type] : value]),
      ),
    }),
  )
  await using client = await testClient(app)
  const fields = { a: 'x y', n: 1.5, yes: true, tags: ['a', 'b'], none: undefined }
  const body = { a: 'x y', n: '1.5', yes: 'true', tags: ['a', 'b'] }
  const texts = await client.post('/form', { form: fields })
  assert.deepEqual(await texts.json(), { type: 'application/x-www-form-urlencoded', body })
  const image = new File(['x'], 'x.png', { type: 'image/png' })
  const files = await client.post('/form', { form: fields, files: { image } })
  assert.deepEqual(await files.json(), {
    type: 'multipart/form-data',
    body: { ...body, image: ['x.png', 'image/png'] },
  })
})
