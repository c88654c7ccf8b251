import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { DefinitionError } from '../definition/definition-error.ts'
import { parseUrlTemplate } from '../expression/parse.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { Ringback } from './ringback.ts'
import { Router } from './router.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const newApp = () => new Ringback({ title: 't', version: '1', log })
const refused = (words: RegExp) => (error: Error) => error instanceof DefinitionError && words.test(error.message)

test('routes that are added after include are refused with a message, at any depth', () => {
  const inner = new Router({ prefix: '/i' })
  const outer = new Router()
  inner.get('/a', {}, () => {})
  outer.include(inner)
  assert.throws(() => inner.get('/b', {}, () => {}), refused(/GET \/i\/b comes too late.*"include"/))
  const app = newApp()
  app.include(outer)
  app.include(outer, { prefix: '/again' })
  assert.throws(() => outer.post('/b', {}, () => {}), refused(/POST \/b comes too late/))
  assert.throws(() => outer.include(routerWith('/c')), refused(/GET \/c/))
  app.get('/later', {}, () => {})
})

function routerWith(path: `/${string}`): Router {
  const router = new Router()
  router.get(path, {}, () => {})
  return router
}

test("Hono's HTTPException keeps its status, and its own response", async () => {
  const app = newApp()
  app.get('/403', {}, () => {
    throw new HTTPException(403, { message: 'Not yours' })
  })
  app.get('/401', {}, async () => {
    throw new HTTPException(401, {
      res: new Response('who?', { status: 401, headers: { 'www-authenticate': 'Basic' } }),
    })
  })
  const gate = dependency({}, () => {
    throw new HTTPException(429)
  })
  app.get('/429', { dependencies: { gate } }, () => {})
  const forbidden = await app.fetch(new Request('http://a/403'))
  assert.equal(forbidden.status, 403)
  assert.equal(((await forbidden.json()) as { detail: string }).detail, 'Not yours')
  const unknown = await app.fetch(new Request('http://a/401'))
  assert.deepEqual(
    [unknown.status, unknown.headers.get('www-authenticate'), await unknown.text()],
    [401, 'Basic', 'who?'],
  )
  assert.equal((await app.fetch(new Request('http://a/429'))).status, 429)
})

test('an HTTPException leads to the same response wherever and however often it is thrown', async () => {
  const own = new HTTPException(401, { res: new Response('who?', { status: 401 }) })
  const app = newApp()
  app.use('/mw', () => {
    throw new HTTPException(403, { message: 'Not yours' })
  })
  app.use('/own', () => {
    throw own
  })
  app.get('/handler', {}, () => {
    throw own
  })
  const forbidden = await app.fetch(new Request('http://a/mw'))
  assert.deepEqual([forbidden.status, forbidden.headers.get('content-type')], [403, 'application/problem+json'])
  for (const path of ['/own', '/handler', '/own', '/handler']) {
    const response = await app.fetch(new Request(`http://a${path}`))
    assert.deepEqual([response.status, await response.text()], [401, 'who?'])
  }
  app.onError(HTTPException, ({ status }) => new Response('mine', { status }))
  assert.equal(await (await app.fetch(new Request('http://a/mw'))).text(), 'mine')
})

test('an encoded body is a 415 that says which encoding is taken', async () => {
  const app = newApp()
  app.post('/x', { body: z.object({ a: z.number() }), response: z.unknown() }, ({ body }) => body)
  const post = (encoding: string, body: BodyInit) =>
    app.fetch(
      new Request('http://a/x', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-encoding': encoding },
        body,
      }),
    )
  for (const encoding of ['identity', '', 'Identity,']) assert.equal((await post(encoding, '{"a":1}')).status, 200)
  for (const encoding of ['gzip', 'br', 'zstd', 'gzip, identity']) {
    const response = await post(encoding, gzipSync('{"a":1}'))
    assert.deepEqual([response.status, response.headers.get('accept-encoding')], [415, 'identity'], encoding)
  }
  assert.equal((await post('Identity', '{"a":1}')).status, 200)
})

test('an onError handler that returns no Response is a 500', async () => {
  for (const wrong of [() => undefined, () => null, () => 'text', async () => ({ status: 200 })]) {
    const app = newApp()
    app.onError(RangeError, wrong as never)
    app.get('/x', {}, () => {
      throw new RangeError('x')
    })
    assert.equal((await app.fetch(new Request('http://a/x'))).status, 500)
  }
})

test('a synchronous generator is a dependency with a clean-up', async () => {
  for (const scope of ['handler', 'response'] as const) {
    const seen: unknown[] = []
    const value = dependency({ scope }, function* () {
      try {
        yield 5
        seen.push('done')
      } catch (error) {
        seen.push((error as Error).message)
        throw error
      } finally {
        seen.push('closed')
      }
    })
    const app = newApp()
    app.get('/x', { dependencies: { value }, response: z.number() }, ({ value }) => value satisfies number)
    app.get('/broken', { dependencies: { value }, response: z.number() }, () => {
      throw new Error('broken')
    })
    assert.equal(await (await app.fetch(new Request('http://a/x'))).json(), 5)
    await app.close()
    assert.deepEqual(seen, ['done', 'closed'])
    await app.fetch(new Request('http://a/broken'))
    assert.deepEqual(seen.slice(2), ['broken', 'closed'])
  }
})

test('"&" in the path after a base URL is refused at definition', () => {
  for (const text of [
    '{$request.query.cb}&t={$request.body#/id}',
    '{$request.query.cb}/a/{$method}&t={$method}',
    '{$url}&token=1',
    '{$url}&{$method}',
  ])
    assert.throws(() => parseUrlTemplate(text), /A query begins with "\?"/, text)
  for (const text of [
    '{$url}?a=1&t={$method}',
    '{$url}/a&b/{$method}',
    '{$url}/x&y=1/{$method}',
    '{$url}/{$method}?x=1&y=2&{$method}',
    'https://a.example/p&q=1/{$method}',
  ])
    assert.doesNotThrow(() => parseUrlTemplate(text), text)
})

test('remedies fit their cause', () => {
  const endless = (): z.ZodType =>
    z.object({
      get next() {
        return endless()
      },
    })
  const twice = z.object({ a: z.string().meta({ id: 'Listed' }), b: z.number().meta({ id: 'Listed' }) })
  for (const [schema, words] of [
    [endless(), /nested without end/],
    [twice, /another name/],
  ] as const)
    assert.throws(
      () => newApp().get('/x', { response: schema }, (() => {}) as never),
      (error: Error) => refused(words)(error) && !error.message.includes('z.iso.datetime()'),
    )
  assert.throws(() => newApp().get('/x', { response: z.date() }, (() => {}) as never), refused(/z\.iso\.datetime\(\)/))
})

test('a name may be a part of a segment, and more text wins over less', async () => {
  const app = newApp()
  const show = (name: string) => ({ [name]: ({ params }: { params: unknown }) => [name, params] })[name]!
  for (const path of ['/b/{id}', '/b/{id}:archive', '/b/{name}.{ext}', '/b/x.y', '/b/v{major}.{minor}/notes'] as const)
    app.get(path, { response: z.unknown() }, show(path) as never)
  const get = async (path: string) => (await app.fetch(new Request(`http://a${path}`))).json()
  assert.deepEqual(await get('/b/7'), ['/b/{id}', { id: '7' }])
  assert.deepEqual(await get('/b/7:archive'), ['/b/{id}:archive', { id: '7' }])
  assert.deepEqual(await get('/b/7%3Aarchive'), ['/b/{id}', { id: '7:archive' }])
  assert.deepEqual(await get('/b/a%20b.tar.gz'), ['/b/{name}.{ext}', { name: 'a b.tar', ext: 'gz' }])
  assert.deepEqual(await get('/b/x.y'), ['/b/x.y', {}])
  assert.deepEqual(await get('/b/v1.2/notes'), ['/b/v{major}.{minor}/notes', { major: '1', minor: '2' }])
  assert.ok(app.openapi().paths?.['/b/{name}.{ext}'])
  assert.throws(() => app.get('/b/{other}:archive', {}, () => {}), refused(/is already registered/))
})
