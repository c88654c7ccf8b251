import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { RawConnection } from '../../../../test/support/raw-connection.ts'
import { RecordingLog } from '../../../../test/support/recording-log.ts'
import { appInternals, Ringback } from '../../app/ringback.ts'
import type { RingbackOptions } from '../../app/ringback-options.ts'
import { bytes } from '../../operation/bodies/bytes.ts'
import { text } from '../../operation/bodies/text.ts'
import { dependency } from '../../operation/dependency-definition.ts'
import { SocketClosedError } from '../../operation/socket/socket-closed-error.ts'
import { requestListeners } from '../request-listener.ts'
import { type ServedApp, serve } from '../serve.ts'
import type { ServeOptions } from '../serve-options.ts'
import { upgradeListener } from './upgrade-listener.ts'

const log = new RecordingLog()
const newApp = (options: Partial<RingbackOptions> = {}) =>
  new Ringback({ title: 'Sockets', version: '1.0.0', docs: false, log, ...options })
const served = (app: Ringback, options: ServeOptions = {}): Promise<ServedApp> =>
  serve(app, { port: 0, host: '127.0.0.1', signals: false, ...options })
const turn = () => new Promise(resolve => setImmediate(resolve))

/** Waits until a number has stopped growing. */
async function settled(read: () => number): Promise<number> {
  for (let seen = read(), same = 0; ; ) {
    await turn()
    if (read() !== seen) [seen, same] = [read(), 0]
    else if (++same === 300) return seen
  }
}

const HANDSHAKE: Readonly<Record<string, string>> = {
  Host: 'api.example',
  Connection: 'keep-alive, Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

function handshake(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): string {
  const lines = Object.entries({ ...HANDSHAKE, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}

/** One frame of a client (RFC 6455, section 5.2). */
function frame(opcode: number, payload: Uint8Array, { fin = true, rsv1 = false, masked = true } = {}): Buffer {
  const { length } = payload
  const first = (fin ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | opcode
  const mask = masked ? 0x80 : 0
  const head = length < 126 ? [first, mask | length] : [first, mask | 126, length >> 8, length & 0xff]
  if (length >= 65_536) throw new Error('Too long for this helper')
  return Buffer.concat([Buffer.from(head), Buffer.alloc(masked ? 4 : 0), payload])
}

/** The next frame of a server, whose payload is shorter than 126 bytes. */
async function serverFrame(connection: RawConnection): Promise<{ opcode: number; payload: Buffer }> {
  const bytes = () => Buffer.from(connection.unread, 'latin1')
  while (bytes().length < 2 || bytes().length < 2 + bytes()[1]!) await once(connection.socket, 'data')
  return { opcode: bytes()[0]! & 0x0f, payload: bytes().subarray(2, 2 + bytes()[1]!) }
}

describe('A WebSocket over the network', () => {
  let server: ServedApp
  let handlers = 0
  let stalled = 0
  const sends: { resolved: number; error?: unknown } = { resolved: 0 }
  const ended = Promise.withResolvers<unknown>()
  const aborted = Promise.withResolvers<void>()

  before(async () => {
    const app = newApp({
      trustedHosts: ['api.example', 'localhost', '127.0.0.1'],
      trustedProxies: ['127.0.0.1'],
      basePath: '/v1',
    })
    const cookie = dependency({}, ({ setCookie, responseHeaders }) => {
      setCookie('session', 's1')
      responseHeaders.set('x-own', 'yes')
    })
    app.use('/guarded', async (c, next) => {
      if (c.req.query('key') !== '1') return c.json({ no: 'key' }, 401)
      c.header('x-guard', 'seen')
      await next()
    })
    app.websocket(
      '/echo',
      { receive: text(), send: text(), dependencies: { cookie }, subprotocols: ['a', 'b'] },
      async ({ socket }) => {
        for await (const message of socket) await socket.send(message)
      },
    )
    app.websocket('/guarded', { send: text(), dependencies: { cookie } }, async ({ socket }) => socket.send('in'))
    app.websocket('/where', { send: z.unknown() }, async ({ socket, clientAddress, request }) => {
      await socket.send({ clientAddress, url: request.url })
    })
    app.websocket('/close', { receive: text() }, async ({ socket }) => {
      await socket.receive()
      socket.close(4001, 'Schluß')
    })
    app.websocket('/throws', { receive: text() }, async () => {
      throw new Error('the password is hunter2')
    })
    app.websocket('/busy', { receive: text() }, async ({ socket }) => {
      stalled++
      await socket.closed
    })
    app.websocket('/pushes', { send: bytes() }, async ({ socket }) => {
      try {
        for (;;) {
          await socket.send(new Uint8Array(65_536))
          sends.resolved++
        }
      } catch (error) {
        sends.error = error
        throw error
      }
    })
    app.websocket('/careless', { send: bytes() }, async ({ socket }) => {
      let error: unknown
      for (let sent = 0; sent < 100_000 && error === undefined; sent++) {
        socket.send(new Uint8Array(65_536)).catch((thrown: unknown) => {
          error ??= thrown
        })
        if (sent % 8 === 0) await turn()
      }
      ended.resolve([error, await socket.closed])
    })
    const slow = dependency({}, async ({ signal }) => {
      handlers++
      await new Promise(resolve => signal.addEventListener('abort', resolve))
      aborted.resolve()
    })
    app.websocket('/slow', { dependencies: { slow } }, async () => assert.fail('Nobody is there'))
    app.get('/page', { response: z.string() }, () => 'page')
    app.post('/page', { body: z.unknown(), response: z.unknown() }, ({ body }) => body)
    server = await served(app)
  })
  after(() => server.close())

  const open = (path: string, protocols: string[] = [], headers: Record<string, string> = {}) =>
    new WebSocket(`ws://127.0.0.1:${server.port}${path}`, protocols, { headers })

  async function raw(path: string, headers?: Record<string, string>, method?: string) {
    const connection = await RawConnection.open(server.port)
    connection.write(handshake(path, headers, method))
    return { connection, response: await connection.response() }
  }

  it('carries messages both ways, with the headers, cookies and subprotocol of its handshake', async () => {
    const socket = open('/echo', ['c', 'b', 'a'])
    const [[upgrade]] = await Promise.all([once(socket, 'upgrade'), once(socket, 'open')])
    assert.equal(upgrade.headers['x-own'], 'yes')
    assert.deepEqual(upgrade.headers['set-cookie'], ['session=s1; Path=/; HttpOnly; SameSite=Lax'])
    assert.equal(socket.protocol, 'b')
    assert.equal(socket.extensions, '')
    for (const message of ['hello', 'x'.repeat(1_000_000), 'grün', '']) {
      socket.send(message)
      const [data, isBinary] = await once(socket, 'message')
      assert.deepEqual([data.toString() === message, isBinary], [true, false])
    }
    socket.close(4000, 'bye')
    assert.deepEqual((await once(socket, 'close')).map(String), ['4000', 'bye'])
  })

  it('ends with the code and reason of the handler, or with 1011 and none', async () => {
    for (const [path, expected] of [
      ['/close', ['4001', 'Schluß']],
      ['/throws', ['1011', '']],
    ] as const) {
      const socket = open(path)
      socket.on('open', () => socket.send('x'))
      assert.deepEqual((await once(socket, 'close')).map(String), expected)
    }
  })

  it('is refused with a problem on a connection that ends', async () => {
    for (const [path, headers, status, detail] of [
      ['/nothing', {}, 404, /^There is nothing at this path$/],
      ['/page', {}, 400, /^This path is not a WebSocket: it takes GET, HEAD, POST without/],
      ['/echo', { 'Sec-WebSocket-Version': '8' }, 426, /version 13/],
      ['/echo', { 'Sec-WebSocket-Key': 'short' }, 400, /Sec-WebSocket-Key/],
      ['/echo', { Origin: 'https://evil.example' }, 403, /^Pages of this origin may not open/],
      ['/echo', { Host: 'evil.example' }, 400, /host of the request/],
      ['/echo', { Host: 'a@b' }, 400, /./],
      ['/echo', { 'Sec-WebSocket-Protocol': 'z' }, 400, /offer "a" or "b"/],
      ['/guarded', {}, 401, /./],
    ] as const) {
      const { connection, response } = await raw(path, headers)
      await using _ = connection
      assert.equal(response?.status, status, path)
      assert.equal(response.headers['connection'], status === 426 ? 'upgrade' : 'close')
      if (status !== 401) assert.match(JSON.parse(response.body).detail, detail)
      await connection.closed
    }
  })

  it('goes through middleware, whose headers are on the response', async () => {
    const socket = open('/guarded?key=1')
    const events = [once(socket, 'upgrade'), once(socket, 'message'), once(socket, 'close')]
    const [[upgrade], [data]] = (await Promise.all(events)) as [[IncomingMessage], [Buffer], unknown[]]
    assert.equal(upgrade.headers['x-guard'], 'seen')
    assert.equal(upgrade.headers['x-own'], 'yes')
    assert.deepEqual(upgrade.headers['set-cookie'], ['session=s1; Path=/; HttpOnly; SameSite=Lax'])
    assert.equal(upgrade.headers['content-type'], undefined)
    assert.equal(data.toString(), 'in')
  })

  it('knows what a trusted proxy has forwarded, also for the origin of a page', async () => {
    const headers = {
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'api.example',
    }
    const socket = open('/where', [], { ...headers, origin: 'https://api.example' })
    const [data] = await once(socket, 'message')
    assert.deepEqual(JSON.parse(data.toString()), { clientAddress: '203.0.113.7', url: 'https://api.example/where' })
    const { connection, response } = await raw('/where', { ...headers, Origin: 'https://127.0.0.1' })
    await using _ = connection
    assert.equal(response?.status, 403)
  })

  it('leaves other requests alone, also those that ask for another protocol', async () => {
    await using connection = await RawConnection.open(server.port)
    for (const [method, path, headers, status] of [
      ['GET', '/page', { Upgrade: 'h2c' }, 200],
      ['GET', '/page', { Upgrade: 'h2c, foo/2' }, 200],
      ['GET', '/echo', { Upgrade: 'h2c' }, 426],
      ['POST', '/echo', {}, 405],
      ['POST', '/page', { 'Content-Type': 'application/json', 'Content-Length': '1' }, 200],
    ] as const) {
      connection.write(handshake(path, headers, method) + (status === 200 && method === 'POST' ? '7' : ''))
      assert.equal((await connection.response())?.status, status, `${method} ${path}`)
    }
  })

  it('ends at breaches of the protocol, each with its code', async () => {
    for (const [words, code, ...frames] of [
      ['a frame without mask', 1002, frame(1, Buffer.from('x'), { masked: false })],
      ['an unknown opcode', 1002, frame(3, Buffer.from('x'))],
      ['a bit of an extension', 1002, frame(1, Buffer.from('x'), { rsv1: true })],
      ['text that is not UTF-8', 1007, frame(1, Buffer.from([0xff, 0xfe]))],
      ['a continuation of nothing', 1002, frame(0, Buffer.from('x'))],
      ['a close frame of one byte', 1002, frame(8, Buffer.from('x'))],
      [
        'a large message in pieces',
        1009,
        frame(1, Buffer.alloc(65_000, 'x'), { fin: false }),
        ...Array(17).fill(frame(0, Buffer.alloc(65_000, 'x'), { fin: false })),
      ],
    ] as [string, number, ...Buffer[]][]) {
      const { connection } = await raw('/echo')
      await using _ = connection
      connection.write(Buffer.concat(frames))
      const { opcode, payload } = await serverFrame(connection)
      assert.deepEqual([opcode, payload.readUInt16BE(0)], [8, code], words)
    }
  })

  it('takes no message of a great many fragments', async () => {
    const { connection } = await raw('/echo')
    await using _ = connection
    const piece = frame(0, Buffer.from('x'), { fin: false })
    connection.write(Buffer.concat([frame(1, Buffer.from('x'), { fin: false }), ...Array(200_000).fill(piece)]))
    const { opcode, payload } = await serverFrame(connection)
    assert.deepEqual([opcode, payload.readUInt16BE(0)], [8, 1008])
  })

  it('is not read while its handler takes no messages', async () => {
    const before = stalled
    const { connection } = await raw('/busy')
    await using _ = connection
    for (let count = 0; count < 800; count++) connection.write(frame(1, Buffer.alloc(60_000, 'x')))
    const { socket } = connection
    const left = await settled(() => socket.writableLength)
    assert.equal(stalled, before + 1)
    assert.ok(left > 30_000_000, `${left} bytes wait at the client`)
  })

  it('that sends with await does not outrun its client', async () => {
    const { connection } = await raw('/pushes')
    connection.socket.pause()
    const resolved = await settled(() => sends.resolved)
    assert.ok(resolved * 65_536 < 32_000_000, `${resolved} messages were taken by the system`)
    await connection[Symbol.asyncDispose]()
    while (sends.error === undefined) await turn()
    assert.ok(sends.error instanceof SocketClosedError)
  })

  it('that sends without await loses a client that does not read', async () => {
    const { connection } = await raw('/careless')
    await using _ = connection
    connection.socket.pause()
    const [error, closed] = (await ended.promise) as [SocketClosedError, unknown]
    assert.ok(error instanceof SocketClosedError)
    assert.deepEqual(closed, { code: 1008, reason: 'The client reads too slowly' })
  })

  it('loses a client that sends pings and reads no pongs', async () => {
    const { connection } = await raw('/busy')
    const { socket } = connection
    await using _ = connection
    socket.pause()
    const pings = Buffer.concat(Array(10_000).fill(frame(9, Buffer.alloc(125))))
    for (let count = 0; count < 100 && !socket.closed; count++)
      await Promise.race([connection.closed, new Promise(resolve => socket.write(pings, resolve))])
    await connection.closed
  })

  it('is given up when the client goes away during its handshake', async () => {
    await using connection = await RawConnection.open(server.port)
    connection.write(handshake('/slow'))
    while (handlers === 0) await turn()
    connection.socket.resetAndDestroy()
    await aborted.promise
    await turn()
  })

  it('leaves no error in the log but those of handlers', () => {
    const errors = log.messages.filter(({ level }) => level === 'error')
    assert.deepEqual(
      errors.map(({ fields }) => fields['path']),
      ['/throws'],
    )
  })
})

describe('A server with WebSockets', () => {
  it('closes them with 1001, and does not wait for a client that says nothing', async () => {
    const app = newApp()
    const events: string[] = []
    const open = dependency({}, async function* () {
      yield 1
      events.push('cleaned up')
    })
    app.websocket('/ws', { receive: text(), dependencies: { open } }, async ({ socket }) => {
      for await (const _ of socket);
      events.push('handler ended')
    })
    const server = await served(app, { graceMs: 100 })
    const polite = new WebSocket(`ws://127.0.0.1:${server.port}/ws`)
    await once(polite, 'open')
    await using silent = await RawConnection.open(server.port)
    silent.write(handshake('/ws'))
    assert.equal((await silent.response())?.status, 101)
    const closed = once(polite, 'close')
    const [[code]] = await Promise.all([closed, server.close()])
    assert.equal(code, 1001)
    const { opcode, payload } = await serverFrame(silent)
    assert.deepEqual([opcode, payload.readUInt16BE(0)], [8, 1001])
    assert.deepEqual(events, ['handler ended', 'handler ended', 'cleaned up', 'cleaned up'])
  })

  it('ends the connection of a client that gives no sign of life, and of no other', async () => {
    const app = newApp({ websockets: { heartbeatMs: 20 } })
    app.websocket('/ws', { receive: text(), send: text() }, async ({ socket }) => {
      for await (const message of socket) await socket.send(message)
    })
    const server = await served(app)
    const alive = new WebSocket(`ws://127.0.0.1:${server.port}/ws`)
    await once(alive, 'open')
    await using silent = await RawConnection.open(server.port)
    silent.write(handshake('/ws'))
    await silent.closed
    assert.ok(silent.unread.endsWith('\r\n\r\n\x89\x00'), 'It was asked once')
    alive.send('still here')
    assert.equal(String((await once(alive, 'message'))[0]), 'still here')
    await server.close()
  })

  it('compresses where it is told to, and is not blown up by it', async () => {
    const app = newApp({ websockets: { compression: true } })
    app.websocket('/ws', { receive: text(), send: text() }, async ({ socket }) => {
      for await (const message of socket) await socket.send(message)
    })
    const server = await served(app)
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws`)
    await once(socket, 'open')
    assert.match(socket.extensions, /^permessage-deflate/)
    socket.send('x'.repeat(100_000))
    assert.equal(String((await once(socket, 'message'))[0]).length, 100_000)
    socket.close()
    await using bomb = await RawConnection.open(server.port)
    bomb.write(handshake('/ws', { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_no_context_takeover' }))
    assert.equal((await bomb.response())?.status, 101)
    const packed = deflateRawSync(Buffer.alloc(50_000_000))
    bomb.write(frame(1, packed.subarray(0, 65_000), { rsv1: true }))
    const { opcode, payload } = await serverFrame(bomb)
    assert.deepEqual([opcode, payload.readUInt16BE(0)], [8, 1009])
    await server.close()
  })

  it('answers handshakes as any other request where it has none', async () => {
    const app = newApp()
    app.get('/page', { response: z.string() }, () => 'page')
    const server = await served(app)
    await using connection = await RawConnection.open(server.port)
    for (const [path, status] of [
      ['/page', 200],
      ['/nothing', 404],
      ['/page', 200],
    ] as const) {
      connection.write(handshake(path))
      assert.equal((await connection.response())?.status, status)
    }
    await server.close()
  })

  it('answers what asks for another protocol also where Node gives it every upgrade, as before 24.9', async () => {
    const app = newApp()
    app.websocket('/ws', { send: text() }, async ({ socket }) => socket.send('in'))
    app.get('/page', { response: z.string() }, () => 'page')
    await app.start()
    const internals = appInternals(app)
    const { request } = requestListeners(internals)
    const server = createServer(request).on('upgrade', upgradeListener(internals, request))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    await using connection = await RawConnection.open(port)
    connection.write(handshake('/page', { Upgrade: 'h2c' }))
    assert.deepEqual(
      [await connection.response()].map(response => [response?.status, response?.body]),
      [[200, '"page"']],
    )
    await connection.closed
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`)
    assert.equal(String((await once(socket, 'message'))[0]), 'in')
    await app.close()
    await once(server.close(), 'close')
  })

  it('refuses further handshakes while it closes', async () => {
    const app = newApp()
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    app.get('/slow', {}, async () => {
      ask()
      await release.promise
    })
    app.websocket('/ws', {}, async () => {})
    const server = await served(app)
    await using kept = await RawConnection.open(server.port)
    kept.write('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n')
    await asked
    const closing = server.close()
    kept.write(handshake('/ws'))
    release.resolve()
    assert.equal((await kept.response())?.status, 204)
    const refused = await kept.response()
    assert.ok(refused === undefined || refused.status === 503)
    await closing
  })
})
