import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../../test/support/recording-log.ts'
import { HttpError } from '../../http/http-error.ts'
import { serve } from '../../node/serve.ts'
import { eventStream } from '../../operation/bodies/event-stream.ts'
import { text as textBody } from '../../operation/bodies/text.ts'
import { callback } from '../../operation/callback-definition.ts'
import { dependency } from '../../operation/dependency-definition.ts'
import { testClient } from '../../testing/test-client.ts'
import { Ringback } from '../ringback.ts'
import type { RingbackOptions } from '../ringback-options.ts'

const newApp = (title: string, options: Partial<RingbackOptions> = {}) =>
  new Ringback({ title, version: '1.0.0', log: new RecordingLog(), ...options })

const text = z.string()
const done = callback.post('{$url}/done', { body: z.object({ ok: z.boolean() }) })
const told = callback.post('{$callback_url}/told', {})
const query = z.object({ callback_url: z.url() })

/** An application in an application in an application. */
function nested(options: Partial<RingbackOptions> = {}) {
  const events: string[] = []
  const life = (name: string) =>
    async function* () {
      events.push(`${name} starts`)
      yield
      events.push(`${name} ends`)
    }
  const pool = dependency({ scope: 'app' }, function* () {
    events.push('pool opens')
    yield { name: 'pool' }
    events.push('pool closes')
  })
  const inmost = newApp('Inmost', { lifespan: life('inmost') })
  inmost.get('/where', { dependencies: { pool }, response: z.any() }, ({ request, pool, app }) => ({
    url: request.url,
    pool: pool.name,
    own: app === inmost,
  }))
  const inner = newApp('Inner', { lifespan: life('inner'), trustedHosts: ['inner.example', 'both.example'] })
  inner.get('/url', { callbacks: { done }, response: z.any() }, ({ callbacks }) => callbacks.done.url)
  inner.post('/tell', { query, callbacks: { told } }, async ({ callbacks }) => {
    await callbacks.told.send()
  })
  inner.get('/items/', { dependencies: { pool }, response: text }, ({ pool }) => pool.name)
  inner.mount('/inmost', inmost)
  const outer = newApp('Outer', { lifespan: life('outer'), ...options })
  outer.get('/own', { dependencies: { pool }, response: text }, ({ pool }) => pool.name)
  outer.get('/sub/own', { response: text }, () => 'of the outer one')
  outer.mount('/sub', inner)
  return { outer, inner, inmost, events }
}

const words = textBody()

describe('A WebSocket of a mounted application', () => {
  for (const withMiddleware of [false, true])
    it(`is reached below its mount${withMiddleware ? ', through the middleware of both' : ''}`, async () => {
      const passed: string[] = []
      const [inmost, inner, outer] = [newApp('Inmost'), newApp('Inner'), newApp('Outer')]
      inmost.websocket('/echo/{name}', { receive: words, send: words }, async ({ socket, params, request }) => {
        await socket.send(`${params.name} at ${new URL(request.url).pathname}`)
        for await (const message of socket) await socket.send(message)
      })
      inmost.get('/echo/{name}', { response: text }, () => 'no socket')
      if (withMiddleware)
        for (const app of [inner, outer])
          app.use('*', async (c, next) => {
            passed.push(c.req.path)
            await next()
          })
      inner.mount('/inmost', inmost)
      outer.mount('/inner', inner)
      await using server = {
        ...(await serve(outer, { port: 0, host: '127.0.0.1', signals: false })),
        [Symbol.asyncDispose]() {
          return this.close()
        },
      }
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/inner/inmost/echo/ada`)
      const [first] = (await once(socket, 'message')) as [MessageEvent]
      assert.equal(first.data, 'ada at /echo/ada')
      assert.deepEqual(passed, withMiddleware ? ['/inner/inmost/echo/ada', '/inmost/echo/ada'] : [])
      const refused = new WebSocket(`${server.url.replace('http', 'ws')}/inner/echo/ada`)
      await once(refused, 'error')
      const closed = once(socket, 'close')
      await server.close()
      assert.equal(((await closed) as [CloseEvent])[0].code, 1001)
    })

  it('opens in a test client', async () => {
    const [inner, outer] = [newApp('Inner'), newApp('Outer')]
    inner.websocket('/echo', { receive: words, send: words }, async ({ socket }) => {
      for await (const message of socket) await socket.send(message)
    })
    outer.mount('/inner', inner)
    await using client = await testClient(outer)
    const socket = await client.websocket('/inner/echo')
    socket.send('hello')
    assert.equal(await socket.receive(), 'hello')
  })
})

const get = (app: Ringback, path: string, init: RequestInit = {}) =>
  app.fetch(new Request(new URL(path, 'http://both.example'), { redirect: 'manual', ...init }))
const json = async (response: Response | Promise<Response>) => (await response).json() as Promise<unknown>

describe('a mounted application', () => {
  it('responds below its path, keeps its document, and knows where it is', async () => {
    const { outer, inner } = nested()
    assert.equal(await json(get(outer, '/sub/items/')), 'pool')
    assert.deepEqual(Object.keys(outer.openapi().paths ?? {}), ['/own', '/sub/own'])
    const document = (await json(get(outer, '/sub/openapi.json'))) as { servers: unknown; paths: object }
    assert.deepEqual(document.servers, [{ url: '/sub' }])
    assert.deepEqual(Object.keys(document.paths), ['/url', '/tell', '/items/'])
    assert.deepEqual(document, JSON.parse(JSON.stringify(inner.openapi())))
    const page = await (await get(outer, '/sub/docs')).text()
    assert.match(page, /<title>Inner/)
    assert.doesNotMatch(page, /(?:href|src)="\//)
    assert.equal((await get(outer, '/sub/docs/swagger-ui.css')).status, 200)
  })

  it('has the URLs of clients in $url, redirects and servers, at any depth and behind a proxy', async () => {
    const { outer } = nested({ basePath: '/api' })
    assert.equal(await json(get(outer, '/sub/url?a=1')), 'http://both.example/api/sub/url/done?a=1')
    assert.equal((await get(outer, '/sub/items?a=1')).headers.get('location'), '/api/sub/items/?a=1')
    const document = (await json(get(outer, '/sub/inmost/openapi.json'))) as { servers: unknown }
    assert.deepEqual(document.servers, [{ url: '/api/sub/inmost' }])
    assert.deepEqual(await json(get(outer, '/sub/inmost/where?b=2')), {
      url: 'http://both.example/where?b=2',
      pool: 'pool',
      own: true,
    })
  })

  it('gets what no operation of the outer one takes, and says itself what it does not have', async () => {
    const { outer } = nested()
    assert.equal(await json(get(outer, '/sub/own')), 'of the outer one')
    for (const [path, method, status] of [
      ['/sub', 'GET', 404],
      ['/sub/', 'GET', 404],
      ['/sub/none', 'GET', 404],
      ['/subway', 'GET', 404],
      ['/sub/items/', 'DELETE', 405],
      ['/sub/items/', 'HEAD', 200],
      ['/sub/own', 'HEAD', 200],
      ['/%73ub/items/', 'GET', 200],
      ['/sub//items/', 'GET', 404],
    ] as const)
      assert.equal((await get(outer, path, { method })).status, status, `${method} ${path}`)
  })

  it('shares the life of the outer one', async () => {
    const { outer, inner, events } = nested()
    await assert.rejects(inner.start(), /"Inner" is mounted at "\/sub" and starts with the application that mounts it/)
    {
      await using client = await testClient(outer)
      await client.get('http://both.example/sub/items/')
      await client.get('http://both.example/sub/inmost/where')
      await client.get('/own')
    }
    const opened = ['outer starts', 'inner starts', 'inmost starts', 'pool opens']
    assert.deepEqual(events, [...opened, 'pool closes', 'inmost ends', 'inner ends', 'outer ends'])
  })

  it('sends by the deliveries of the outer one', async () => {
    const { outer, inner } = nested()
    await using client = await testClient(outer)
    client.externalApi('https://www.external.org', () => new Response(null, { status: 204 }))
    const response = await client.post('/sub/tell?callback_url=https://www.external.org')
    assert.equal(response.status, 204)
    await client.deliver()
    assert.deepEqual([client.deliveries.length, client.deliveries[0]?.url], [1, 'https://www.external.org/told'])
    assert.deepEqual(await inner.deliveries.counts(), await outer.deliveries.counts())
    assert.equal((await inner.deliveries.counts()).delivered, 1)
    assert.equal((await get(outer, '/.well-known/jwks.json')).status, 200)
  })

  it('finds its onFailed and its kept callbacks there', async () => {
    const failed: string[] = []
    const inner = newApp('Inner')
    const lost = callback.post('{$callback_url}/lost', { onFailed: ({ callback }) => void failed.push(callback) })
    let kept: unknown
    inner.post('/lose', { query, callbacks: { lost } }, async ({ callbacks }) => {
      kept = JSON.parse(JSON.stringify(callbacks.lost))
      await callbacks.lost.send()
    })
    const outer = newApp('Outer')
    outer.mount('/sub', inner)
    await using client = await testClient(outer)
    client.externalApi('https://www.external.org', () => new Response(null, { status: 410 }))
    await client.post('/sub/lose?callback_url=https://www.external.org')
    await client.deliver()
    assert.deepEqual(failed, ['lost'])
    await outer.restore(lost, kept).send()
    await inner.restore(lost, kept).send()
    assert.equal(client.deliveries.length, 3)
  })

  it('may have operations and callbacks of the same names as others', async () => {
    const failed: string[] = []
    const outer = newApp('Outer')
    const versions = ['/v1', '/v2'].map(path => {
      const lost = callback.post('{$callback_url}/lost', { onFailed: () => void failed.push(path) })
      const app = newApp(path)
      app.post('/tell', { operationId: 'tell', query, callbacks: { lost } }, async ({ callbacks }) => {
        await callbacks.lost.send()
      })
      outer.mount(path, app)
      return app
    })
    await using client = await testClient(outer)
    client.externalApi('https://www.external.org', () => new Response(null, { status: 410 }))
    for (const path of ['/v2', '/v1', '/v2']) await client.post(`${path}/tell?callback_url=https://www.external.org`)
    await client.deliver()
    assert.deepEqual(failed.toSorted(), ['/v1', '/v2', '/v2'])
    const { items } = await outer.deliveries.list()
    assert.deepEqual(new Set(items.map(({ operation }) => operation)), new Set(['/v1#tell', '/v2#tell']))
    assert.deepEqual(
      versions.map(app => Object.keys(app.openapi().paths ?? {})),
      [['/tell'], ['/tell']],
    )
  })

  it('has its background work drained, and its dependencies replaced, with those of the outer one', async () => {
    const user = dependency({}, () => 'real')
    const events: string[] = []
    const inner = newApp('Inner')
    inner.get('/user', { dependencies: { user }, response: text }, ({ user, background }) => {
      background(async () => {
        await new Promise(setImmediate)
        events.push('worked')
      })
      return user
    })
    const outer = newApp('Outer')
    outer.mount('/sub', inner)
    await outer.start()
    const undo = outer.override(user, () => 'replaced')
    assert.equal(await json(get(outer, '/sub/user')), 'replaced')
    undo()
    assert.equal(await json(get(outer, '/sub/user')), 'real')
    await outer.close()
    assert.deepEqual(events, ['worked', 'worked'])
  })

  for (const [outside, inside] of [
    [false, true],
    [true, false],
    [true, true],
  ])
    it(`has middleware and error handlers of its own: ${outside} outside, ${inside} inside`, async () => {
      const inner = newApp('Inner')
      inner.post('/echo', { body: z.object({ a: z.number() }), response: z.any() }, ({ body, clientAddress }) => ({
        ...body,
        clientAddress,
      }))
      inner.get('/error', {}, () => {
        throw new HttpError(418, 'a teapot')
      })
      inner.onError(HttpError, ({ message }) => new Response(`inner: ${message}`, { status: 418 }))
      const outer = newApp('Outer')
      outer.onError(HttpError, () => new Response('outer', { status: 418 }))
      const mark = (app: Ringback, name: string) =>
        app.use(async (c, next) => {
          await next()
          c.header(name, c.req.path)
        })
      if (inside) mark(inner, 'x-inner')
      if (outside) mark(outer, 'x-outer')
      outer.mount('/sub', inner)
      await using client = await testClient(outer)
      const response = await client.post('/sub/echo', { json: { a: 7 }, clientAddress: '203.0.113.7' })
      assert.deepEqual(await response.json(), { a: 7, clientAddress: '203.0.113.7' })
      assert.equal(response.headers.get('x-outer'), outside ? '/sub/echo' : null)
      assert.equal(response.headers.get('x-inner'), inside ? '/echo' : null)
      assert.equal(await (await client.get('/sub/error')).text(), 'inner: a teapot')
    })

  for (const withMiddleware of [false, true])
    it(`keeps its own bounds, of bodies, hosts and HTTPS${withMiddleware ? ', behind middleware' : ''}`, async () => {
      const inner = newApp('Inner', { bodyLimitBytes: 10, trustedHosts: ['a.example'] })
      inner.post('/echo', { body: text, response: text }, ({ body }) => body)
      inner.post('/large', { body: text, bodyLimitBytes: 30, response: text }, ({ body }) => body)
      const secure = newApp('Secure', { httpsRedirect: true })
      secure.get('/x', { response: text }, () => 'x')
      const outer = newApp('Outer', { bodyLimitBytes: 20 })
      if (withMiddleware) outer.use((_, next) => next())
      outer.mount('/sub', inner)
      outer.mount('/secure', secure)
      const post = async (path: string, bytes: number, host = 'a.example') => {
        const init = { method: 'POST', headers: { host, 'content-type': 'application/json' } }
        const body = JSON.stringify('x'.repeat(bytes - 2))
        return (await outer.fetch(new Request(`http://${host}${path}`, { ...init, body }))).status
      }
      assert.deepEqual(await Promise.all([10, 11].map(bytes => post('/sub/echo', bytes))), [200, 413])
      assert.deepEqual(await Promise.all([30, 31].map(bytes => post('/sub/large', bytes))), [200, 413])
      assert.equal(await post('/sub/echo', 5, 'b.example'), 400)
      const moved = await get(outer, '/secure/x?a=1')
      assert.deepEqual([moved.status, moved.headers.get('location')], [307, 'https://both.example/secure/x?a=1'])
    })

  it('is recognised by its fetch', async () => {
    let starts = 0
    const inner = newApp('Inner', {
      lifespan: async function* () {
        starts += 1
        yield
      },
    })
    inner.get('/x', { response: text }, () => 'x')
    const outer = newApp('Outer')
    outer.mount('/sub', inner.fetch)
    await using client = await testClient(outer)
    assert.equal(await json(client.get('/sub/x')), 'x')
    assert.equal(starts, 1)
  })

  it('may be mounted before it has its operations', async () => {
    const inner = newApp('Inner')
    const outer = newApp('Outer')
    outer.mount('/', inner)
    assert.equal((await get(outer, '/.well-known/jwks.json')).status, 404)
    inner.post('/tell', { query, callbacks: { told } }, async ({ callbacks }) => {
      await callbacks.told.send()
    })
    await using client = await testClient(outer)
    assert.equal((await client.get('/.well-known/jwks.json')).status, 200)
    assert.deepEqual(inner.openapi().servers, [{ url: '/' }])
  })
})

describe('a server of mounted applications', () => {
  it('closes when their requests and streams have ended', async () => {
    const inner = newApp('Inner')
    const begun = Promise.withResolvers<void>()
    const ready = Promise.withResolvers<void>()
    inner.get('/slow', { response: text }, async () => {
      begun.resolve()
      await ready.promise
      return 'done'
    })
    inner.get('/events', { response: eventStream(z.number()) }, async function* ({ signal }) {
      yield 1
      await once(signal, 'abort')
    })
    const outer = newApp('Outer')
    outer.mount('/sub', inner)
    const { url, close } = await serve(outer, { port: 0, host: '127.0.0.1', signals: false })
    const events = (await fetch(`${url}/sub/events`)).body!.getReader()
    await events.read()
    const slow = fetch(`${url}/sub/slow`)
    await begun.promise
    const closed = close()
    while (!(await events.read()).done);
    ready.resolve()
    assert.equal(await json(slow), 'done')
    await closed
  })
})

describe('mount refuses, in words,', () => {
  const refused = (mount: () => void, message: RegExp) => assert.throws(mount, { name: 'DefinitionError', message })

  it('what cannot be mounted, and where nothing can', () => {
    const outer = newApp('Outer')
    refused(() => outer.mount('/x', 7 as never), /What is mounted at "\/x" is 7: give a Ringback application, or a/)
    refused(() => outer.mount('/x', {} as never), /fromNodeHandler of "ringback\/node"/)
    refused(() => outer.mount('x', () => new Response()), /"x" is not a path to mount at/)
    refused(() => outer.mount('/{id}', () => new Response()), /has "\{id\}"/)
    refused(() => outer.mount('/x', outer), /cannot be mounted at "\/x" of itself/)
    refused(() => outer.mount('/x', newApp('I'), { bodyLimitBytes: 7 }), /is for handlers/)
    refused(
      () => outer.mount('/x', () => new Response(), { bodyLimitBytes: -1 }),
      /"bodyLimitBytes" of what is mounted/,
    )
    refused(() => outer.mount('/x', () => new Response(), { limit: 1 } as never), /"limit"/)
  })

  it('an application in two places, in a circle, or too late', async () => {
    const [a, b, c] = [newApp('A'), newApp('B'), newApp('C')]
    a.mount('/b', b)
    refused(() => a.mount('/c', b), /already mounted at "\/b"/)
    refused(() => b.mount('/a', a), /of itself/)
    refused(() => a.mount('/b', c), /Something is already mounted at "\/b"/)
    await a.start()
    refused(() => a.mount('/c', c), /mounted too late/)
    refused(() => c.mount('/a', a), /is running/)
    await a.close()
    c.mount('/a', a)
  })

  it('and warns of a delivery that does not count', () => {
    const log = new RecordingLog()
    const outer = newApp('Outer')
    outer.mount('/sub', newApp('Inner', { log, delivery: { onFailed: () => {} } }))
    assert.match(log.messages[0]!.text, /"delivery" of its own does not count/)
  })
})

describe('a mounted handler', () => {
  it('sees the request below its path, and what the server passed beside it', async () => {
    const outer = newApp('Outer')
    const env = { incoming: { socket: { remoteAddress: '203.0.113.7' } } }
    outer.mount('/legacy', async (request, given) =>
      Response.json({
        url: request.url,
        method: request.method,
        body: await request.text(),
        header: request.headers.get('x-a'),
        env: given === env,
      }),
    )
    outer.mount('/object', { fetch: request => new Response(new URL(request.url).pathname) })
    const headers = { 'x-a': '1' }
    const request = new Request('http://a/legacy/x/y?z=1', { method: 'PUT', body: 'hello', headers })
    const seen = { url: 'http://a/x/y?z=1', method: 'PUT', body: 'hello', header: '1', env: true }
    assert.deepEqual(await json(outer.fetch(request, env)), seen)
    assert.equal(await (await get(outer, '/object')).text(), '/')
    assert.equal(await (await get(outer, '/object/')).text(), '/')
    assert.equal(await (await get(outer, '/object//evil.example')).text(), '//evil.example')
  })

  it('has a limit of bodies, and its errors are told to the log only', async () => {
    const log = new RecordingLog()
    const outer = newApp('Outer', { log, bodyLimitBytes: 10 })
    const read = async (request: Request) => new Response(String((await request.text()).length))
    outer.mount('/small', read)
    outer.mount('/large', read, { bodyLimitBytes: 100 })
    outer.mount('/broken', () => {
      throw new Error('a secret')
    })
    outer.mount('/nothing', (() => 'text') as never)
    const post = (path: string, bytes: number) => get(outer, path, { method: 'POST', body: 'x'.repeat(bytes) })
    assert.equal((await post('/small', 11)).status, 413)
    assert.equal(await (await post('/large', 100)).text(), '100')
    assert.equal((await post('/large', 101)).status, 413)
    const broken = await get(outer, '/broken')
    assert.equal(broken.status, 500)
    assert.doesNotMatch(await broken.text(), /secret/)
    assert.equal((await get(outer, '/nothing')).status, 500)
    assert.match(String(log.messages.at(-1)?.fields['error']), /mounted at "\/nothing" returned no Response/)
  })

  it('says which Response it wants where a library has brought one of its own along', async () => {
    const log = new RecordingLog()
    const app = new Ringback({ title: 'Test', version: '1.0.0', log })
    const foreign = { [Symbol.toStringTag]: 'Response', status: 200, headers: new Headers(), body: null }
    app.mount('/graphql', (() => foreign) as never)
    assert.equal((await app.fetch(new Request('http://a.example/graphql'))).status, 500)
    assert.match(
      String(log.messages.at(-1)?.fields['error']),
      /a Response of another implementation: .* fetchAPI: \{ Response \} \}/,
    )
  })
})
