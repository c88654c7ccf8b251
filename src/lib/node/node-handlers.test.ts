import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, test } from 'node:test'
import express from 'express'
import { fastify } from 'fastify'
import { z } from 'zod'
import { Receiver } from '../../../test/support/receiver.ts'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { Ringback } from '../app/ringback.ts'
import type { RingbackOptions } from '../app/ringback-options.ts'
import { eventStream } from '../operation/bodies/event-stream.ts'
import { callback } from '../operation/callback-definition.ts'
import { memoryStore } from '../store/memory-store.ts'
import { fromNodeHandler } from './from-node-handler.ts'
import { serve } from './serve.ts'
import { type HostedApp, toNodeHandler } from './to-node-handler.ts'

const told = callback.post('{$callback_url}/told', { body: z.object({ total: z.number() }) })

function newApp(options: Partial<RingbackOptions> = {}) {
  const events: string[] = []
  const log = new RecordingLog()
  const app = new Ringback({
    title: 'Hosted',
    version: '1.0.0',
    log,
    basePath: '/api',
    trustedHosts: ['127.0.0.1'],
    delivery: {
      store: memoryStore(),
      signing: { masterSecret: 'a master secret of this test' },
      destinations: { allow: ['127.0.0.1'] },
    },
    lifespan: async function* () {
      events.push('starts')
      yield
      events.push('ends')
    },
    ...options,
  })
  app.post(
    '/tell',
    { query: z.object({ callback_url: z.url() }), body: z.object({ total: z.number() }), callbacks: { told } },
    async ({ body, callbacks }) => {
      await callbacks.told.send(body)
    },
  )
  app.get(
    '/where/',
    { response: z.any(), callbacks: { self: callback.post('{$url}/x', {}) } },
    ({ callbacks, request }) => [callbacks.self.url, new URL(request.url).pathname],
  )
  app.get('/stream', { response: eventStream(z.number()) }, async function* ({ signal }) {
    yield 1
    await once(signal, 'abort').catch(() => {})
  })
  return { app, log, events }
}

async function listening(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = () => new Promise<void>(resolve => server.close(() => resolve()))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop }
}

type Host = (handler: HostedApp) => Promise<{ url: string; stop(): Promise<void> }>

const hosts: Readonly<Record<string, Host>> = {
  'a server of Node': listening,
  Express: async handler => {
    const site = express()
    site.use('/api', handler)
    site.get('/other', (_request, response) => void response.send('of the host'))
    return listening(site)
  },
  Fastify: async handler => {
    const site = fastify()
    await site.register(async scope => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
      scope.all('/api/*', (request, reply) => {
        reply.hijack()
        handler(request.raw, reply.raw)
      })
    })
    const url = await site.listen({ port: 0, host: '127.0.0.1' })
    return { url, stop: () => site.close() }
  },
}

const json = (body: unknown) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

const close = { connection: 'close' }

async function ask(url: string, init: RequestInit = {}) {
  const response = await fetch(url, { redirect: 'manual', ...init, headers: { ...close, ...init.headers } })
  return [response.status, response.headers.get('location') ?? (await response.text())] as const
}

for (const [name, host] of Object.entries(hosts))
  test(`toNodeHandler serves an application in ${name}, delivers its callbacks, and lives as long as the server`, async () => {
    await using api = new Receiver()
    await api.start()
    const { app, events, log } = newApp()
    const handler = toNodeHandler(app)
    const { url, stop } = await host(handler)
    assert.deepEqual(events, [])
    assert.deepEqual(await ask(`${url}/api/where/`), [200, JSON.stringify([`${url}/api/where/x`, '/where/'])])
    assert.deepEqual(await ask(`${url}/api/where?a=1`), [307, '/api/where/?a=1'])
    const [, document] = await ask(`${url}/api/openapi.json`)
    assert.deepEqual((JSON.parse(document) as { servers: unknown }).servers, [{ url: '/api' }])
    assert.equal((await ask(`${url}/api/tell?callback_url=${api.url}`, json({ total: 'x' })))[0], 422)
    assert.equal((await ask(`${url}/api/tell?callback_url=${api.url}`, json({ total: 7 })))[0], 204)
    await api.until(() => api.received.length > 0)
    assert.deepEqual(
      api.received.map(({ url, body }) => [url, body.toString()]),
      [['/told', '{"total":7}']],
    )
    assert.deepEqual(events, ['starts'])
    const stream = await fetch(`${url}/api/stream`, { headers: close })
    const pieces = stream.body!.getReader()
    assert.equal((await pieces.read()).done, false)
    const stopped = stop()
    while (!(await pieces.read()).done);
    await stopped
    await handler.close()
    assert.deepEqual(events, ['starts', 'ends'])
    assert.deepEqual(
      log.messages.filter(({ level }) => level !== 'info'),
      [],
    )
  })

test('toNodeHandler takes the handshakes that its host gives it, from the first on, and ends with its server', async () => {
  const { app, events } = newApp()
  app.websocket(
    '/echo/{name}',
    { receive: z.object({ n: z.int() }), send: z.object({ n: z.int(), name: z.string() }) },
    async ({ socket, params }) => {
      for await (const { n } of socket) await socket.send({ n: n + 1, name: params.name })
    },
  )
  const handler = toNodeHandler(app)
  const server = createServer(handler).on('upgrade', handler.upgrade).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/echo/a%20b`)
  await once(socket, 'open')
  socket.send('{"n":7}')
  const [{ data }] = (await once(socket, 'message')) as [MessageEvent]
  assert.deepEqual(JSON.parse(String(data)), { n: 8, name: 'a b' })
  const elsewhere = new WebSocket(`ws://127.0.0.1:${port}/other`)
  await once(elsewhere, 'error')
  const closed = once(socket, 'close')
  server.close()
  const [{ code }] = (await closed) as [CloseEvent]
  assert.equal(code, 1001)
  await once(server, 'close')
  await handler.close()
  assert.deepEqual(events, ['starts', 'ends'])
})

test('toNodeHandler refuses a handshake with 503 where it cannot start and where it has closed', async () => {
  let isBroken = true
  const { app, log } = newApp({
    lifespan: async function* () {
      if (isBroken) throw new Error('no database')
      yield
    },
  })
  app.websocket('/echo', { receive: z.int(), send: z.int() }, async () => {})
  const handler = toNodeHandler(app)
  const server = createServer(handler).on('upgrade', handler.upgrade).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const handshake = async () => {
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.alloc(16).toString('base64'),
    }
    const asked = get({ port, host: '127.0.0.1', path: '/api/echo', headers })
    const [response] = (await Promise.race([once(asked, 'response'), once(asked, 'upgrade')])) as [IncomingMessage]
    const { detail } = response.statusCode === 101 ? {} : JSON.parse(Buffer.concat(await response.toArray()).toString())
    response.socket.destroy()
    return [response.statusCode, response.headers['retry-after'], detail]
  }
  assert.deepEqual(await handshake(), [503, '1', 'The application could not start; the error has been logged'])
  assert.match(String(log.messages.at(-1)?.fields['error']), /no database/)
  isBroken = false
  assert.deepEqual(await handshake(), [101, undefined, undefined])
  await handler.close()
  assert.deepEqual(await handshake(), [503, '1', 'The application has closed'])
  server.close()
  await once(server, 'close')
})

test('toNodeHandler tells of a body that the host has read before', async () => {
  const { app, log } = newApp()
  const handler = toNodeHandler(app)
  app.post('/read', { response: z.any() }, async ({ request }) => request.text())
  const site = express()
  site.use(express.json())
  site.use('/api', handler)
  const { url, stop } = await listening(site)
  for (const path of ['/api/tell?callback_url=http://127.0.0.1:9', '/api/read']) {
    assert.equal((await ask(url + path, json({ total: 7 })))[0], 500)
    assert.match(String(log.messages.at(-1)?.fields['error']), /was read before it came to Ringback, as express\.json/)
  }
  assert.equal((await ask(`${url}/api/where/`))[0], 200)
  assert.equal((await ask(`${url}/api/read`, { method: 'POST' }))[1], '""')
  await stop()
  await handler.close()
})

test('toNodeHandler says when it cannot start, when it has closed, and when it does not know its path', async () => {
  let isBroken = true
  const { app, log } = newApp({
    basePath: '',
    lifespan: async function* () {
      if (isBroken) throw new Error('no database')
      yield
    },
  })
  const handler = toNodeHandler(app)
  const site = express()
  site.use('/v1', handler)
  const { url, stop } = await listening(site)
  await assert.rejects(handler.start(), /no database/)
  assert.equal((await ask(`${url}/v1/where/`))[0], 503)
  assert.match(String(log.messages.at(-1)?.fields['error']), /no database/)
  const warned = log.messages.filter(({ level }) => level === 'warn').map(({ text }) => text)
  assert.equal(warned.length, 1)
  assert.match(warned[0]!, /reached under "\/v1", and its "basePath" is "": set it/)
  isBroken = false
  assert.equal((await ask(`${url}/v1/where/`))[0], 200)
  await handler.close()
  assert.equal((await ask(`${url}/v1/where/`))[0], 503)
  await stop()
  const outer = newApp().app
  outer.mount('/sub', new Ringback({ title: 'Inner', version: '1.0.0' }))
  const inner = new Ringback({ title: 'Inner', version: '1.0.0' })
  outer.mount('/inner', inner)
  assert.throws(() => toNodeHandler(inner), { name: 'DefinitionError', message: /is mounted at "\/inner"/ })
})

test('toNodeHandler lets the first requests wait until the application has started', async () => {
  const begun = Promise.withResolvers<void>()
  const ready = Promise.withResolvers<void>()
  let isReady = false
  const { app } = newApp({
    lifespan: async function* () {
      begun.resolve()
      await ready.promise
      isReady = true
      yield
    },
  })
  app.get('/ready', { response: z.boolean() }, () => isReady)
  const handler = toNodeHandler(app)
  const { url, stop } = await listening(handler)
  const first = ask(`${url}/api/ready`)
  await begun.promise
  const second = ask(`${url}/api/ready`)
  const third = await fetch(`${url}/api/ready`, { signal: AbortSignal.abort() }).catch(() => 'gone')
  ready.resolve()
  assert.deepEqual([await first, await second, third], [[200, 'true'], [200, 'true'], 'gone'])
  await stop()
  await handler.close()
})

test('toNodeHandler leaves an application to whoever has started it', async () => {
  const { app, events } = newApp()
  await app.start()
  const handler = toNodeHandler(app)
  const { url, stop } = await listening(handler)
  assert.equal((await ask(`${url}/api/where/`))[0], 200)
  await stop()
  await handler.close()
  assert.deepEqual(events, ['starts'])
  await app.close()
})

describe('fromNodeHandler', () => {
  const legacy = express()
  legacy.use(express.json())
  legacy.post('/echo', (request, response) => {
    const { body, originalUrl, ip } = request
    response.cookie('a', '1').cookie('b', '2').status(201).json({ body, originalUrl, ip })
  })
  legacy.get('/stream', (request, response) => {
    response.write('first')
    request.once('close', () => gone.resolve())
  })
  legacy.get('/secure', (request, response) => void response.send(request.protocol))
  legacy.get('/nothing', (_request, response) => void response.status(204).end())
  const gone = Promise.withResolvers<void>()

  const outer = (withMiddleware: boolean) => {
    const app = new Ringback({ title: 'Outer', version: '1.0.0', log: new RecordingLog(), bodyLimitBytes: 1_000 })
    if (withMiddleware)
      app.use(async (c, next) => {
        await next()
        c.header('x-outer', '1')
      })
    app.mount('/legacy', fromNodeHandler(legacy))
    return app
  }

  for (const withMiddleware of [false, true])
    it(`mounts an Express application${withMiddleware ? ' behind middleware' : ''}`, async () => {
      const app = outer(withMiddleware)
      const served = await serve(app, { port: 0, host: '127.0.0.1', signals: false })
      const response = await fetch(`${served.url}/legacy/echo?a=1`, json({ total: 7 }))
      assert.equal(response.status, 201)
      assert.deepEqual(await response.json(), { body: { total: 7 }, originalUrl: '/echo?a=1', ip: '127.0.0.1' })
      assert.deepEqual(response.headers.getSetCookie(), ['a=1; Path=/', 'b=2; Path=/'])
      assert.equal(response.headers.get('x-powered-by'), 'Express')
      assert.equal(response.headers.get('x-outer'), withMiddleware ? '1' : null)
      const get = (path: string, init: RequestInit = {}) => fetch(`${served.url}/legacy${path}`, init)
      assert.equal((await get('/none')).status, 404)
      assert.deepEqual([(await get('/nothing')).status, await (await get('/nothing')).text()], [204, ''])
      const head = await get('/secure', { method: 'HEAD' })
      assert.deepEqual([head.status, head.headers.get('content-length')], [200, '4'])
      const stream = await get('/stream')
      const reader = stream.body!.getReader()
      assert.equal(Buffer.from((await reader.read()).value!).toString(), 'first')
      await reader.cancel()
      await gone.promise
      await served.close()
    })

  it('needs no server: a test client reaches it as well', async () => {
    const app = outer(false)
    const response = await app.fetch(new Request('https://a.example/legacy/echo', json({ total: 7 })))
    assert.deepEqual(((await response.json()) as { body: unknown }).body, { total: 7 })
    assert.equal((await app.fetch(new Request('http://a/legacy/echo', json('x'.repeat(2_000))))).status, 413)
    const secure = await app.fetch(new Request('https://a.example/legacy/secure'))
    assert.equal(await secure.text(), 'https')
  })

  it('tells the log, and nobody else, what a handler throws', async () => {
    const log = new RecordingLog()
    const app = new Ringback({ title: 'Outer', version: '1.0.0', log })
    app.mount(
      '/sync',
      fromNodeHandler(() => {
        throw new Error('a secret')
      }),
    )
    app.mount(
      '/async',
      fromNodeHandler(async (_incoming, outgoing) => {
        outgoing.write('half')
        await new Promise(setImmediate)
        throw new Error('a secret')
      }),
    )
    const response = await app.fetch(new Request('http://a/sync'))
    assert.deepEqual([response.status, (await response.text()).includes('secret')], [500, false])
    assert.match(String(log.messages.at(-1)?.fields['error']), /a secret/)
    const half = await app.fetch(new Request('http://a/async'))
    await assert.rejects(half.text())
  })

  it('mounts a Fastify application', async () => {
    const site = fastify()
    site.post('/echo', request => ({ body: request.body, url: request.url }))
    await site.ready()
    const app = new Ringback({ title: 'Outer', version: '1.0.0' })
    app.mount(
      '/legacy',
      fromNodeHandler((incoming, outgoing) => site.routing(incoming, outgoing)),
    )
    const response = await app.fetch(new Request('http://a/legacy/echo?x', json({ total: 7 })))
    assert.deepEqual(await response.json(), { body: { total: 7 }, url: '/echo?x' })
    await site.close()
  })
})
