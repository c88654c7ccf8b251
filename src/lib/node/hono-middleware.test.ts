import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MiddlewareHandler } from 'hono'
import { basicAuth } from 'hono/basic-auth'
import { bearerAuth } from 'hono/bearer-auth'
import { bodyLimit } from 'hono/body-limit'
import { cache } from 'hono/cache'
import { compress } from 'hono/compress'
import { contextStorage } from 'hono/context-storage'
import { setCookie } from 'hono/cookie'
import { cors } from 'hono/cors'
import { csrf } from 'hono/csrf'
import { etag } from 'hono/etag'
import { languageDetector } from 'hono/language'
import { logger } from 'hono/logger'
import { requestId } from 'hono/request-id'
import { secureHeaders } from 'hono/secure-headers'
import { timeout } from 'hono/timeout'
import { timing } from 'hono/timing'
import { z } from 'zod'
import { Ringback } from '../app/ringback.ts'
import { serve } from './serve.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

function newApp(...middleware: MiddlewareHandler[]): Ringback {
  const app = new Ringback({ title: 't', version: '1', log: silent })
  app.use(...middleware)
  const own = { cookies: { login: 'abc' }, headers: { 'cache-control': 'no-store', vary: 'X-Own' } }
  app.get('/200', { response: z.string() }, ({ respond }) => respond(200, 'x'.repeat(2_000), own))
  app.get('/own', {}, () => new Response('own', { headers: { 'set-cookie': 'login=abc', vary: 'X-Own' } }))
  app.get('/422', { query: z.object({ n: z.number() }), response: z.string() }, () => 'x')
  app.get('/500', { response: z.string() }, () => {
    throw new Error('broken')
  })
  return app
}

const PATHS = { '/200': 200, '/own': 200, '/404': 404, '/422': 422, '/500': 500 }

/** The headers of the responses to all paths, asked for over `fetch` and over a socket. */
async function responsesOf(app: Ringback, headers: Record<string, string> = {}): Promise<[string, Response][]> {
  const server = await serve(app, { port: 0 })
  const found: [string, Response][] = []
  try {
    for (const [path, status] of Object.entries(PATHS))
      for (const [way, ask] of [
        ['fetch', () => app.fetch(new Request(`http://a${path}`, { headers }))],
        ['serve', () => fetch(new URL(path, server.url), { headers })],
      ] as const) {
        const response = await ask()
        await response.text()
        assert.equal(response.status, status, `${way} ${path}`)
        found.push([path, response])
      }
  } finally {
    await server.close()
  }
  return found
}

const both: MiddlewareHandler = async (c, next) => {
  setCookie(c, 'before', '1')
  c.header('vary', 'X-Before')
  c.header('cache-control', 'public')
  c.header('x-before', '1')
  await next()
  c.header('x-after', '1')
  setCookie(c, 'after', '1', {})
}

const LIST: Readonly<Record<string, readonly [MiddlewareHandler, string | undefined]>> = {
  cors: [cors({ origin: 'http://a', credentials: true }), 'access-control-allow-origin'],
  'request-id': [requestId(), 'x-request-id'],
  timing: [timing(), 'server-timing'],
  'secure-headers': [secureHeaders(), 'x-frame-options'],
  etag: [etag(), undefined],
  compress: [compress(), undefined],
  csrf: [csrf(), undefined],
  'body-limit': [bodyLimit({ maxSize: 100 }), undefined],
  timeout: [timeout(10_000), undefined],
  'bearer-auth': [bearerAuth({ token: 'abc' }), undefined],
  'basic-auth': [basicAuth({ username: 'a', password: 'b' }), undefined],
  logger: [logger(() => {}), undefined],
  cache: [cache({ cacheName: 'c', wait: true }), undefined],
  language: [languageDetector({ supportedLanguages: ['en', 'de'], fallbackLanguage: 'en' }), undefined],
  variables: [
    async (c, next) => {
      c.set('user', 'a')
      await next()
      c.header('x-user', c.get('user'))
    },
    'x-user',
  ],
  'context-storage': [contextStorage(), undefined],
}

const AUTHORIZATION: Readonly<Record<string, string>> = { 'bearer-auth': 'Bearer abc', 'basic-auth': 'Basic YTpi' }

describe("Hono's own middleware", () => {
  for (const [name, [middleware, header]] of Object.entries(LIST))
    for (const order of [
      [middleware, both],
      [both, middleware],
    ])
      test(`${name}${order[0] === both ? ' inside of another' : ''}: headers, cookies and vary of both sides are there`, async () => {
        const authorization = AUTHORIZATION[name]
        const headers = { origin: 'http://a', ...(authorization !== undefined && { authorization }) }
        for (const [path, response] of await responsesOf(newApp(...order), headers)) {
          const cookies = response.headers.getSetCookie().map(line => line.split('=')[0])
          const own = path === '/200' || path === '/own' ? ['login'] : []
          for (const cookie of ['before', ...own, 'after']) assert.ok(cookies.includes(cookie), `${path} ${cookie}`)
          const vary = response.headers.get('vary') ?? ''
          for (const part of own.length > 0 ? ['X-Before', 'X-Own'] : ['X-Before']) assert.ok(vary.includes(part), vary)
          for (const set of ['x-before', 'x-after', ...(header === undefined ? [] : [header])])
            assert.ok(response.headers.has(set), `${path} ${set}`)
          if (path === '/200') assert.equal(response.headers.get('cache-control'), 'no-store')
        }
      })
})

test('middleware behind serve can make another request of its own', async () => {
  const app = new Ringback({ title: 't', version: '1', log: silent })
  app.use('*', async (c, next) => {
    const other = new Request(c.req.raw, { headers: { 'x-a': 'b' } })
    await next()
    c.header('x-other', `${other.method} ${new URL(other.url).pathname} ${other.headers.get('x-a')}`)
  })
  app.get('/x', { response: z.string() }, () => 'x')
  const server = await serve(app, { port: 0 })
  try {
    assert.equal((await fetch(`${server.url}/x`)).headers.get('x-other'), 'GET /x b')
  } finally {
    await server.close()
  }
})

for (const [path, on, beside] of [
  ['/exact', '/exact', '/exactly'],
  ['/below/*', '/below/here', '/beside'],
  ['/of/:id', '/of/7', '/of/7/more'],
] as const)
  test(`middleware at ${path} sees every request to ${on}, and none to ${beside}`, async () => {
    const app = new Ringback({ title: 't', version: '1', log: silent })
    const seen: string[] = []
    app.use(path, async (c, next) => {
      seen.push(c.req.path)
      await next()
    })
    for (const one of [on, beside]) app.get(one, { response: z.string() }, () => one)
    const server = await serve(app, { port: 0 })
    try {
      for (let round = 0; round < 3; round++)
        for (const one of [on, beside]) assert.equal(await (await fetch(new URL(one, server.url))).json(), one)
    } finally {
      await server.close()
    }
    assert.deepEqual(seen, [on, on, on])
  })
