import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { z } from 'zod'
import { RawConnection } from '../../../test/support/raw-connection.ts'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { Ringback } from '../app/ringback.ts'
import { Router } from '../app/router.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { serve } from './serve.ts'

const LIMIT = 2000
const response = z.unknown()

type Read = (request: Request) => Promise<unknown>

/** Every way to read a request. */
const ways: Readonly<Record<string, Read>> = {
  text: async request => (await request.text()).length,
  json: async request => ((await request.json()) as string).length,
  arrayBuffer: async request => (await request.arrayBuffer()).byteLength,
  blob: async request => (await request.blob()).size,
  bytes: async request => (await request.bytes()).length,
  stream: async request => {
    let length = 0
    for await (const chunk of request.body!) length += chunk.length
    return length
  },
  clone: async request => (await request.clone().text()).length,
  cloneAndText: async request => (await Promise.all([request.clone().text(), request.text()]))[1].length,
}

function createApp(withMiddleware: boolean) {
  const log = new RecordingLog()
  const app = new Ringback({ title: 'Limits', version: '1.0.0', log, docs: { openapi: false }, bodyLimitBytes: LIMIT })
  if (withMiddleware) app.use(async (_c, next) => next())
  for (const [name, read] of Object.entries(ways)) {
    app.post(`/${name}`, { operationId: name, response }, async ({ request }) => read(request))
    const dependent = dependency({}, ({ request }: { request: Request }) => read(request))
    app.post(
      `/dependency/${name}`,
      { operationId: `${name}Dependency`, dependencies: { dependent }, response },
      async ({ dependent }) => dependent,
    )
  }
  app.post('/form', { response }, async ({ request }) => [...(await request.formData()).keys()].length)
  app.post('/declared', { body: z.string(), response }, async ({ body }) => body.length)
  app.post('/larger', { bodyLimitBytes: LIMIT * 3, response }, async ({ request }) => (await request.text()).length)
  app.post('/swallowed', { response }, async ({ request }) => request.text().catch(({ status }) => status))
  app.post('/unread', { response }, async () => 'unread')
  app.use('/hono/*', async (c, next) => {
    const { length } = await c.req.json<string>()
    await next()
    c.header('x-read', String(length))
  })
  app.post('/hono/declared', { body: z.string(), response }, async ({ body }) => body.length)
  app.post('/hono/larger', { body: z.string(), bodyLimitBytes: LIMIT * 3, response }, async ({ body }) => body.length)
  return { app, log }
}

const jsonText = (bytes: number): string => JSON.stringify('x'.repeat(bytes - 2))
const chunked = (text: string, size = 1000): string => {
  let body = ''
  for (let start = 0; start < text.length; start += size) {
    const part = text.slice(start, start + size)
    body += `${part.length.toString(16)}\r\n${part}\r\n`
  }
  return `${body}0\r\n\r\n`
}
const head = (path: string, more: string, type = 'application/json') =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\n${more}\r\n\r\n`
const framings: Readonly<Record<string, (path: string, body: string) => string>> = {
  'content-length': (path, body) => head(path, `Content-Length: ${body.length}`) + body,
  chunked: (path, body) => head(path, 'Transfer-Encoding: chunked') + chunked(body),
  'bytes alone': (path, body) => head(path, 'Transfer-Encoding: chunked') + chunked(body, 1),
  'absolute target': (path, body) => head(`http://a${path}`, 'Transfer-Encoding: chunked') + chunked(body),
}

async function served(t: TestContext, withMiddleware: boolean) {
  const { app, log } = createApp(withMiddleware)
  const server = await serve(app, { port: 0, host: '127.0.0.1', signals: false })
  t.after(() => server.close())
  const connect = async () => {
    const connection = await RawConnection.open(server.port)
    t.after(() => connection[Symbol.asyncDispose]())
    return connection
  }
  return { app, log, connect, server }
}

for (const withMiddleware of [false, true]) {
  const words = withMiddleware ? ', with middleware' : ''
  for (const [framing, request] of Object.entries(framings))
    test(`serve holds whoever reads a body to its limit, ${framing}${words}`, async t => {
      const { log, connect } = await served(t, withMiddleware)
      const connection = await connect()
      const ask = async (path: string, bytes: number) => {
        connection.write(request(path, jsonText(bytes)))
        return (await connection.response())!
      }
      for (const name of Object.keys(ways))
        for (const path of [`/${name}`, `/dependency/${name}`]) {
          const fits = await ask(path, LIMIT)
          assert.equal(fits.status, 200, `${path}: ${fits.body}`)
          assert.match(fits.body, /^(?:2000|1998)$/, path)
          const tooLarge = await ask(path, LIMIT + 1)
          assert.equal(tooLarge.status, 413, `${path}: ${tooLarge.body}`)
        }
      assert.equal((await ask('/declared', LIMIT)).status, 200)
      assert.equal((await ask('/declared', LIMIT + 1)).status, 413)
      assert.equal((await ask('/larger', LIMIT * 3)).body, String(LIMIT * 3))
      assert.equal((await ask('/larger', LIMIT * 3 + 1)).status, 413)
      assert.equal((await ask('/swallowed', LIMIT + 1)).body, '413')
      assert.equal((await ask('/hono/declared', LIMIT)).status, 200)
      assert.equal((await ask('/hono/declared', LIMIT + 1)).status, 413)
      assert.equal((await ask('/hono/larger', LIMIT * 3)).headers['x-read'], String(LIMIT * 3 - 2))
      assert.equal((await ask('/hono/larger', LIMIT * 3 + 1)).status, 413)
      assert.equal((await ask('/hono/none', LIMIT + 1)).status, 413)
      assert.equal((await ask('/unread', LIMIT * 5)).status, 200)
      assert.equal((await ask('/none', LIMIT * 5)).status, 404)
      assert.equal((await ask('/text', LIMIT)).status, 200)
      assert.deepEqual(
        log.messages.filter(({ level }) => level !== 'info'),
        [],
      )
    })

  test(`serve holds forms to the limit${words}`, async t => {
    const { connect } = await served(t, withMiddleware)
    for (const size of [100, LIMIT]) {
      const body = `--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n${'x'.repeat(size)}\r\n--b--\r\n`
      for (const framed of [
        head('/form', `Content-Length: ${body.length}`, 'multipart/form-data; boundary=b') + body,
        head('/form', 'Transfer-Encoding: chunked', 'multipart/form-data; boundary=b') + chunked(body),
      ]) {
        const connection = await connect()
        connection.write(framed)
        assert.equal((await connection.response())?.status, size === LIMIT ? 413 : 200)
      }
    }
  })

  test(`serve invites no body that is announced too large${words}`, async t => {
    const { connect } = await served(t, withMiddleware)
    for (const path of ['/text', '/declared', '/stream', '/hono/declared', '/none']) {
      const connection = await connect()
      connection.write(head(path, `Content-Length: ${LIMIT + 1}\r\nExpect: 100-continue`))
      assert.equal((await connection.response())?.status, path === '/none' ? 404 : 413, path)
    }
    const connection = await connect()
    connection.write(head('/text', `Transfer-Encoding: chunked\r\nExpect: 100-continue`))
    assert.equal((await connection.response())?.status, 100)
    connection.write(chunked(jsonText(LIMIT + 1)))
    assert.equal((await connection.response())?.status, 413)
  })

  test(`serve keeps a body that comes byte by byte in little memory${words}`, async t => {
    const { connect, app } = await served(t, withMiddleware)
    app.post('/megabyte', { body: z.unknown(), bodyLimitBytes: 1_048_576, response }, async () => 'read')
    app.post(
      '/megabyte/text',
      { bodyLimitBytes: 1_048_576, response },
      async ({ request }) => (await request.text()).length,
    )
    app.post('/megabyte/clone', { bodyLimitBytes: 1_048_576, response }, async ({ request }) => {
      const clone = request.clone()
      const { length } = await request.text()
      return length + (await clone.text()).length
    })
    for (const path of ['/megabyte', '/megabyte/clone']) {
      const connection = await connect()
      const before = process.memoryUsage.rss()
      connection.write(head(path, 'Transfer-Encoding: chunked'))
      const piece = '1\r\n \r\n'.repeat(10_000)
      for (let sent = 0; sent < 10; sent++) if (!connection.socket.write(piece)) await once(connection.socket, 'drain')
      const grown = process.memoryUsage.rss() - before
      assert.ok(grown < 30_000_000, `${path}: ${grown}`)
      connection.write('1\r\n1\r\n0\r\n\r\n')
      assert.equal((await connection.response())?.status, 200, path)
    }
  })
}

test('fetch holds whoever reads the body of a web request to its limit', async () => {
  for (const withMiddleware of [false, true]) {
    const { app } = createApp(withMiddleware)
    const ask = (path: string, bytes: number, announced?: number) => {
      const stream = new Blob([jsonText(bytes)]).stream()
      const headers = {
        'content-type': 'application/json',
        ...(announced !== undefined && { 'content-length': String(announced) }),
      }
      const init = { method: 'POST', headers, body: stream, duplex: 'half' }
      return app.fetch(new Request(`http://a${path}`, init))
    }
    for (const name of [
      ...Object.keys(ways).flatMap(name => [name, `dependency/${name}`]),
      'declared',
      'hono/declared',
    ]) {
      assert.equal((await ask(`/${name}`, LIMIT)).status, 200, name)
      assert.equal((await ask(`/${name}`, LIMIT + 1)).status, 413, name)
      assert.equal((await ask(`/${name}`, LIMIT + 1, 5)).status, 413, name)
      assert.equal((await ask(`/${name}`, 5, LIMIT + 1)).status, 413, name)
    }
    assert.equal((await ask('/larger', LIMIT * 3)).status, 200)
    assert.equal((await ask('/hono/larger', LIMIT * 3)).status, 200)
    assert.equal((await ask('/larger', LIMIT * 3 + 1)).status, 413)
  }
})

test('fetch ends the reading of a body that has no end', async () => {
  const { app } = createApp(false)
  for (const path of ['/text', '/stream', '/declared', '/hono/declared']) {
    const cancelled = Promise.withResolvers<void>()
    const body = new ReadableStream({
      pull: controller => controller.enqueue(new Uint8Array(1000).fill(32)),
      cancel: () => cancelled.resolve(),
    })
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' }
    assert.equal((await app.fetch(new Request(`http://a${path}`, init))).status, 413, path)
    await cancelled.promise
  }
})

test('The innermost limit of a body holds', async () => {
  const app = new Ringback({
    title: 'Limits',
    version: '1.0.0',
    docs: { openapi: false },
    bodyLimitBytes: 10,
    bodyLimitValues: 1,
  })
  const definition = (operationId: string, more: object = {}) => ({ operationId, body: z.unknown(), response, ...more })
  const inner = new Router({ bodyLimitBytes: 30 })
  inner.post('/router', definition('a'), async () => 1)
  inner.post('/operation', definition('b', { bodyLimitBytes: 40, bodyLimitValues: 3 }), async () => 1)
  const plain = new Router()
  plain.post('/include', definition('c'), async () => 1)
  const outer = new Router({ bodyLimitBytes: 15 })
  outer.include(inner, { bodyLimitBytes: 20 })
  outer.include(plain, { bodyLimitBytes: 20, bodyLimitValues: 2 })
  app.include(outer)
  app.post('/app', definition('e'), async () => 1)
  const ask = async (path: string, body: string) =>
    (
      await app.fetch(
        new Request(`http://a${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
      )
    ).status
  for (const [path, bytes] of [
    ['/router', 30],
    ['/operation', 40],
    ['/include', 20],
    ['/app', 10],
  ] as const) {
    assert.equal(await ask(path, jsonText(bytes)), 200, path)
    assert.equal(await ask(path, jsonText(bytes + 1)), 413, path)
  }
  for (const [path, values] of [
    ['/router', 1],
    ['/operation', 3],
    ['/include', 2],
    ['/app', 1],
  ] as const) {
    assert.equal(await ask(path, JSON.stringify(Array(values - 1).fill(1))), 200, path)
    assert.equal(await ask(path, JSON.stringify(Array(values).fill(1))), 413, path)
  }
})

test('A limit of bodies must be a number', () => {
  for (const limit of [-1, 1.5, Number.NaN, '5' as unknown as number])
    for (const name of ['bodyLimitBytes', 'bodyLimitValues']) {
      const words = new RegExp(`"${name}" of`)
      assert.throws(() => new Ringback({ title: 'a', version: '1', [name]: limit }), words)
      assert.throws(() => new Router({ [name]: limit }), words)
      assert.throws(() => new Router().include(new Router(), { [name]: limit }), words)
      const app = new Ringback({ title: 'a', version: '1' })
      assert.throws(() => app.post('/', { [name]: limit }, async () => {}), words)
    }
})
