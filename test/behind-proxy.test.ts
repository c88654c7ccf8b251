import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { callback, Ringback, type RingbackOptions } from 'ringback'
import { memoryStore } from 'ringback/delivery'
import { serve } from 'ringback/node'
import { z } from 'zod'

const callbacks = { done: callback.post('{$url}/done', { body: z.object({ ok: z.boolean() }) }) }
const seen = z.object({
  address: z.string().optional(),
  url: z.string(),
  callbackUrl: z.string().optional(),
})

function newApp(options: Partial<RingbackOptions>): Ringback {
  const app = new Ringback({
    title: 'Behind a proxy',
    version: '1.0.0',
    delivery: {
      store: memoryStore(),
      signing: { masterSecret: 'a master secret of this test' },
      worker: false,
      destinations: { allow: ['127.0.0.0/8'] },
    },
    trustedHosts: ['shop.example', '127.0.0.1'],
    ...options,
  })
  app.get('/seen', { response: seen, callbacks }, ({ clientAddress, request, callbacks }) => ({
    ...(clientAddress !== undefined && { address: clientAddress }),
    url: request.url,
    callbackUrl: callbacks.done.url,
  }))
  app.get('/slash/', { response: z.string() }, () => 'here')
  return app
}

async function served(app: Ringback) {
  const { url, close } = await serve(app, { port: 0, host: '127.0.0.1' })
  return { url, [Symbol.asyncDispose]: () => close() }
}

/** A proxy that strips a prefix, and does with headers what it is told. */
async function startProxy(target: string, prefix: string, headersOf: (headers: IncomingHttpHeaders) => object) {
  const server = createServer((incoming, outgoing) => {
    const url = new URL((incoming.url ?? '/').slice(prefix.length), target)
    const headers = { ...incoming.headers, host: url.host, ...headersOf(incoming.headers) }
    const passed = httpRequest(url, { method: incoming.method, headers }, response => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(outgoing)
    })
    incoming.pipe(passed)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** As nginx does with `$proxy_add_x_forwarded_for`: it adds the client's address to whatever is there. */
const asNginx = ({ 'x-forwarded-for': before }: IncomingHttpHeaders) => ({
  'x-forwarded-for': [before, '203.0.113.7'].filter(Boolean).join(', '),
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'shop.example',
})

const asRfc7239 = () => ({ forwarded: 'for="[2001:db8::7]:4711";proto=https;host=shop.example' })

interface Case {
  readonly title: string
  readonly options: Partial<RingbackOptions>
  readonly proxy: (headers: IncomingHttpHeaders) => object
  /** What the client sends. */
  readonly headers?: Readonly<Record<string, string>>
  readonly address: string
}

const trusting = { trustedProxies: ['127.0.0.0/8'], basePath: '/api' }
const cases: readonly Case[] = [
  { title: 'X-Forwarded-*', options: trusting, proxy: asNginx, address: '203.0.113.7' },
  {
    title: 'X-Forwarded-For whose beginning the client wrote',
    options: trusting,
    proxy: asNginx,
    headers: { 'x-forwarded-for': '6.6.6.6, 127.0.0.1' },
    address: '203.0.113.7',
  },
  { title: 'Forwarded', options: trusting, proxy: asRfc7239, address: '2001:db8::7' },
]

for (const middleware of [false, true])
  for (const { title, options, proxy, headers = {}, address } of cases)
    test(`${title} of a trusted proxy counts${middleware ? ', behind middleware' : ''}`, async () => {
      const app = newApp(options)
      if (middleware) app.use((_, next) => next())
      await using server = await served(app)
      await using front = await startProxy(server.url, '/api', proxy)
      const response = await fetch(`${front.url}/seen?a=1`, { headers })
      assert.deepEqual(await response.json(), {
        address,
        url: 'https://shop.example/seen?a=1',
        callbackUrl: 'https://shop.example/api/seen/done?a=1',
      })
    })

test('X-Request-Id counts from a trusted proxy alone', async () => {
  for (const middleware of [false, true])
    for (const trustedProxies of [['127.0.0.0/8'], ['203.0.113.7'], undefined]) {
      const app = newApp(trustedProxies === undefined ? {} : { trustedProxies })
      app.get('/id', { response: z.string() }, ({ requestId }) => requestId)
      if (middleware) app.use((_, next) => next())
      await using server = await served(app)
      for (const forwarded of [{}, asNginx({})]) {
        await using front = await startProxy(server.url, '', () => ({ ...forwarded, 'x-request-id': 'edge-7' }))
        const id = await (await fetch(`${front.url}/id`)).json()
        if (trustedProxies?.[0] === '127.0.0.0/8') assert.equal(id, 'edge-7')
        else assert.match(String(id), /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/)
      }
    }
})

test('Forwarded headers from elsewhere are ignored', async () => {
  for (const trustedProxies of [undefined, ['203.0.113.7', '10.0.0.0/8']]) {
    const app = newApp(trustedProxies === undefined ? {} : { trustedProxies })
    await using server = await served(app)
    const { host } = new URL(server.url)
    await using front = await startProxy(server.url, '', headers => ({ ...asNginx(headers), ...asRfc7239() }))
    const origin = `http://${host}`
    assert.deepEqual(await (await fetch(`${front.url}/seen`)).json(), {
      ...{ address: '127.0.0.1', url: `${origin}/seen`, callbackUrl: `${origin}/seen/done` },
    })
  }
})

test('A host that a trusted proxy forwards must be one of the own hosts', async () => {
  const app = newApp(trusting)
  await using server = await served(app)
  const forged = (host: string) => ({ 'x-forwarded-for': '203.0.113.7', 'x-forwarded-host': host })
  for (const host of ['evil.example', 'shop.example.evil.example', 'shop.example@evil.example']) {
    await using front = await startProxy(server.url, '/api', () => forged(host))
    const { status } = await fetch(`${front.url}/seen`)
    // What is not a host at all counts as none.
    assert.equal(status, host.includes('@') ? 200 : 400, host)
  }
})

test('The host behind the proxy need not be one of the own hosts', async () => {
  const app = newApp({ ...trusting, trustedHosts: ['shop.example'] })
  await using server = await served(app)
  await using front = await startProxy(server.url, '/api', asNginx)
  assert.equal((await fetch(`${front.url}/seen`)).status, 200)
  assert.equal((await fetch(`${server.url}/seen`)).status, 400)
})

test('Redirects, the document and its page stay below the base path', async () => {
  const app = newApp({ ...trusting, servers: [{ url: 'https://stag.example' }] })
  await using server = await served(app)
  await using front = await startProxy(server.url, '/api', asNginx)
  const redirect = await fetch(`${front.url}/slash?a=1`, { redirect: 'manual' })
  assert.deepEqual([redirect.status, redirect.headers.get('location')], [307, '/api/slash/?a=1'])
  const document = (await (await fetch(`${front.url}/openapi.json`)).json()) as { servers: unknown }
  assert.deepEqual(document.servers, [{ url: '/api' }, { url: 'https://stag.example' }])
  const page = await (await fetch(`${front.url}/docs`)).text()
  assert.doesNotMatch(page, /(?:href|src)="\//)
})

test('A web handler reads what its server says of the connection', async () => {
  const app = newApp(trusting)
  const headers = { ...asNginx({}), host: 'inner' }
  const env = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } })
  const trusted = await app.fetch(new Request('http://127.0.0.1/seen', { headers }), env('::ffff:127.0.0.1'))
  assert.deepEqual(await trusted.json(), {
    ...{ address: '203.0.113.7', url: 'https://shop.example/seen', callbackUrl: 'https://shop.example/api/seen/done' },
  })
  const beside = await app.fetch(new Request('http://127.0.0.1:3000/seen', { headers }), env('127.0.0.1'))
  assert.equal(((await beside.json()) as { url: string }).url, 'https://shop.example/seen')
  const withPort = { ...headers, 'x-forwarded-host': 'shop.example:8443' }
  const atPort = await app.fetch(new Request('http://127.0.0.1/seen', { headers: withPort }), env('127.0.0.1'))
  assert.equal(((await atPort.json()) as { url: string }).url, 'https://shop.example:8443/seen')
  const stranger = await app.fetch(
    new Request('http://127.0.0.1/seen', { headers: { ...headers, host: '127.0.0.1' } }),
    env('198.51.100.1'),
  )
  assert.deepEqual(await stranger.json(), {
    ...{ address: '198.51.100.1', url: 'http://127.0.0.1/seen', callbackUrl: 'http://127.0.0.1/api/seen/done' },
  })
})

test('A body reaches the handler under the forwarded URL', async () => {
  const app = new Ringback({ title: 'Behind a proxy', version: '1.0.0', ...trusting })
  app.post('/echo', { body: z.object({ a: z.number() }), response: z.object({ a: z.number() }) }, ({ body }) => body)
  const env = { incoming: { socket: { remoteAddress: '127.0.0.1' } } }
  const json = { method: 'POST', body: '{"a":7}', headers: { ...asNginx({}), 'content-type': 'application/json' } }
  assert.deepEqual(await (await app.fetch(new Request('http://inner/echo', json), env)).json(), { a: 7 })
})

test('Lists and paths that cannot be meant are refused in words', () => {
  const refused: readonly (readonly [Partial<RingbackOptions>, RegExp])[] = [
    [{ trustedProxies: [] }, /"trustedProxies" must be a list of at least one address/],
    [{ trustedProxies: ['proxy.lan'] }, /"trustedProxies" holds "proxy.lan", which is not an address/],
    [{ trustedProxies: ['10.0.0.0/33'] }, /which is not an address/],
    [{ basePath: 'api' }, /"basePath" is "api": give a path such as "\/api"/],
    [{ basePath: '/api/' }, /"basePath" is "\/api\/"/],
    [{ basePath: '//evil.example' }, /"basePath" is "\/\/evil.example"/],
    [{ basePath: '/a?b' }, /"basePath"/],
    [{ basePath: 7 as never }, /"basePath" is 7/],
  ]
  for (const [options, message] of refused) assert.throws(() => newApp(options), { name: 'DefinitionError', message })
})

test('Cookies come back through the proxy, and a redirect to HTTPS ends there', async () => {
  const app = newApp({ ...trusting, httpsRedirect: true })
  app.get('/login', { response: z.string() }, ({ setCookie }) => {
    setCookie('session', 'abc')
    return 'in'
  })
  app.get('/me', { cookies: z.object({ session: z.string() }), response: z.string() }, ({ cookies }) => cookies.session)
  await using server = await served(app)
  await using front = await startProxy(server.url, '/api', asNginx)
  const login = await fetch(`${front.url}/login`)
  const [cookie = ''] = login.headers.getSetCookie()
  assert.match(cookie, /^session=abc; Path=\/; HttpOnly; SameSite=Lax$/)
  const me = await fetch(`${front.url}/me`, { headers: { cookie: cookie.split(';')[0]! } })
  assert.equal(await me.json(), 'abc')
})

test('A client that came to the proxy without TLS is sent to the same URL with it', async () => {
  for (const middleware of [false, true]) {
    const app = newApp({ ...trusting, httpsRedirect: true })
    if (middleware) app.use((_, next) => next())
    await using server = await served(app)
    await using front = await startProxy(server.url, '/api', headers => ({
      ...asNginx(headers),
      'x-forwarded-proto': 'http',
    }))
    for (const [path, location] of [
      ['/seen?a=1', 'https://shop.example/api/seen?a=1'],
      ['/seen/%2f%2fevil.example', 'https://shop.example/api/seen/%2f%2fevil.example'],
      ['/none', 'https://shop.example/api/none'],
    ]) {
      const response = await fetch(front.url + path, { redirect: 'manual', method: 'POST', body: 'x' })
      assert.deepEqual([response.status, response.headers.get('location')], [307, location])
    }
    // Nobody else may say how a client came, and a host of somebody else is refused before.
    const direct = await fetch(`${server.url}/seen`, { redirect: 'manual', headers: { 'x-forwarded-proto': 'https' } })
    const { host } = new URL(server.url)
    assert.deepEqual([direct.status, direct.headers.get('location')], [307, `https://${host}/api/seen`])
    await using forger = await startProxy(server.url, '', () => ({
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-host': 'evil.example',
    }))
    assert.equal((await fetch(`${forger.url}/seen`, { redirect: 'manual' })).status, 400)
  }
})

test('A redirect to HTTPS that would never end is refused at the start', async () => {
  const app = new Ringback({ title: 'T', version: '1', httpsRedirect: true, delivery: { store: memoryStore() } })
  await assert.rejects(serve(app, { port: 0 }), { name: 'DefinitionError', message: /"httpsRedirect" would send/ })
  assert.throws(() => newApp({ httpsRedirect: 'yes' as never }), /"httpsRedirect" is "yes": give true or false/)
})

test('What is mounted stays below the base path and its own, behind a proxy that strips both', async () => {
  const inner = newApp({})
  const app = newApp(trusting)
  app.mount('/shop', inner)
  await using server = await served(app)
  await using front = await startProxy(server.url, '/api', asNginx)
  assert.deepEqual(await (await fetch(`${front.url}/shop/seen?a=1`)).json(), {
    address: '203.0.113.7',
    url: 'https://shop.example/seen?a=1',
    callbackUrl: 'https://shop.example/api/shop/seen/done?a=1',
  })
  const redirect = await fetch(`${front.url}/shop/slash`, { redirect: 'manual' })
  assert.equal(redirect.headers.get('location'), '/api/shop/slash/')
  const document = (await (await fetch(`${front.url}/shop/openapi.json`)).json()) as { servers: unknown }
  assert.deepEqual(document.servers, [{ url: '/api/shop' }])
})
