import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { z } from 'zod'
import { RawConnection } from '../../../test/support/raw-connection.ts'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { Ringback } from '../app/ringback.ts'
import { HttpError } from '../http/http-error.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { type ServedApp, serve } from './serve.ts'

interface Running {
  readonly app: Ringback
  readonly log: RecordingLog
  serve(): Promise<ServedApp>
  connect(): Promise<RawConnection>
}

/** Runs a test with an application that answers from Node's own request, and again with middleware in front. */
function testBoth(name: string, fn: (running: Running, t: TestContext) => Promise<void>): void {
  for (const withMiddleware of [false, true])
    test(`serve ${name}${withMiddleware ? ', with middleware' : ''}`, async t => {
      const log = new RecordingLog()
      const app = new Ringback({ title: 'Connections', version: '1.0.0', log, bodyLimitBytes: 1_000_000 })
      if (withMiddleware) app.use(async (_c, next) => next())
      let server: Promise<ServedApp> | undefined
      const serveOnce = (): Promise<ServedApp> => {
        server ??= serve(app, { port: 0, host: '127.0.0.1', signals: false })
        return server
      }
      t.after(async () => (await server)?.close())
      const connect = async (): Promise<RawConnection> => {
        const connection = await RawConnection.open((await serveOnce()).port)
        t.after(() => connection[Symbol.asyncDispose]())
        return connection
      }
      await fn({ app, log, serve: serveOnce, connect }, t)
    })
}

/** A promise that the test waits for, resolved by the application, or the other way around. */
const signal = <T = void>() => Promise.withResolvers<T>()

const errorsOf = ({ messages }: RecordingLog) => messages.filter(({ level }) => level === 'error' || level === 'warn')
const json = 'Content-Type: application/json\r\n'

testBoth(
  'aborts the signal and runs background work when the client leaves while the handler runs',
  async ({ app, log, connect }) => {
    const begun = signal()
    const aborted = signal<unknown>()
    const background = signal()
    app.get('/wait', { response: z.string() }, async ({ signal, background: afterwards }) => {
      afterwards(() => background.resolve())
      signal.addEventListener('abort', () => aborted.resolve(signal.reason))
      begun.resolve()
      await aborted.promise
      return 'nobody reads this'
    })
    const connection = await connect()
    connection.write('GET /wait HTTP/1.1\r\nHost: a\r\n\r\n')
    await begun.promise
    connection.socket.destroy()
    assert.ok((await aborted.promise) !== undefined)
    await background.promise
    assert.deepEqual(errorsOf(log), [])
  },
)

testBoth('ends a request whose client leaves in the middle of the body', async ({ app, log, connect }) => {
  const begun = signal()
  const ended = signal<unknown>()
  const resource = dependency({}, async function* () {
    begun.resolve()
    try {
      yield 1
    } catch (error) {
      ended.resolve(error)
      throw error
    }
  })
  app.post('/body', { body: z.unknown(), dependencies: { resource } }, async () =>
    assert.fail('the handler must not run'),
  )
  const connection = await connect()
  connection.write(`POST /body HTTP/1.1\r\nHost: a\r\n${json}Content-Length: 100\r\n\r\n[1,`)
  await begun.promise
  connection.socket.destroy()
  const error = await ended.promise
  assert.ok(error instanceof HttpError && error.status === 400)
  assert.deepEqual(errorsOf(log), [])
})

testBoth('ends a request whose client left before the body was asked for', async ({ app, log, connect }) => {
  const begun = signal()
  const left = signal()
  const ended = signal<unknown>()
  const slow = dependency({}, async function* ({ signal }) {
    signal.addEventListener('abort', () => left.resolve())
    begun.resolve()
    await left.promise
    try {
      yield 1
    } catch (error) {
      ended.resolve(error)
    }
  })
  app.post('/body', { body: z.unknown(), dependencies: { slow } }, async () => assert.fail('the handler must not run'))
  const connection = await connect()
  connection.write(`POST /body HTTP/1.1\r\nHost: a\r\n${json}Content-Length: 100\r\n\r\n[1,`)
  await begun.promise
  connection.socket.destroy()
  const error = await ended.promise
  assert.ok(error instanceof HttpError && error.status === 400)
  assert.deepEqual(errorsOf(log), [])
})

testBoth('cancels a stream whose client leaves, though its source is silent', async ({ app, log, connect }) => {
  const cancelled = signal()
  app.get('/stream', {}, async () => {
    const start = (controller: ReadableStreamDefaultController) => controller.enqueue(Buffer.from('first'))
    return new Response(new ReadableStream({ start, cancel: () => cancelled.resolve() }))
  })
  const connection = await connect()
  connection.write('GET /stream HTTP/1.1\r\nHost: a\r\n\r\n')
  while (!connection.unread.includes('first')) await new Promise(resolve => connection.socket.once('data', resolve))
  connection.socket.destroy()
  await cancelled.promise
  assert.deepEqual(errorsOf(log), [])
})

testBoth('cancels the stream that answers a HEAD', async ({ app, connect }) => {
  const cancelled = signal()
  app.get('/stream', {}, async () => new Response(new ReadableStream({ cancel: () => cancelled.resolve() })))
  const connection = await connect()
  connection.write('HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n')
  assert.equal((await connection.response('HEAD'))?.status, 200)
  await cancelled.promise
})

testBoth('sends the headers of a stream before its first chunk', async ({ app, connect }) => {
  const wanted = signal()
  app.get('/stream', {}, async () => {
    const pull = async (controller: ReadableStreamDefaultController) => {
      await wanted.promise
      controller.enqueue(Buffer.from('late'))
      controller.close()
    }
    return new Response(new ReadableStream({ pull }), { headers: { 'content-type': 'text/event-stream' } })
  })
  const connection = await connect()
  connection.write('GET /stream HTTP/1.1\r\nHost: a\r\n\r\n')
  while (!connection.unread.includes('text/event-stream'))
    await new Promise(resolve => connection.socket.once('data', resolve))
  wanted.resolve()
  assert.equal((await connection.response())?.body, 'late')
})

testBoth('streams more than fits into the buffers', async ({ app, connect }) => {
  const chunk = Buffer.alloc(65_536, 'x')
  app.get('/large', {}, async () => {
    let left = 100
    const pull = async (controller: ReadableStreamDefaultController) => {
      await new Promise(resolve => setImmediate(resolve))
      if (left-- > 0) controller.enqueue(chunk)
      else controller.close()
    }
    return new Response(new ReadableStream({ pull }))
  })
  const connection = await connect()
  connection.write('GET /large HTTP/1.1\r\nHost: a\r\n\r\n')
  assert.equal((await connection.response())?.body.length, 6_553_600)
})

testBoth('answers pipelined requests in their order', async ({ app, connect }) => {
  const later = signal()
  app.get('/first', { response: z.string() }, async () => {
    await later.promise
    return 'first'
  })
  app.post('/second', { body: z.unknown(), response: z.unknown() }, async ({ body }) => body)
  app.get('/third', { response: z.string() }, async () => {
    later.resolve()
    return 'third'
  })
  const connection = await connect()
  connection.write(
    'GET /first HTTP/1.1\r\nHost: a\r\n\r\n' +
      `POST /second HTTP/1.1\r\nHost: a\r\n${json}Content-Length: 8\r\n\r\n"second"` +
      'HEAD /third HTTP/1.1\r\nHost: a\r\n\r\n' +
      'GET /third HTTP/1.1\r\nHost: a\r\n\r\n',
  )
  assert.equal((await connection.response())?.body, '"first"')
  assert.equal((await connection.response())?.body, '"second"')
  assert.equal((await connection.response('HEAD'))?.headers['content-length'], '7')
  assert.equal((await connection.response())?.body, '"third"')
})

testBoth('keeps a connection whose body nobody read', async ({ app, connect }) => {
  app.post('/body', { body: z.unknown(), response: z.number() }, async () => 1)
  app.post('/none', { response: z.number() }, async () => 2)
  const connection = await connect()
  const body = 'x'.repeat(300_000)
  for (const [path, type, status] of [
    ['/body', 'text/plain', 415],
    ['/unknown', 'application/json', 404],
    ['/none', 'application/json', 200],
    ['/openapi.json', 'application/json', 405],
  ] as const) {
    connection.write(
      `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nContent-Length: 300000\r\n\r\n${body}`,
    )
    assert.equal((await connection.response())?.status, status)
  }
  connection.write(`POST /body HTTP/1.1\r\nHost: a\r\n${json}Content-Length: 1\r\n\r\n1`)
  assert.equal((await connection.response())?.body, '1')
})

const expecting = (path: string, type = 'application/json', length: number | 'chunked' = 1) =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Type: ${type}\r\n` +
  `${length === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`}\r\n\r\n`

testBoth('asks for a body only when it is going to be read', async ({ app, connect }) => {
  const locked = dependency({}, () => {
    throw new HttpError(401)
  })
  app.post('/body', { body: z.unknown(), response: z.unknown() }, async ({ body }) => body)
  app.post('/request', { response: z.unknown() }, async ({ request }) => request.text())
  app.post('/locked', { body: z.unknown(), dependencies: { locked } }, async () => {})
  app.post('/none', { response: z.number() }, async () => 1)
  for (const [request, status] of [
    [expecting('/body', 'text/plain'), 415],
    [expecting('/body', 'application/json', 1_000_001), 413],
    [expecting('/unknown'), 404],
    [expecting('/openapi.json'), 405],
    [expecting('/locked'), 401],
    [expecting('/none'), 200],
  ] as const) {
    const connection = await connect()
    connection.write(request)
    assert.equal((await connection.response())?.status, status)
  }
  for (const [path, body] of [
    ['/body', '7'],
    ['/request', '"7"'],
  ] as const) {
    const connection = await connect()
    connection.write(expecting(path))
    assert.equal((await connection.response())?.status, 100)
    connection.write('7')
    assert.equal((await connection.response())?.body, body)
  }
})

testBoth('continues a request with an unusual target too', async ({ app, connect }) => {
  app.post('/body', { body: z.unknown(), response: z.unknown() }, async ({ body }) => body)
  const connection = await connect()
  connection.write(expecting('/x/../body'))
  assert.equal((await connection.response())?.status, 100)
  connection.write('7')
  assert.equal((await connection.response())?.body, '7')
})

testBoth(
  'refuses a body over the limit so that the client can read it, and keeps the connection',
  async ({ app, connect }) => {
    app.post('/body', { body: z.unknown(), response: z.unknown() }, async ({ body }) => body)
    const connection = await connect()
    const chunk = Buffer.alloc(100_000, ' ')
    connection.write(`POST /body HTTP/1.1\r\nHost: a\r\n${json}Content-Length: 2000000\r\n\r\n`)
    for (let sent = 0; sent < 20; sent++) connection.write(chunk)
    assert.equal((await connection.response())?.status, 413)
    connection.write(`POST /body HTTP/1.1\r\nHost: a\r\n${json}Transfer-Encoding: chunked\r\n\r\n`)
    for (let sent = 0; sent < 20; sent++) {
      connection.write('186a0\r\n')
      connection.write(chunk)
      connection.write('\r\n')
    }
    connection.write('0\r\n\r\n')
    assert.equal((await connection.response())?.status, 413)
    connection.write(`POST /body HTTP/1.1\r\nHost: a\r\n${json}Content-Length: 1\r\n\r\n1`)
    assert.equal((await connection.response())?.body, '1')
  },
)

testBoth('refuses a body over the limit before the client has sent all of it', async ({ app, connect }) => {
  app.post('/body', { body: z.unknown(), response: z.unknown() }, async ({ body }) => body)
  const connection = await connect()
  connection.write(`POST /body HTTP/1.1\r\nHost: a\r\n${json}Transfer-Encoding: chunked\r\n\r\n`)
  connection.write('f4241\r\n')
  connection.write(Buffer.alloc(1_000_001, ' '))
  assert.equal((await connection.response())?.status, 413)
  connection.socket.destroy()
})

testBoth('reads a body that comes byte by byte, its letters in pieces', async ({ app, connect }) => {
  app.post('/body', { body: z.unknown(), response: z.unknown() }, async ({ body }) => body)
  const connection = await connect()
  connection.socket.setNoDelay(true)
  const body = Buffer.from('"\ufeffgrüße 🧾"')
  connection.write(`POST /body HTTP/1.1\r\nHost: a\r\n${json}Transfer-Encoding: chunked\r\n\r\n`)
  for (const byte of body) {
    connection.write(Buffer.concat([Buffer.from('1\r\n'), Buffer.from([byte]), Buffer.from('\r\n')]))
    await new Promise(resolve => setImmediate(resolve))
  }
  connection.write('0\r\n\r\n')
  assert.equal((await connection.response())?.body, body.toString())
})

testBoth('lets a dependency read a clone of the body, however large', async ({ app, connect }) => {
  const text = dependency({}, ({ request }) => request.clone().text())
  app.post(
    '/body',
    { body: z.string(), dependencies: { text }, response: z.array(z.number()) },
    async ({ body, text }) => [body.length, text.length],
  )
  const connection = await connect()
  connection.write(`POST /body HTTP/1.1\r\nHost: a\r\n${json}Content-Length: 500002\r\n\r\n"${'x'.repeat(500_000)}"`)
  assert.equal((await connection.response())?.body, '[500000,500002]')
})

testBoth('reads a large body though a dependency has touched the web Request', async ({ app, connect }) => {
  const url = dependency({}, ({ request }) => request.url)
  app.post(
    '/body',
    { body: z.string(), dependencies: { url }, response: z.string() },
    async ({ body, url }) => url + body.length,
  )
  const connection = await connect()
  connection.write(`POST /body HTTP/1.1\r\nHost: a\r\n${json}Content-Length: 500002\r\n\r\n"${'x'.repeat(500_000)}"`)
  assert.equal((await connection.response())?.body, '"http://a/body500000"')
})

testBoth('says in the log that a dependency has used the body up', async ({ app, log, connect }) => {
  const text = dependency({}, ({ request }) => request.text())
  app.post('/body', { body: z.unknown(), dependencies: { text } }, async () => {})
  const connection = await connect()
  connection.write(`POST /body HTTP/1.1\r\nHost: a\r\n${json}Content-Length: 1\r\n\r\n1`)
  assert.equal((await connection.response())?.status, 500)
  assert.match(String(errorsOf(log)[0]?.fields['error']), /request\.clone\(\)/)
})

testBoth(
  'runs background work after the response, logs its errors, and waits for it at close',
  async ({ app, log, serve, connect }) => {
    const order: string[] = []
    const responded = signal()
    app.get('/work', { response: z.string() }, async ({ background }) => {
      background(async () => {
        order.push('begun')
        await responded.promise
        order.push('ended')
      })
      background(() => {
        throw new Error('work that fails')
      })
      order.push('handled')
      return 'done'
    })
    const connection = await connect()
    connection.write('GET /work HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    assert.equal((await connection.response())?.body, '"done"')
    assert.deepEqual(order.slice(0, 1), ['handled'])
    const closed = (await serve()).close().then(() => order.push('closed'))
    responded.resolve()
    await closed
    assert.deepEqual(order, ['handled', 'begun', 'ended', 'closed'])
    assert.deepEqual(
      errorsOf(log).map(({ fields }) => String(fields['error'])),
      ['Error: work that fails'],
    )
  },
)

testBoth(
  'lets a request end when it closes, cleans up behind it, and ends the lifespan last',
  async ({ app, serve, connect }) => {
    const order: string[] = []
    const begun = signal()
    const later = signal()
    const pool = dependency({ scope: 'app' }, async function* () {
      order.push('pool made')
      yield 1
      order.push('pool ended')
    })
    const session = dependency({ dependencies: { pool } }, async function* () {
      yield 2
      await later.promise
      order.push('session ended')
    })
    app.get('/work', { dependencies: { session }, response: z.number() }, async ({ session }) => {
      begun.resolve()
      await later.promise
      order.push('handled')
      return session
    })
    const connection = await connect()
    connection.write('GET /work HTTP/1.1\r\nHost: a\r\n\r\n')
    await begun.promise
    const closed = (await serve()).close()
    later.resolve()
    assert.equal((await connection.response())?.body, '2')
    await closed
    assert.deepEqual(order, ['pool made', 'handled', 'session ended', 'pool ended'])
  },
)

testBoth('gives up on requests and work that outlast its time', async ({ app, log }) => {
  const begun = signal()
  app.get('/forever', {}, async ({ background }) => {
    background(() => new Promise(() => {}))
    begun.resolve()
    await new Promise(() => {})
  })
  const server = await serve(app, { port: 0, host: '127.0.0.1', signals: false, graceMs: 10 })
  await using connection = await RawConnection.open(server.port)
  connection.write('GET /forever HTTP/1.1\r\nHost: a\r\n\r\n')
  await begun.promise
  await server.close()
  await connection.closed
  assert.match(String(errorsOf(log)[0]?.text), /did not end in time/)
})

testBoth(
  'takes the announced length at its word, and refuses what contradicts itself',
  async ({ app, log, connect }) => {
    app.post('/body', { body: z.unknown(), response: z.unknown() }, async ({ body }) => body)
    const refused: readonly [lengths: string, body: string][] = [
      ['Content-Length: 1', '12'],
      ['Content-Length: 1\r\nContent-Length: 2', '12'],
      ['Content-Length: 1\r\nTransfer-Encoding: chunked', '1\r\n1\r\n0\r\n\r\n'],
      ['Content-Length: -1', '1'],
      ['Content-Length: 99999999999999999999', '1'],
      ['Transfer-Encoding: chunked', 'zz\r\n1'],
    ]
    for (const [lengths, body] of refused) {
      const connection = await connect()
      connection.write(`POST /body HTTP/1.1\r\nHost: a\r\n${json}${lengths}\r\n\r\n${body}`)
      assert.equal((await connection.response())?.status, 400, lengths)
      await connection.closed
    }
    const connection = await connect()
    connection.write(`POST /body HTTP/1.1\r\nHost: a\r\n${json}Content-Length: 1\r\n\r\n1`)
    assert.equal((await connection.response())?.body, '1')
    assert.deepEqual(errorsOf(log), [])
  },
)
