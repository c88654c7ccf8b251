import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { readMessage } from '../delivery/message.ts'
import type { NewDelivery } from '../delivery/stored-delivery.ts'
import { callback } from '../operation/callback-definition.ts'
import { memoryStore } from '../store/memory-store.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'
import type { RingbackOptions } from './ringback-options.ts'
import { Router } from './router.ts'

function createApp(options: Partial<RingbackOptions> = {}) {
  return new Ringback({ title: 'Options', version: '1.0.0', log: new RecordingLog(), ...options })
}

const response = z.unknown()
const external = 'https://www.external.org'
const query = z.object({ callback_url: z.url() })
const json = { 'content-type': 'application/json' }

async function responseOf(app: Ringback, path: string, init: RequestInit = {}) {
  const response = await app.fetch(new Request(new URL(path, 'http://localhost'), init))
  const text = await response.text()
  return { status: response.status, text }
}

test('coerceJson reads text as the schema asks for it, and false refuses it', async () => {
  const body = z.object({ total: z.number(), paid: z.boolean(), lines: z.array(z.object({ count: z.int() })) })
  const texts = JSON.stringify({ total: '7.5', paid: 'true', lines: [{ count: '3' }] })
  const sent = { method: 'POST', headers: json, body: texts }
  for (const [coerceJson, status] of [
    [undefined, 200],
    [true, 200],
    [false, 422],
  ] as const) {
    const app = createApp({ ...(coerceJson !== undefined && { coerceJson }) })
    app.post('/x', { body, response }, async ({ body }) => body)
    const received = await responseOf(app, '/x', sent)
    assert.equal(received.status, status)
    if (status === 200) assert.equal(received.text, '{"total":7.5,"paid":true,"lines":[{"count":3}]}')
    else assert.equal((JSON.parse(received.text) as { errors: unknown[] }).errors.length, 3)
  }
})

test('strictContentType false reads a body without a media type, and still refuses another one', async () => {
  const wrong = ['text/plain', 'application/x-www-form-urlencoded', 'text/plain; application/json', 'json', '*/*', 'x']
  const types = [...wrong.map(type => ({ 'content-type': type })), {}]
  for (const strictContentType of [undefined, true, false]) {
    const app = createApp({ ...(strictContentType !== undefined && { strictContentType }) })
    app.post('/x', { body: z.object({ n: z.number() }), response }, async ({ body }) => body)
    for (const headers of types) {
      // As bytes, since text comes with a media type.
      const sent = { method: 'POST', headers, body: new TextEncoder().encode('{"n":1}') }
      const { status, text } = await responseOf(app, '/x', sent as RequestInit)
      const isRead = strictContentType === false && !('content-type' in headers)
      assert.equal(status, isRead ? 200 : 415, JSON.stringify(headers))
      if (isRead) assert.equal(text, '{"n":1}')
    }
  }
})

test('bodyLimitBytes of an operation wins over that of the application, whether larger or smaller', async () => {
  const app = createApp({ bodyLimitBytes: 20 })
  app.post('/app', { body: z.string(), response }, async () => 'taken')
  app.post('/smaller', { body: z.string(), response, bodyLimitBytes: 10 }, async () => 'taken')
  app.post('/larger', { body: z.string(), response, bodyLimitBytes: 30 }, async () => 'taken')
  for (const [path, limit] of [
    ['/app', 20],
    ['/smaller', 10],
    ['/larger', 30],
  ] as const)
    for (const [length, status] of [
      [limit, 200],
      [limit + 1, 413],
    ] as const) {
      const sent = { method: 'POST', headers: json, body: JSON.stringify('x'.repeat(length - 2)) }
      assert.equal((await responseOf(app, path, sent)).status, status, `${length} bytes to ${path}`)
    }
})

test('generateOperationId names operations without an operationId: in the document and in deliveries', async () => {
  const asked: unknown[] = []
  const app = createApp({
    generateOperationId(parts) {
      asked.push(parts)
      return `${parts.method}-${parts.handlerName || 'nameless'}`
    },
  })
  const router = new Router({ prefix: '/v1' })
  const done = callback.post('{$callback_url}', {})
  router.post('/pay/{id}', { query, callbacks: { done } }, async function pay({ callbacks }) {
    await callbacks.done.send()
  })
  app.include(router)
  app.get('/own', { operationId: 'mine' }, async function named() {})
  app.get('/nameless', {}, async () => {})
  assert.deepEqual(asked, [
    { method: 'post', path: '/v1/pay/{id}', handlerName: 'pay', tags: [] },
    { method: 'get', path: '/nameless', handlerName: '', tags: [] },
  ])
  const { paths } = app.openapi()
  assert.equal(paths?.['/v1/pay/{id}']?.post?.operationId, 'post-pay')
  assert.equal(paths?.['/own']?.get?.operationId, 'mine')
  assert.equal(paths?.['/nameless']?.get?.operationId, 'get-nameless')
  await using client = await testClient(app)
  await client.post(`/v1/pay/7?callback_url=${external}`)
  assert.deepEqual(
    client.deliveries.map(({ operation }) => operation),
    ['post-pay'],
  )
})

test('extendDocument has the last word on the document, wherever it is shown', async () => {
  const app = createApp({
    extendDocument(document) {
      assert.ok(document.paths?.['/x'])
      return { ...document, 'x-audience': 'partners' }
    },
  })
  app.get('/x', {}, async () => {})
  assert.equal(app.openapi()['x-audience'], 'partners')
  assert.match((await responseOf(app, '/openapi.json')).text, /"x-audience":"partners"/)
  assert.match((await responseOf(app, '/openapi.yaml')).text, /^x-audience: partners$/m)
})

test('extendDocument may modify the document in place', () => {
  const app = createApp({
    extendDocument(document) {
      document.info.title = 'Changed'
      return document
    },
  })
  assert.equal(app.openapi().info.title, 'Changed')
})

test('docs moves document and page, passes options to Swagger UI, and false removes them', async () => {
  const status = async (app: Ringback, path: string) => (await responseOf(app, path)).status
  const moved = createApp({
    docs: {
      openapi: '/api/spec.json',
      swagger: '/api/pages',
      swaggerOptions: { tryItOutEnabled: false, filter: 'a"b' },
      oauth: { clientId: 'docs', scopes: ['read'] },
    },
  })
  for (const path of ['/openapi.json', '/openapi.yaml', '/docs']) assert.equal(await status(moved, path), 404)
  for (const path of ['/api/spec.json', '/api/spec.yaml', '/api/pages/init.js'])
    assert.equal(await status(moved, path), 200)
  const page = await responseOf(moved, '/api/pages')
  assert.match(page.text, /data-openapi-url="\.\.\/api\/spec\.json"/)
  assert.match(
    page.text,
    /data-options="{&quot;tryItOutEnabled&quot;:false,&quot;filter&quot;:&quot;a\\&quot;b&quot;}"/,
  )

  assert.match(
    page.text,
    /data-oauth="{&quot;clientId&quot;:&quot;docs&quot;,&quot;scopes&quot;:\[&quot;read&quot;\]}"/,
  )

  const withoutPage = createApp({ docs: { swagger: false } })
  assert.equal(await status(withoutPage, '/openapi.json'), 200)
  assert.equal(await status(withoutPage, '/docs'), 404)
  assert.equal(await status(withoutPage, '/docs/init.js'), 404)

  const done = callback.post('{$callback_url}', {})
  for (const docs of [false, { openapi: false }, { openapi: false, swagger: '/pages' }] as const) {
    const without = createApp({ docs, delivery: { store: memoryStore(), signing: { masterSecret: 'm'.repeat(32) } } })
    without.post('/x', { query, callbacks: { done } }, async () => {})
    for (const path of ['/openapi.json', '/openapi.yaml', '/docs', '/docs/init.js', '/pages', '/pages/swagger-ui.css'])
      assert.equal(await status(without, path), 404, path)
    assert.equal(await status(without, '/.well-known/jwks.json'), 200)
    assert.equal(without.openapi().paths?.['/x']?.post?.operationId, 'postX')
  }
})

test("the application's description of itself is in its document", () => {
  const info = {
    summary: 'In one line',
    description: '*More*',
    termsOfService: 'https://a.example/terms',
    contact: { name: 'Us', email: 'us@a.example' },
    license: { name: 'MIT', identifier: 'MIT' },
  }
  const rest = {
    servers: [{ url: 'https://api.a.example', description: 'Live' }],
    tags: [{ name: 'invoices', description: 'Bills' }],
    externalDocs: { url: 'https://a.example/more' },
  }
  const document = createApp({ ...info, ...rest, basePath: '/below' }).openapi()
  assert.deepEqual(document.info, { title: 'Options', version: '1.0.0', ...info })
  const { servers, tags, externalDocs } = document
  assert.deepEqual({ servers, tags, externalDocs }, { ...rest, servers: [{ url: '/below' }, ...rest.servers] })
  assert.deepEqual(createApp({ basePath: '/below' }).openapi().servers, [{ url: '/below' }])
  for (const url of ['/below', '/below/']) {
    const servers = [{ url: 'https://api.example/below' }, { url, description: 'Here' }]
    assert.deepEqual(createApp({ basePath: '/below', servers }).openapi().servers, servers)
  }
})

test('the descriptions of an operation and a callback are in the document', () => {
  const app = createApp()
  const own = { summary: 'A summary', description: '*More*', tags: ['a', 'b'], operationId: 'own', deprecated: true }
  const done = callback.post('{$callback_url}', { ...own, operationId: 'ownDone', status: 202 })
  const responses = { responseDescription: 'What came of it', openapi: { 'x-cost': 3 } }
  app.post('/x', { ...own, ...responses, query, callbacks: { done } }, async () => {})
  const operation = app.openapi().paths?.['/x']?.post
  const { summary, description, tags, operationId, deprecated } = operation ?? {}
  assert.deepEqual({ summary, description, tags, operationId, deprecated }, own)
  assert.equal((operation?.responses?.['204'] as { description?: string } | undefined)?.description, 'What came of it')
  assert.equal(operation?.['x-cost'], 3)
  const called = operation?.callbacks?.['done'] as Record<string, { post?: typeof operation }>
  const documented = called['{$request.query.callback_url}']?.post
  assert.deepEqual(
    {
      summary: documented?.summary,
      description: documented?.description?.split('\n\n')[0],
      tags: documented?.tags,
      operationId: documented?.operationId,
      deprecated: documented?.deprecated,
    },
    { ...own, operationId: 'ownDone' },
  )
  assert.deepEqual(Object.keys(documented?.responses ?? {}), ['202', '410'])
})

test('servers of an application are its own: nothing is sent there', async () => {
  const app = createApp({ servers: [{ url: 'https://api.external.org/v1' }, { url: '/relative' }] })
  const done = callback.post('{$callback_url}', {})
  app.post('/x', { query, callbacks: { done } }, async ({ callbacks }) => {
    await callbacks.done.send()
  })
  await using client = await testClient(app)
  assert.equal((await client.post('/x?callback_url=https://api.external.org/hooks')).status, 422)
  assert.equal((await client.post('/x?callback_url=https://hooks.external.org/')).status, 204)
})

const plain = callback.post('{$callback_url}', {})
const own = callback.post('{$callback_url}', {
  timeoutMs: 300,
  retryDelaysSeconds: [0, 9],
  retryOnInvalidResponse: true,
})
const asking = callback.put('{$callback_url}', { onResponse() {} })

/** What an application with these options stores for each of these callbacks. */
async function storedBy(delivery: NonNullable<RingbackOptions['delivery']>) {
  const rows: NewDelivery[] = []
  const store = memoryStore()
  const add: typeof store.add = request => {
    rows.push(...request.rows)
    return store.add(request)
  }
  const app = createApp({ delivery })
  app.post('/x', { query, callbacks: { plain, own, asking } }, async ({ callbacks }) => {
    await callbacks.plain.send()
    await callbacks.own.send()
    await callbacks.asking.send()
  })
  await using client = await testClient(app, { store: { ...store, add } })
  assert.equal((await client.post(`/x?callback_url=${external}`)).status, 204)
  return rows.map(({ timeoutMs, content }) => {
    const { method, retryDelaysSeconds, retryOnInvalidResponse, hasOnResponse } = readMessage(content)
    return [method, timeoutMs, retryDelaysSeconds.length, { retryOnInvalidResponse, hasOnResponse }]
  })
}

test('times of a callback win over those of the application, and those over the defaults', async () => {
  const nothing = { retryOnInvalidResponse: false, hasOnResponse: false }
  assert.deepEqual(await storedBy({}), [
    ['POST', 15_000, 10, nothing],
    ['POST', 300, 2, { ...nothing, retryOnInvalidResponse: true }],
    ['PUT', 15_000, 10, { ...nothing, hasOnResponse: true }],
  ])
  assert.deepEqual(await storedBy({ timeoutMs: 700, retryDelaysSeconds: [0, 1, 2] }), [
    ['POST', 700, 3, nothing],
    ['POST', 300, 2, { ...nothing, retryOnInvalidResponse: true }],
    ['PUT', 700, 3, { ...nothing, hasOnResponse: true }],
  ])
})

test('a truncated response does not pass for a whole one: onResponse gets what came, unchecked', async t => {
  const receiver = createServer((_, response) => response.end('1234567890')).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  t.after(() => receiver.close())
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
  for (const [responseLimitBytes, expected, valid] of [
    [10, 1_234_567_890, true],
    [4, undefined, undefined],
    [1, undefined, undefined],
  ] as const) {
    const app = createApp({
      delivery: {
        store: memoryStore(),
        signing: { masterSecret: 'm'.repeat(32) },
        destinations: { allow: ['127.0.0.0/8'] },
        responseLimitBytes,
      },
    })
    const responded = Promise.withResolvers<unknown>()
    const asked = callback.post('{$callback_url}', {
      response: z.number(),
      onResponse: ({ body, bytes, bodyTruncated }) =>
        responded.resolve([body, Buffer.from(bytes).toString(), bodyTruncated]),
    })
    app.post('/x', { query, callbacks: { asked }, response }, async ({ callbacks }) => callbacks.asked.send())
    await app.start()
    const settled = Promise.withResolvers<unknown>()
    app.on('delivery.settled', ({ responseValid }) => settled.resolve(responseValid))
    const { status, text } = await responseOf(app, `/x?callback_url=${encodeURIComponent(url)}`, { method: 'POST' })
    assert.equal(status, 200, text)
    assert.deepEqual(await responded.promise, [expected, '1234567890'.slice(0, responseLimitBytes), !valid])
    assert.equal(await settled.promise, valid)
    const [stored] = (await app.deliveries.list()).items
    const details = await app.deliveries.get(stored?.id ?? '')
    assert.equal(
      Buffer.from(details?.attempts[0]?.responseBody ?? []).toString(),
      '1234567890'.slice(0, responseLimitBytes),
    )
    assert.equal(details?.attempts[0]?.responseTruncated, !valid)
    await app.close()
  }
})

test('docs.oauth takes no secret, which the page would show, and no unknown name', () => {
  for (const [oauth, message] of [
    [
      { clientId: 'docs', clientSecret: 'hush' },
      /^"docs\.oauth" has a "clientSecret", which everybody could read(?!.*hush)/,
    ],
    [{ clientID: 'docs' }, /Unknown key "clientID" in "docs\.oauth".*Did you mean "clientId"/],
    [null, /Expected an object for "docs\.oauth"/],
  ] as const)
    assert.throws(() => createApp({ docs: { oauth: oauth as object } }), { name: 'DefinitionError', message })
})
