import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import { callback } from '../operation/callback-definition.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { operation } from '../operation/operation.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'
import { Router } from './router.ts'

const createApp = (options: object = {}) =>
  new Ringback({ title: 'Routing', version: '1.0.0', log: new RecordingLog(), ...options })
const response = z.unknown()

async function responseOf(app: Ringback, method: string, path: string) {
  const response = await app.fetch(new Request(new URL(path, 'http://localhost'), { method, redirect: 'manual' }))
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as unknown }
}

test('Ringback prefers the more concrete path, whatever the order of registration', async () => {
  const templates = ['/{a}/{b}', '/users/{id}', '/users/me', '/{rest*}', '/{a}/me', '/users/{rest*}', '/{a}']
  const expected = {
    '/users/me': '/users/me',
    '/users/7': '/users/{id}',
    '/users/7/x': '/users/{rest*}',
    '/x/me': '/{a}/me',
    '/x/y': '/{a}/{b}',
    '/x/y/z': '/{rest*}',
    '/x': '/{a}',
    '/users/': '/{rest*}',
    '/': undefined,
  }
  for (const order of [templates, templates.toReversed()]) {
    const app = createApp()
    for (const template of order) app.get(template, { response, operationId: template }, async () => template)
    for (const [path, template] of Object.entries(expected)) {
      const { status, json } = await responseOf(app, 'GET', path)
      if (template === undefined) assert.equal(status, 404)
      else assert.equal(json(), template, path)
    }
  }
})

test('Ringback goes back to a less concrete path where the more concrete one leads nowhere', async () => {
  const app = createApp()
  app.get('/a/{x}/c', { response }, async () => 'name')
  app.get('/a/b/d', { response }, async () => 'literal')
  app.post('/users/me', { response }, async () => 'post')
  app.get('/users/{id}', { response }, async () => 'get')
  assert.equal((await responseOf(app, 'GET', '/a/b/c')).json(), 'name')
  assert.equal((await responseOf(app, 'GET', '/users/me')).json(), 'get')
})

test('Ringback decodes the texts of names', async () => {
  const app = createApp()
  app.get('/{first.name}/{last-name}/{rest*}', { response }, async ({ params }) => params)
  const { json } = await responseOf(app, 'GET', '/a%2Fb/%E2%82%AC/%zz/%2e%2e%2Fc')
  assert.deepEqual(json(), { 'first.name': 'a/b', 'last-name': '€', rest: '%zz/../c' })
})

test('Ringback matches literal text that is escaped, but not an escaped reserved character', async () => {
  const app = createApp()
  app.get('/straße/@me', { response }, async () => 'found')
  assert.equal((await responseOf(app, 'GET', '/stra%C3%9Fe/@me')).status, 200)
  assert.equal((await responseOf(app, 'GET', '/stra%c3%9fe/@me')).status, 200)
  assert.equal((await responseOf(app, 'GET', '/str%61%C3%9Fe/@me')).status, 200)
  assert.equal((await responseOf(app, 'GET', '/stra%C3%9Fe/%40me')).status, 404)
  assert.equal((await responseOf(app, 'GET', '/stra%25C3%259Fe/@me')).status, 404)
})

test('Ringback runs middleware on every spelling of its path', async () => {
  const app = createApp()
  app.get('/admin/@all', { response }, async () => 'secret')
  app.get('/{place}/names', { response }, async ({ params }) => params)
  app.use('/admin/*', async c => c.text('stopped', 403))
  for (const path of [
    '/admin/@all',
    '/%61dmin/@all',
    '/admin/%40all',
    '/%61dmin/names',
    '/%61dmin/%zz',
    '/x/../admin/@all',
  ])
    assert.equal((await responseOf(app, 'GET', path)).status, 403, path)
  assert.equal((await responseOf(app, 'GET', '/other/names')).status, 200)
})

test('Ringback responds with 405 and the methods of a path, and with 404 to an unknown path', async () => {
  const app = createApp()
  app.get('/a', { response }, async () => 1)
  app.delete('/a', {}, async () => {})
  app.post('/b', {}, async () => {})
  const wrong = await responseOf(app, 'PUT', '/a')
  assert.equal(wrong.status, 405)
  assert.equal(wrong.headers.get('allow'), 'GET, HEAD, DELETE')
  assert.equal((await responseOf(app, 'GET', '/b')).headers.get('allow'), 'POST')
  assert.equal((await responseOf(app, 'OPTIONS', '/b')).status, 405)
  assert.equal((await responseOf(app, 'GET', '/c')).status, 404)
  assert.equal((await responseOf(app, 'GET', '/openapi.json/')).status, 307)
})

test('Ringback handles HEAD by GET unless it has its own operation, and OPTIONS where it is declared', async () => {
  const app = createApp()
  app.get('/a', { response }, async () => 'from get')
  app.get('/b', { response }, async () => 'from get')
  app.head('/b', { responseHeaders: z.object({ 'x-own': z.string() }) }, async ({ respond }) =>
    respond(204, undefined, { headers: { 'x-own': 'yes' } }),
  )
  app.options('/a', {}, async () => {})
  const head = await responseOf(app, 'HEAD', '/a')
  assert.deepEqual([head.status, head.text, head.headers.get('content-length')], [200, '', '10'])
  assert.equal((await responseOf(app, 'HEAD', '/b')).headers.get('x-own'), 'yes')
  assert.equal((await responseOf(app, 'OPTIONS', '/a')).status, 204)
})

test('Ringback redirects a missing or extra last slash to the right place on the same host', async () => {
  const app = createApp({ basePath: '/api' })
  app.post('/a/', { response }, async () => 1)
  app.get('/b', { response }, async () => 1)
  app.get('/{a}/{b}/', { response }, async () => 1)
  const missing = await responseOf(app, 'POST', '/a?x=%2F&y')
  assert.deepEqual([missing.status, missing.headers.get('location')], [307, '/api/a/?x=%2F&y'])
  assert.equal((await responseOf(app, 'GET', '/b/')).headers.get('location'), '/api/b')
  assert.equal((await responseOf(app, 'GET', '/a')).status, 404)
  for (const path of ['//evil.example/x', '/\\evil.example/x', '/x/..//evil.example/x', '///evil.example/x'])
    assert.equal((await responseOf(app, 'GET', `http://localhost${path}`)).headers.get('location'), null, path)
  const without = createApp({ redirectSlashes: false })
  without.get('/b', { response }, async () => 1)
  assert.equal((await responseOf(without, 'GET', '/b/')).status, 404)
})

test('Ringback refuses path templates of other frameworks, and says what to write', () => {
  const app = createApp()
  assert.throws(() => app.get('/a/:id', {}, async () => {}), { name: 'DefinitionError', message: /\{id\}/ })
  assert.throws(() => app.get('/a/*', {}, async () => {}), { name: 'DefinitionError', message: /\{path\*\}/ })
  assert.throws(() => app.get('/a/{b}/{b}', {}, async () => {}), DefinitionError)
  assert.throws(() => app.get('/{a*}/b', {}, async () => {}), DefinitionError)
  assert.throws(() => app.get('/a?b', {}, async () => {}), DefinitionError)
})

test('include adds prefix, tags, dependencies, callbacks and responses of every level', async () => {
  const order: string[] = []
  const level = (name: string) =>
    dependency({ query: z.object({ [name]: z.string().optional() }) }, () => void order.push(name))
  const sent = (name: string) => callback.post(`https://${name}.example/hook`, { body: z.object({ from: z.string() }) })
  const own = sent('own')
  const inner = new Router({
    prefix: '/inner',
    tags: ['inner'],
    dependencies: { inner: level('inner') },
    callbacks: { inner: sent('inner') },
    responses: { 404: { description: 'inner' } },
  })
  inner.get(
    '/x/{id}',
    { tags: ['own'], dependencies: { own: level('own') }, callbacks: { own }, response },
    async function readX({ params, callbacks }) {
      await callbacks.own.send({ from: 'own' })
      await callbacks.inner.send({ from: 'inner' })
      return params
    },
  )
  const outer = new Router({ prefix: '/outer', tags: ['outer'], responses: { 409: { description: 'outer' } } })
  outer.include(inner, {
    prefix: '/middle',
    tags: ['middle'],
    dependencies: { middle: level('middle') },
    callbacks: { middle: sent('middle') },
    responses: { 410: { description: 'middle' } },
  })
  const app = createApp({ dependencies: { outermost: level('outermost') }, responses: { 403: { description: 'app' } } })
  app.include(outer, { prefix: '/v1', tags: ['include'] })
  await using client = await testClient(app)
  assert.deepEqual(await (await client.get('/v1/outer/middle/inner/x/7')).json(), { id: '7' })
  assert.deepEqual(order.toSorted(), ['inner', 'middle', 'outermost', 'own'])
  assert.deepEqual(
    client.deliveries.map(({ url }) => url),
    ['https://own.example/hook', 'https://inner.example/hook'],
  )
  const documented = app.openapi().paths?.['/v1/outer/middle/inner/x/{id}']?.get
  assert.deepEqual(documented?.tags, ['include', 'outer', 'middle', 'inner', 'own'])
  assert.deepEqual(Object.keys(documented?.callbacks ?? {}).toSorted(), ['inner', 'middle', 'own'])
  for (const status of ['200', '403', '404', '409', '410']) assert.ok(status in (documented?.responses ?? {}), status)
})

test('include takes the same router more than once', async () => {
  const app = createApp()
  const router = new Router()
  router.get('/x', { response }, async function readX() {
    return 'x'
  })
  app.include(router, { prefix: '/v1' })
  app.include(router, { prefix: '/v2' })
  assert.equal((await responseOf(app, 'GET', '/v1/x')).json(), 'x')
  assert.equal((await responseOf(app, 'GET', '/v2/x')).json(), 'x')
  const ids = Object.values(app.openapi().paths ?? {}).map(path => path.get?.operationId)
  assert.deepEqual(ids, ['getV1X', 'getV2X'])
})

test('Ringback refuses a second operation of the same method and path', () => {
  const app = createApp()
  app.get('/a/{x}', { response }, async () => 1)
  app.post('/a/{x}', { response }, async () => 1)
  assert.throws(() => app.get('/a/{y}', { response }, async () => 2), {
    name: 'DefinitionError',
    message: /GET \/a\/\{y\}/,
  })
})

test('Router takes an operation and its handler separately', async () => {
  const app = createApp()
  const read = operation('/apart/{id}', { response: z.object({ id: z.string() }) })
  app.get(read, async ({ params }) => ({ id: params.id }))
  assert.deepEqual((await responseOf(app, 'GET', '/apart/7')).json(), { id: '7' })
})

test('fetch ignores a fragment', async () => {
  const app = createApp()
  app.get('/a', { query: z.object({ q: z.string().optional() }), response }, async ({ query }) => query)
  assert.deepEqual((await responseOf(app, 'GET', '/a#/b?q=x')).json(), {})
  assert.deepEqual((await responseOf(app, 'GET', '/a?q=x#y')).json(), { q: 'x' })
})

test('use lets middleware read the body before the operation does', async () => {
  const app = createApp()
  app.post('/x', { body: z.object({ a: z.number() }), response }, async ({ body }) => body)
  app.use(async (c, next) => {
    assert.deepEqual(await c.req.json(), { a: 1 })
    await next()
    c.res.headers.set('x-middleware', 'ran')
  })
  const headers = { 'content-type': 'application/json' }
  const received = await app.fetch(new Request('http://localhost/x', { method: 'POST', headers, body: '{"a":1}' }))
  assert.deepEqual(await received.json(), { a: 1 })
  assert.equal(received.headers.get('x-middleware'), 'ran')
})

test('a router without operations is logged when the application includes it, once, with its prefix', () => {
  const log = new RecordingLog()
  const app = new Ringback({ title: 'Empty', version: '1.0.0', log })
  const warned = () => log.messages.splice(0).map(({ level, text }) => `${level} ${text}`)
  app.include(new Router({ prefix: '/invoices' }), { prefix: '/v1' })
  assert.match(warned().join(), /^warn A router without operations was included under "\/v1\/invoices"/)
  app.include(new Router())
  assert.match(warned().join(), /^warn A router without operations was included: /)
  const outer = new Router({ prefix: '/outer' })
  outer.include(new Router({ prefix: '/inner' }))
  outer.get('/x', {}, async () => {})
  assert.deepEqual(warned(), [])
  app.include(outer, { prefix: '/v2' })
  assert.match(warned().join(), /under "\/v2\/outer\/inner"/)
  const hollow = new Router({ prefix: '/hollow' })
  hollow.include(new Router({ prefix: '/inner' }))
  app.include(hollow)
  assert.equal(warned().length, 1)
  const full = new Router({ prefix: '/full' })
  full.get('/x', {}, async () => {})
  app.include(full)
  assert.deepEqual(warned(), [])
})

test('paths that share a segment of text and parameter lead to their own operations', async () => {
  const app = createApp()
  app.get('/files/{id}.pdf/pages', { response }, ({ params }) => `pages of ${params.id}`)
  app.get('/files/{id}.pdf/title', { response }, ({ params }) => `title of ${params.id}`)
  for (const what of ['pages', 'title'])
    assert.equal((await responseOf(app, 'GET', `/files/7.pdf/${what}`)).json(), `${what} of 7`)
})

test('a segment that fits two templates with text around a name leads to the one that fits the rest of the path', async () => {
  const app = createApp()
  app.get('/v{number}.json/first', { params: z.object({ number: z.string() }), response }, () => 'first')
  app.get('/{name}.json/second', { params: z.object({ name: z.string() }), response }, () => 'second')
  for (const [path, body] of [
    ['/v1.json/first', '"first"'],
    ['/v1.json/second', '"second"'],
    ['/x.json/second', '"second"'],
  ] as const)
    assert.equal((await responseOf(app, 'GET', path)).text, body)
  assert.equal((await responseOf(app, 'GET', '/x.json/first')).status, 404)
})
