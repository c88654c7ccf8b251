// The requests of the chapters about what stands around operations, made to the same applications.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import express from 'express'
import { dependency, Ringback, type RingbackOptions } from 'ringback'
import { fromNodeHandler, serve } from 'ringback/node'
import { testClient } from 'ringback/testing'
import { z } from 'zod'
import { app as templates } from '../../examples/templates.ts'

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const createApp = (options: Partial<RingbackOptions> = {}) =>
  new Ringback({ title: 'Around', version: '1.0.0', log, ...options })
const message = z.object({ message: z.string() })

const directory = mkdtempSync(join(tmpdir(), 'ringback-dist-'))
before(() => {
  mkdirSync(join(directory, 'assets'))
  writeFileSync(join(directory, 'index.html'), '<div id="app"></div>')
  writeFileSync(join(directory, 'assets', 'app.js'), 'start()')
})
after(() => rmSync(directory, { recursive: true }))

/** What a browser says that navigates. */
const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }

describe('tutorial/frontend', () => {
  it('serves the files of a build, with operations before them and a fallback for pages', async () => {
    const app = createApp()
    app.get('/api/hello', { response: message }, () => ({ message: 'hello' }))
    app.static('/', directory, { fallback: 'index.html' })
    await using client = await testClient(app)
    assert.equal(await (await client.get('/assets/app.js')).text(), 'start()')
    assert.equal(await (await client.get('/', { headers: browser })).text(), '<div id="app"></div>')
    assert.deepEqual(await (await client.get('/api/hello')).json(), { message: 'hello' })
    const deep = await client.get('/dashboard/settings', { headers: browser })
    assert.deepEqual([deep.status, deep.headers.get('content-type')], [200, 'text/html; charset=utf-8'])
    assert.equal((await client.get('/assets/missing.js')).status, 404)
    assert.equal((await client.post('/dashboard/settings', { headers: browser })).status, 404)
  })
})

describe('tutorial/static-files', () => {
  it('serves a directory under a path', async () => {
    const app = createApp()
    app.static('/static', directory)
    await using client = await testClient(app)
    const response = await client.get('/static/assets/app.js')
    assert.deepEqual([response.status, await response.text()], [200, 'start()'])
    assert.equal((await client.get('/static/none.js')).status, 404)
    assert.deepEqual(app.openapi().paths, {})
  })
})

describe('advanced/sub-applications', () => {
  it('mounts an application with a document and pages of its own', async () => {
    const app = createApp()
    app.get('/app', { response: message }, function readMain() {
      return { message: 'Hello World from main app' }
    })
    const subapi = createApp()
    subapi.get('/sub', { response: message }, function readSub() {
      return { message: 'Hello World from sub API' }
    })
    app.mount('/subapi', subapi)
    await using client = await testClient(app)
    assert.deepEqual(await (await client.get('/app')).json(), { message: 'Hello World from main app' })
    assert.deepEqual(await (await client.get('/subapi/sub')).json(), { message: 'Hello World from sub API' })
    for (const [path, paths, servers] of [
      ['/openapi.json', ['/app'], [{ url: '/' }]],
      ['/subapi/openapi.json', ['/sub'], [{ url: '/subapi' }]],
    ] as const) {
      const document = (await (await client.get(path)).json()) as { paths: object; servers: object }
      assert.deepEqual([Object.keys(document.paths), document.servers], [paths, servers])
    }
    assert.equal((await client.get('/subapi/docs')).status, 200)
  })
})

describe('advanced/behind-a-proxy', () => {
  const create = (options: Partial<RingbackOptions>) => {
    const app = createApp(options)
    app.get('/app', { response: z.any() }, ({ request }) => ({ message: 'Hello World', url: request.url }))
    app.get('/items/', { response: z.array(z.string()) }, () => ['plumbus', 'portal gun'])
    return app
  }

  it('puts the root path first among the servers, and into redirects', async () => {
    const servers = [{ url: 'https://stag.example.com', description: 'Staging environment' }]
    await using client = await testClient(create({ basePath: '/api/v1', servers }))
    const document = (await (await client.get('/openapi.json')).json()) as { servers: unknown }
    assert.deepEqual(document.servers, [{ url: '/api/v1' }, ...servers])
    const redirect = await client.get('/items', { redirect: 'manual' })
    assert.deepEqual([redirect.status, redirect.headers.get('location')], [307, '/api/v1/items/'])
  })

  it('believes the forwarded headers of trusted proxies', async () => {
    const app = create({ trustedProxies: ['10.0.0.0/8'] })
    const headers = {
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'mysuperapp.com',
    }
    await using client = await testClient(app)
    for (const [clientAddress, url] of [
      ['10.0.0.1', 'https://mysuperapp.com/app'],
      ['198.51.100.1', 'http://testserver/app'],
    ] as const)
      assert.deepEqual(await (await client.get('/app', { headers, clientAddress })).json(), {
        message: 'Hello World',
        url,
      })
  })
})

describe('advanced/templates', () => {
  it('renders a page that links to a static file', async () => {
    await using client = await testClient(templates)
    const response = await client.get('/items/42')
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
    const page = await response.text()
    assert.match(page, /<h1><a href="\.\/42">Item ID: 42<\/a><\/h1>/)
    const style = /href="([^"]+\.css)"/.exec(page)?.[1] ?? ''
    const css = await client.get(new URL(style, 'http://testserver/items/42').pathname)
    assert.match(await css.text(), /color: green/)
    assert.doesNotMatch(await (await client.get('/items/%3Cscript%3E')).text(), /<script>/)
  })
})

describe("advanced/wsgi: an application of the platform's own interface", () => {
  it('is mounted, and everything else is handled here', async () => {
    const legacy = express()
    legacy.get(
      '/',
      (request, response) => void response.send(`Hello, ${request.query['name'] ?? 'World'} from Express!`),
    )
    const app = createApp()
    app.get('/v2', { response: message }, () => ({ message: 'Hello World' }))
    app.mount('/v1', fromNodeHandler(legacy))
    const server = await serve(app, { port: 0, host: '127.0.0.1', signals: false })
    assert.equal(await (await fetch(`${server.url}/v1/?name=Ann`)).text(), 'Hello, Ann from Express!')
    assert.deepEqual(await (await fetch(`${server.url}/v2`)).json(), { message: 'Hello World' })
    await server.close()
  })
})

describe('advanced/middleware', () => {
  it('redirects to HTTPS', async () => {
    const app = createApp({ httpsRedirect: true })
    app.get('/', { response: message }, () => ({ message: 'Hello World' }))
    const get = (url: string) => app.fetch(new Request(url))
    const moved = await get('http://example.com/?a=1')
    assert.deepEqual([moved.status, moved.headers.get('location')], [307, 'https://example.com/?a=1'])
    assert.equal((await get('https://example.com/')).status, 200)
    await using client = await testClient(app)
    assert.equal((await client.get('/')).status, 200)
  })

  it('refuses other hosts', async () => {
    const app = createApp({ trustedHosts: ['example.com', '*.example.com'] })
    app.get('/', { response: message }, () => ({ message: 'Hello World' }))
    const statuses = ['example.com', 'www.example.com', 'evil.example', 'example.com.evil.example'].map(
      async host => (await app.fetch(new Request(`http://${host}/`))).status,
    )
    assert.deepEqual(await Promise.all(statuses), [200, 200, 400, 400])
  })
})

describe('advanced/advanced-dependencies', () => {
  it('runs so many of a dependency at once, and the others wait for its clean-up', async () => {
    let running = 0
    let most = 0
    const model = dependency({ maxConcurrency: 2 }, async function* () {
      running += 1
      most = Math.max(most, running)
      yield 'model'
      running -= 1
    })
    const app = createApp()
    app.get('/predict', { dependencies: { model }, response: message }, async ({ model }) => {
      await new Promise(setImmediate)
      return { message: model }
    })
    await using client = await testClient(app)
    const responses = await Promise.all(Array.from({ length: 6 }, () => client.get('/predict')))
    assert.deepEqual(new Set(responses.map(({ status }) => status)), new Set([200]))
    assert.equal(most, 2)
  })

  it('makes a value for each where it is not cached (use_cache=False)', async () => {
    let count = 0
    const fresh = dependency({ cache: false }, () => (count += 1))
    const app = createApp()
    app.get('/', { dependencies: { a: fresh, b: fresh }, response: z.any() }, ({ a, b }) => a !== b)
    await using client = await testClient(app)
    assert.equal(await (await client.get('/')).json(), true)
  })
})

describe('tutorial/query-param-models: an optional group', () => {
  it('is there as a whole or not at all', async () => {
    const filter = z.object({ limit: z.int().min(1).max(100), offset: z.int().min(0) }).optional()
    const app = createApp()
    app.get('/items/', { query: filter, response: z.any() }, ({ query }) => query ?? null)
    await using client = await testClient(app)
    assert.equal(await (await client.get('/items/')).json(), null)
    assert.deepEqual(await (await client.get('/items/?limit=10&offset=0')).json(), { limit: 10, offset: 0 })
    assert.equal((await client.get('/items/?limit=10')).status, 422)
  })
})
