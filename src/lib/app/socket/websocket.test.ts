import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../../test/support/recording-log.ts'
import { HttpError } from '../../http/http-error.ts'
import { bytes } from '../../operation/bodies/bytes.ts'
import { text } from '../../operation/bodies/text.ts'
import { callback } from '../../operation/callback-definition.ts'
import { dependency } from '../../operation/dependency-definition.ts'
import { MessageInvalidError } from '../../operation/socket/message-invalid-error.ts'
import { SocketClosedError } from '../../operation/socket/socket-closed-error.ts'
import { httpBearer } from '../../security/http-bearer.ts'
import { SocketRefusedError } from '../../testing/socket/socket-refused-error.ts'
import { testClient } from '../../testing/test-client.ts'
import { Ringback } from '../ringback.ts'
import type { RingbackOptions } from '../ringback-options.ts'
import { Router } from '../router.ts'

function createApp(options: Partial<RingbackOptions> = {}): { app: Ringback; log: RecordingLog } {
  const log = new RecordingLog()
  return { app: new Ringback({ title: 'Sockets', version: '1.0.0', log, ...options }), log }
}

const Sum = z.object({ sum: z.number() })

function addSums(app: Ringback): void {
  app.websocket('/sum', { receive: z.object({ add: z.number().min(0) }), send: Sum }, async ({ socket }) => {
    let sum = 0
    for await (const { add } of socket) {
      sum += add
      await socket.send({ sum })
    }
  })
}

async function refusal(opened: Promise<unknown>) {
  const error = await opened.then(
    () => assert.fail('It was accepted'),
    (error: unknown) => error,
  )
  assert.ok(error instanceof SocketRefusedError, String(error))
  return { status: error.response.status, headers: error.response.headers, problem: await error.response.json() }
}

describe('Messages', () => {
  it('are validated, converted and pruned', async () => {
    const { app } = createApp()
    addSums(app)
    await using client = await testClient(app)
    await using socket = await client.websocket('/sum')
    socket.sendJson({ add: 3, password: 'hunter2' })
    assert.equal(await socket.receive(), '{"sum":3}')
    socket.sendJson({ add: '4' })
    assert.deepEqual(await socket.receiveJson(), { sum: 7 })
  })

  for (const [words, message, code, reason] of [
    ['does not fit', '{"add":-1}', 1008, /^The message does not fit: #\/add Too small/],
    ['is not JSON', '{"add":', 1008, /^The message is not JSON: it ends too early/],
    ['is binary', new Uint8Array([123, 125]), 1003, /^This WebSocket takes JSON in text messages$/],
    ['has too many values', `{"add":[${'1,'.repeat(60_000)}1]}`, 1009, /^A message may hold 50000 values$/],
    ['is too large', `"${'x'.repeat(1_048_576)}"`, 1009, /./],
    ['is nested too deeply', '['.repeat(40_000) + ']'.repeat(40_000), 1008, /does not fit/],
  ] as const)
    it(`close the socket where one ${words}`, async () => {
      const { app, log } = createApp()
      addSums(app)
      await using client = await testClient(app)
      await using socket = await client.websocket('/sum')
      socket.send(message)
      const closed = await socket.closed
      assert.equal(closed.code, code)
      assert.match(closed.reason, reason)
      assert.ok(Buffer.byteLength(closed.reason) <= 123)
      await assert.rejects(socket.receive(), SocketClosedError)
      assert.deepEqual(
        log.messages.filter(({ level }) => level === 'error'),
        [],
      )
    })

  it('say why in 123 bytes, no character cut in two', async () => {
    const { app } = createApp()
    const receive = z.object({ word: z.string().refine(() => false, '€'.repeat(60)) })
    app.websocket('/words', { receive }, async ({ socket }) => void (await socket.receive()))
    await using client = await testClient(app)
    await using socket = await client.websocket('/words')
    socket.sendJson({ word: '' })
    const { reason } = await socket.closed
    assert.match(reason, /^The message does not fit: #\/word €+…$/)
    assert.ok(Buffer.byteLength(reason) > 118)
  })

  it('are text or bytes as they are', async () => {
    const { app } = createApp()
    app.websocket('/text', { receive: text(), send: bytes() }, async ({ socket }) => {
      for await (const message of socket) await socket.send(Buffer.from(message.toUpperCase()))
    })
    app.websocket('/bytes', { receive: bytes(), send: text() }, async ({ socket }) => {
      for await (const message of socket) await socket.send(String(message.byteLength))
    })
    await using client = await testClient(app)
    await using upper = await client.websocket('/text')
    upper.send('grün')
    assert.equal(Buffer.from((await upper.receive()) as Uint8Array).toString(), 'GRÜN')
    await using length = await client.websocket('/bytes')
    length.send(new Uint8Array(7))
    assert.equal(await length.receive(), '7')
    length.send('text')
    assert.deepEqual(await length.closed, { code: 1003, reason: 'This WebSocket takes binary messages' })
  })

  it('that are not declared do not exist', async () => {
    const { app } = createApp()
    let thrown: unknown
    app.websocket('/none', {}, async ({ socket }) => {
      thrown = await socket.send('x' as never).catch((error: unknown) => error)
      await socket.closed
    })
    await using client = await testClient(app)
    await using socket = await client.websocket('/none')
    socket.send('x')
    assert.deepEqual(await socket.closed, { code: 1003, reason: 'This WebSocket takes no messages' })
    assert.ok(thrown instanceof MessageInvalidError)
  })

  it('keep their order, also where a schema has to wait', async () => {
    const { app } = createApp()
    const slow = z.number().refine(async number => {
      if (number === 1) for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve))
      return number < 4
    })
    app.websocket('/slow', { receive: slow, send: slow }, async ({ socket }) => {
      const received: number[] = []
      for await (const number of socket) {
        received.push(number)
        if (received.length === 3) await Promise.all(received.map(number => socket.send(number)))
      }
    })
    await using client = await testClient(app)
    await using socket = await client.websocket('/slow')
    for (const number of [1, 2, 3]) socket.sendJson(number)
    assert.deepEqual([await socket.receive(), await socket.receive(), await socket.receive()], ['1', '2', '3'])
    socket.sendJson(4)
    assert.equal((await socket.closed).code, 1008)
  })

  it('that break their schema are not sent, and the client learns nothing', async () => {
    const { app, log } = createApp()
    app.websocket('/bad', { send: Sum }, async ({ socket }) => {
      await socket.send({ sum: 'the password is hunter2' } as never)
    })
    await using client = await testClient(app)
    await using socket = await client.websocket('/bad')
    assert.deepEqual(await socket.closed, { code: 1011, reason: '' })
    const [entry] = log.messages.filter(({ level }) => level === 'error')
    assert.equal(entry?.text, 'The handler of a WebSocket failed')
    assert.match(
      String(entry?.fields['error']),
      /MessageInvalidError: A message of the WebSocket "websocketBad" .*at "#\/sum"/,
    )
  })

  it('that nobody awaits end no process when the client has gone', async () => {
    const { app } = createApp()
    const { promise, resolve } = Promise.withResolvers<unknown>()
    app.websocket('/gone', { send: text() }, async ({ socket }) => {
      await socket.closed
      void socket.send('x')
      resolve(await socket.send('y').catch((error: unknown) => error))
    })
    await using client = await testClient(app)
    const socket = await client.websocket('/gone')
    socket.close(4001, 'bye')
    const error = await promise
    assert.ok(error instanceof SocketClosedError)
    assert.deepEqual([error.closeCode, error.reason], [4001, 'bye'])
  })
})

describe('A socket', () => {
  it('is closed by the handler, by its end and by its error', async () => {
    const { app, log } = createApp()
    app.websocket('/ends', {}, async () => {})
    app.websocket('/closes', {}, async ({ socket }) => socket.close(4000, 'Enough'))
    app.websocket('/throws', {}, () => {
      throw new Error('the password is hunter2')
    })
    await using client = await testClient(app)
    const closed = async (path: string) => (await client.websocket(path)).closed
    assert.deepEqual(await closed('/ends'), { code: 1000, reason: '' })
    assert.deepEqual(await closed('/closes'), { code: 4000, reason: 'Enough' })
    assert.deepEqual(await closed('/throws'), { code: 1011, reason: '' })
    assert.deepEqual(
      log.messages
        .filter(({ level }) => level === 'error')
        .map(({ fields }) => [fields['path'], String(fields['error'])]),
      [['/throws', 'Error: the password is hunter2']],
    )
  })

  it('refuses codes and reasons that cannot be sent', async () => {
    const { app } = createApp()
    const { promise, resolve } = Promise.withResolvers<string[]>()
    app.websocket('/codes', {}, async ({ socket }) => {
      const messages: string[] = []
      const all: [number, string][] = [
        [1005, ''],
        [999, ''],
        [5000, ''],
        [1004, ''],
        [1000.5, ''],
        [1000, 'ü'.repeat(62)],
      ]
      for (const [code, reason] of all)
        try {
          socket.close(code, reason)
        } catch (error) {
          messages.push(String(error))
        }
      resolve(messages)
    })
    await using client = await testClient(app)
    await client.websocket('/codes')
    const messages = await promise
    assert.equal(messages.length, 6)
    assert.match(messages[0]!, /^RangeError: A WebSocket cannot be closed with 1005: give 1000/)
    assert.match(messages[5]!, /^RangeError: The reason has 124 bytes of UTF-8/)
  })

  it('gives what had come before the client closed, then ends its loop, and aborts the signal', async () => {
    const { app } = createApp()
    const { promise, resolve } = Promise.withResolvers<unknown>()
    const go = Promise.withResolvers<void>()
    app.websocket('/late', { receive: text() }, async ({ socket, signal }) => {
      await go.promise
      const received: string[] = []
      for await (const message of socket) received.push(message)
      resolve([received, signal.aborted, await socket.closed])
    })
    await using client = await testClient(app)
    const socket = await client.websocket('/late')
    for (let count = 0; count < 40; count++) socket.send(String(count))
    socket.close(1001, 'moving on')
    go.resolve()
    assert.deepEqual(await promise, [
      Array.from({ length: 40 }, (_, count) => String(count)),
      true,
      { code: 1001, reason: 'moving on' },
    ])
  })

  it('stays open when its loop is left, and can be read on', async () => {
    const { app } = createApp()
    app.websocket('/twice', { receive: text(), send: text() }, async ({ socket }) => {
      for await (const message of socket) {
        await socket.send(`first ${message}`)
        break
      }
      await socket.send(`then ${await socket.receive()}`)
      for await (const message of socket) await socket.send(`last ${message}`)
    })
    await using client = await testClient(app)
    await using socket = await client.websocket('/twice')
    for (const message of ['a', 'b', 'c']) socket.send(message)
    assert.deepEqual(
      [await socket.receive(), await socket.receive(), await socket.receive()],
      ['first a', 'then b', 'last c'],
    )
  })

  it('speaks one of the subprotocols, the one that the client likes best', async () => {
    const { app } = createApp()
    app.websocket('/chat', { subprotocols: ['chat.v1', 'chat.v2'], send: text() }, async ({ socket }) => {
      await socket.send(`${socket.subprotocol}`)
    })
    app.websocket('/plain', { send: text() }, async ({ socket }) => socket.send(`${socket.subprotocol}`))
    await using client = await testClient(app)
    const socket = await client.websocket('/chat', { subprotocols: ['chat.v3', 'chat.v2', 'chat.v1'] })
    assert.deepEqual([socket.subprotocol, await socket.receive()], ['chat.v2', 'chat.v2'])
    assert.equal((await client.websocket('/chat')).subprotocol, undefined)
    assert.equal((await client.websocket('/plain', { subprotocols: ['chat.v2'] })).subprotocol, undefined)
    const { status, problem } = await refusal(client.websocket('/chat', { subprotocols: ['chat.v3'] }))
    assert.equal(status, 400)
    assert.match(problem.detail, /offer "chat.v1" or "chat.v2"/)
  })
})

describe('A handshake', () => {
  it('has parameters, dependencies and security, and is refused with a problem before the upgrade', async () => {
    const { app } = createApp({ trustedProxies: ['203.0.113.7'] })
    const user = dependency({ dependencies: { token: httpBearer() } }, ({ token }) => {
      if (token !== 'right') throw new HttpError(403, 'Not you')
      return { name: 'Ada' }
    })
    app.websocket(
      '/rooms/{room}',
      {
        params: z.object({ room: z.int() }),
        query: z.object({ q: z.boolean().default(false) }),
        headers: z.object({ 'x-kind': z.string().optional() }),
        cookies: z.object({ session: z.string().optional() }),
        dependencies: { user },
        send: z.unknown(),
      },
      async ({ socket, params, query, headers, cookies, user, clientAddress, requestId }) => {
        await socket.send({ params, query, headers, cookies, user, clientAddress, requestId })
      },
    )
    await using client = await testClient(app)
    const authorization = 'Bearer right'
    const socket = await client.websocket('/rooms/7?q=yes', {
      headers: { authorization, 'x-kind': 'a', cookie: 'session=s1', 'x-request-id': 'r1' },
      clientAddress: '203.0.113.7',
    })
    assert.deepEqual(await socket.receiveJson(), {
      params: { room: 7 },
      query: { q: true },
      headers: { 'x-kind': 'a' },
      cookies: { session: 's1' },
      user: { name: 'Ada' },
      clientAddress: '203.0.113.7',
      requestId: 'r1',
    })
    const missing = await refusal(client.websocket('/rooms/7'))
    assert.deepEqual([missing.status, missing.headers.get('www-authenticate')], [401, 'Bearer'])
    assert.equal((await refusal(client.websocket('/rooms/7', { headers: { authorization: 'Bearer x' } }))).status, 403)
    const invalid = await refusal(client.websocket('/rooms/x?q=perhaps', { headers: { authorization } }))
    assert.equal(invalid.status, 422)
    assert.deepEqual(
      invalid.problem.errors.map(({ in: place, pointer }: { in: string; pointer: string }) => place + pointer),
      ['path#/room', 'query#/q'],
    )
  })

  it('of a page is refused unless the page is of an allowed origin', async () => {
    let ran = 0
    const { app } = createApp({ websockets: { allowedOrigins: ['https://app.example.com'] } })
    const counted = dependency({}, () => {
      ran++
    })
    app.websocket('/own', { dependencies: { counted } }, async () => {})
    app.websocket('/any', { allowedOrigins: ['*'] }, async () => {})
    app.websocket('/none', { allowedOrigins: [] }, async () => {})
    app.websocket('/sandboxed', { allowedOrigins: ['null'] }, async () => {})
    await using client = await testClient(app)
    const status = (path: string, origin?: string) =>
      client.websocket(path, origin === undefined ? {} : { headers: { origin } }).then(
        () => 101,
        (error: SocketRefusedError) => error.response.status,
      )
    for (const origin of [undefined, 'https://app.example.com', 'http://testserver', 'https://testserver'])
      assert.equal(await status('/own', origin), 101, origin)
    assert.equal(ran, 4)
    for (const origin of [
      'https://evil.example',
      'https://app.example.com.evil.example',
      'http://app.example.com',
      'https://app.example.com:8443',
      'http://testserver:81',
      'http://testserver.evil.example',
      'null',
      '',
      'http://testserver/',
      'http://evil@testserver',
      'http://testserver, http://evil.example',
    ])
      assert.equal(await status('/own', origin), 403, origin)
    assert.equal(ran, 4)
    assert.equal(await status('/any', 'https://evil.example'), 101)
    assert.equal(await status('/none', 'https://app.example.com'), 403)
    assert.equal(await status('/none', 'http://testserver'), 101)
    assert.equal(await status('/sandboxed', 'null'), 101)
  })

  it('is only taken where there is a WebSocket, and nothing else there', async () => {
    const { app } = createApp()
    app.websocket('/ws', {}, async () => {})
    app.websocket('/both', {}, async () => {})
    app.get('/both', { response: z.string() }, () => 'page')
    app.get('/page', { response: z.string() }, () => 'page')
    await using client = await testClient(app)
    const got = await client.get('/ws')
    assert.deepEqual([got.status, got.headers.get('upgrade')], [426, 'websocket'])
    assert.match(
      ((await got.json()) as { detail: string }).detail,
      /^This path is a WebSocket: connect with its protocol/,
    )
    assert.equal((await client.head('/ws')).status, 426)
    const posted = await client.post('/ws')
    assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET'])
    const patched = await client.patch('/both')
    assert.deepEqual([patched.status, patched.headers.get('allow')], [405, 'GET, HEAD'])
    assert.equal(await (await client.get('/both')).json(), 'page')
    await (await client.websocket('/both')).closed
    const page = await refusal(client.websocket('/page'))
    assert.deepEqual(
      [page.status, page.problem.detail.slice(0, 56)],
      [400, 'This path is not a WebSocket: it takes GET, HEAD without'],
    )
    assert.equal((await refusal(client.websocket('/nothing'))).status, 404)
    assert.match((await refusal(client.websocket('/ws/'))).problem.detail, /without a last slash/)
  })

  it('is in no document, and its callbacks are stored at once', async () => {
    const { app } = createApp({ websockets: { maxConnections: 2 } })
    const joined = callback.post('{$callback_url}/{$request.path.room}', { body: z.object({ name: z.string() }) })
    const kept: unknown[] = []
    app.websocket(
      '/rooms/{room}',
      { query: z.object({ callback_url: z.url() }), callbacks: { joined }, receive: text(), send: text() },
      async function enterRoom({ socket, callbacks, app }) {
        kept.push(callbacks.joined.toJSON())
        for await (const name of socket) {
          await callbacks.joined.send({ name })
          await app.restore(joined, callbacks.joined.toJSON()).send({ name: `${name} again` })
          await socket.send('sent')
        }
      },
    )
    assert.deepEqual(app.openapi().paths, {})
    await using client = await testClient(app)
    await using socket = await client.websocket('/rooms/7?callback_url=https://www.external.org')
    socket.send('Ada')
    assert.equal(await socket.receive(), 'sent')
    assert.deepEqual(
      client.deliveries.map(({ url, body }) => [url, body]),
      [
        ['https://www.external.org/7', { name: 'Ada' }],
        ['https://www.external.org/7', { name: 'Ada again' }],
      ],
    )
    assert.equal((kept[0] as { operation: string }).operation, 'enterRoom')
    const received: unknown[] = []
    client.externalApi('https://www.external.org', async request => {
      received.push(await request.json())
      return new Response(null, { status: 204 })
    })
    await client.deliver()
    assert.equal(received.length, 2)
    for (let count = 0; count < 3; count++) {
      const refused = await refusal(client.websocket('/rooms/7?callback_url=http://localhost/'))
      assert.deepEqual([refused.status, refused.problem.errors[0].code], [422, 'destination'])
    }
    // A refused one takes none of the places.
    await client.websocket('/rooms/8?callback_url=https://www.external.org')
  })

  it('is one of as many as the application allows', async () => {
    const { app } = createApp({ websockets: { maxConnections: 2 } })
    const failing = dependency({ query: z.object({ fail: z.boolean().default(false) }) }, ({ query }) => {
      if (query.fail) throw new HttpError(409)
    })
    app.websocket(
      '/ws',
      { dependencies: { failing }, receive: text() },
      async ({ socket }) => void (await socket.closed),
    )
    await using client = await testClient(app)
    for (let count = 0; count < 5; count++) assert.equal((await refusal(client.websocket('/ws?fail=1'))).status, 409)
    for (let count = 0; count < 5; count++) assert.equal((await refusal(client.websocket('/ws?fail=x'))).status, 422)
    const [first] = [await client.websocket('/ws'), await client.websocket('/ws')]
    const { status, headers } = await refusal(client.websocket('/ws'))
    assert.deepEqual([status, headers.get('retry-after')], [503, '10'])
    await first[Symbol.asyncDispose]()
    await new Promise(resolve => setImmediate(resolve))
    await client.websocket('/ws')
  })
})

describe('Dependencies of a WebSocket', () => {
  it('live until it has closed, and are cleaned up in order', async () => {
    const { app, log } = createApp()
    const events: string[] = []
    const noted = (name: string, scope: 'handler' | 'response') =>
      dependency({ scope }, async function* () {
        events.push(`${name} begins`)
        try {
          yield name
        } catch (error) {
          events.push(`${name} sees ${error}`)
          throw error
        } finally {
          events.push(`${name} ends`)
        }
      })
    const dependencies = { database: noted('database', 'response'), cursor: noted('cursor', 'handler') }
    app.websocket('/ws', { dependencies, receive: text(), send: text() }, async ({ socket, database, cursor }) => {
      await socket.send(`${database} ${cursor}`)
      for await (const message of socket) if (message === 'fail') throw new Error('a bug')
      events.push('handler ends')
    })
    await using client = await testClient(app)
    const socket = await client.websocket('/ws')
    assert.equal(await socket.receive(), 'database cursor')
    assert.deepEqual(events.splice(0), ['database begins', 'cursor begins'])
    await socket[Symbol.asyncDispose]()
    await new Promise(resolve => setImmediate(resolve))
    assert.deepEqual(events.splice(0), ['handler ends', 'cursor ends', 'database ends'])
    const failing = await client.websocket('/ws')
    failing.send('fail')
    assert.equal((await failing.closed).code, 1011)
    await new Promise(resolve => setImmediate(resolve))
    assert.deepEqual(events, [
      'database begins',
      'cursor begins',
      'cursor sees Error: a bug',
      'cursor ends',
      'database sees Error: a bug',
      'database ends',
    ])
    assert.equal(log.messages.filter(({ level }) => level === 'error').length, 1)
  })

  it('may set headers and cookies of the response to the handshake', async () => {
    const { app } = createApp()
    const session = dependency({ cookies: z.object({ session: z.string().optional() }) }, ({ cookies, setCookie }) => {
      if (cookies.session === undefined) setCookie('session', 's1')
      return cookies.session ?? 'new'
    })
    app.websocket('/ws', { dependencies: { session }, send: text() }, async ({ socket, session }) =>
      socket.send(session),
    )
    await using client = await testClient(app)
    assert.equal(await (await client.websocket('/ws')).receive(), 'new')
    assert.equal(await (await client.websocket('/ws')).receive(), 's1')
  })

  it('come from routers, too', async () => {
    const { app } = createApp()
    const ran: string[] = []
    const outer = dependency({}, () => void ran.push('outer'))
    const user = dependency({ query: z.object({ user: z.string() }) }, ({ query }) => query.user)
    const rooms = new Router({ prefix: '/rooms/{room}', dependencies: { user } })
    rooms.websocket('/chat', { send: text() }, async ({ socket, params, user }) => {
      await socket.send(`${user} in ${params.room}`)
    })
    app.include(rooms, { prefix: '/v1', dependencies: { outer } })
    await using client = await testClient(app)
    const socket = await client.websocket('/v1/rooms/7/chat?user=Ada')
    assert.equal(await socket.receive(), 'Ada in 7')
    assert.deepEqual(ran, ['outer'])
    assert.equal((await refusal(client.websocket('/v1/rooms/7/chat'))).status, 422)
  })
})

describe('Middleware before a WebSocket', () => {
  it('runs for the handshake, may refuse it, and adds headers', async () => {
    const { app } = createApp()
    const ends: string[] = []
    app.use('/guarded/*', async (c, next) => {
      if (c.req.query('key') !== '1') return c.text('No key', 401)
      c.set('user', 'Ada')
      c.header('set-cookie', 'seen=1; Path=/')
      await next()
      if (c.req.query('late') === '1') c.res = new Response('Too late', { status: 403 })
    })
    const open = dependency({}, function* () {
      yield 1
      ends.push('cleaned up')
    })
    app.websocket(
      '/guarded/ws',
      { dependencies: { open }, send: text() },
      async ({ socket, var: { user }, request }) => {
        await socket.send(`${user} ${new URL(request.url).pathname}`)
      },
    )
    app.websocket('/free', { send: text() }, async ({ socket }) => socket.send('free'))
    await using client = await testClient(app)
    const refused = (await client.websocket('/guarded/ws').catch((error: unknown) => error)) as SocketRefusedError
    assert.deepEqual([refused.response.status, await refused.response.text()], [401, 'No key'])
    const late = (await client
      .websocket('/guarded/ws?key=1&late=1')
      .catch((error: unknown) => error)) as SocketRefusedError
    assert.deepEqual([late.response.status, ends.splice(0)], [403, ['cleaned up']])
    const socket = await client.websocket('/guarded/ws?key=1')
    assert.equal(await socket.receive(), 'Ada /guarded/ws')
    await socket.closed
    assert.equal(await (await client.websocket('/free')).receive(), 'free')
  })
})

describe('A definition of a WebSocket', () => {
  for (const [words, define, message] of [
    [
      'an unknown key',
      (app: Ringback) => app.websocket('/a', { recieve: text() } as never, async () => {}),
      /Unknown key "recieve" in WebSocket \/a.*Did you mean "receive"/,
    ],
    [
      'a stream as message',
      (app: Ringback) => app.websocket('/a', { send: { '~standard': z.string()['~standard'] } as never }, 7 as never),
      /WebSocket \/a has no handler/,
    ],
    [
      'a generator as its handler',
      (app: Ringback) => app.websocket('/a', {}, async function* () {} as never),
      /has a generator as its handler: send with "await socket.send/,
    ],
    [
      'a dependency called "socket"',
      (app: Ringback) =>
        app.websocket('/a', { dependencies: { socket: dependency({}, () => 1) } } as never, async () => {}),
      /already has "socket": give this dependency another name/,
    ],
    [
      'a wrong origin',
      (app: Ringback) => app.websocket('/a', { allowedOrigins: ['example.com'] }, async () => {}),
      /"allowedOrigins" of WebSocket \/a contains "example.com", which is not an origin/,
    ],
    [
      'an origin with a path',
      (app: Ringback) => app.websocket('/a', { allowedOrigins: ['https://example.com/'] }, async () => {}),
      /which is not an origin/,
    ],
    [
      'a subprotocol that is no token',
      (app: Ringback) => app.websocket('/a', { subprotocols: ['a b'] }, async () => {}),
      /"subprotocols" of WebSocket \/a contains "a b"/,
    ],
    [
      'a subprotocol twice',
      (app: Ringback) => app.websocket('/a', { subprotocols: ['a', 'a'] }, async () => {}),
      /contains "a" twice/,
    ],
    [
      'a path that is taken',
      (app: Ringback) => {
        for (let count = 0; count < 2; count++) app.websocket('/a', {}, async () => {})
      },
      /WebSocket \/a is already registered/,
    ],
    [
      'a parameter that its path does not have',
      (app: Ringback) => app.websocket('/a', { params: z.object({ b: z.string() }) } as never, async () => {}),
      /"params" of WebSocket \/a declares "b"/,
    ],
  ] as const)
    it(`is refused with ${words}`, () => {
      assert.throws(() => define(createApp().app), { name: 'DefinitionError', message })
    })

  it('is refused with limits that are none', () => {
    for (const [websockets, message] of [
      [{ maxConnections: 0 }, /"maxConnections" of "websockets" is 0: give a whole number of 1 or more/],
      [{ heartbeatMs: 2 ** 31 }, /"heartbeatMs" of "websockets" is 2147483648/],
      [{ messageLimitBytes: '1' }, /"messageLimitBytes" of "websockets" is "1"/],
      [{ compression: 1 }, /"compression" of "websockets" is 1: give true or false/],
      [{ allowedOrigins: 'https://a.example' }, /give a list of origins/],
      [{ maxConection: 1 }, /Unknown key "maxConection" in "websockets" of the application/],
    ] as const)
      assert.throws(() => createApp({ websockets: websockets as never }), { name: 'DefinitionError', message })
  })
})

describe('A test client', () => {
  it('raises what a handler throws, where it is asked to', async () => {
    const { app } = createApp()
    const bug = new Error('a bug')
    app.websocket('/ws', { receive: text() }, async ({ socket }) => {
      await socket.receive()
      throw bug
    })
    const failing = dependency({}, () => {
      throw bug
    })
    app.websocket('/refused', { dependencies: { failing } }, async () => {})
    app.get('/http', {}, () => {
      throw bug
    })
    app.get('/meant', {}, () => {
      throw new HttpError(409)
    })
    app.get('/fine', {}, () => {})
    {
      await using client = await testClient(app, { raiseErrors: true })
      const isBug = (error: unknown) => error === bug
      await assert.rejects(client.get('/http'), isBug)
      await assert.rejects(client.websocket('/refused'), isBug)
      const [fine, meant] = await Promise.all([
        client.get('/fine'),
        client.get('/meant'),
        assert.rejects(client.get('/http'), isBug),
      ])
      assert.deepEqual([fine.status, meant.status], [204, 409])
      const socket = await client.websocket('/ws')
      const received = assert.rejects(socket.receive(), isBug)
      socket.send('x')
      await received
    }
    await using client = await testClient(app)
    assert.equal((await client.get('/http')).status, 500)
    assert.equal((await refusal(client.websocket('/refused'))).status, 500)
  })

  it('closes sockets with 1001 when it is closed', async () => {
    const { app } = createApp()
    const events: string[] = []
    app.websocket('/ws', { receive: text() }, async ({ socket, background }) => {
      background(() => void events.push('background'))
      for await (const _ of socket);
      events.push('handler ended')
      background(async () => {
        await new Promise(resolve => setImmediate(resolve))
        events.push('last')
      })
    })
    const client = await testClient(app)
    const socket = await client.websocket('/ws')
    await client.deliver()
    assert.deepEqual(events, ['background'])
    await client.close()
    assert.deepEqual(await socket.closed, { code: 1001, reason: '' })
    assert.deepEqual(events, ['background', 'handler ended', 'last'])
  })

  it('gives the handler what a schema throws, which is no mistake of the client', async () => {
    const { app } = createApp()
    const told: unknown[] = []
    const receive = z.object({ n: z.number() }).refine(() => {
      throw new Error('The table is away')
    })
    app.websocket('/ws', { receive }, async ({ socket }) => {
      await socket.receive().catch((error: Error) => told.push(error.message))
    })
    await using client = await testClient(app)
    const socket = await client.websocket('/ws')
    socket.sendJson({ n: 1 })
    assert.equal((await socket.closed).code, 1000)
    assert.deepEqual(told, ['The table is away'])
  })

  it('closes a socket with 1001 as well whose handshake was still on its way', async () => {
    const { app } = createApp()
    const [asked, made] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const slow = dependency({}, async () => {
      asked.resolve()
      await made.promise
    })
    app.websocket('/ws', { receive: text(), dependencies: { slow } }, async ({ socket }) => {
      for await (const _ of socket);
    })
    const client = await testClient(app)
    const opened = client.websocket('/ws')
    await asked.promise
    const closed = client.close()
    made.resolve()
    assert.equal((await (await opened).closed).code, 1001)
    await closed
  })
})
