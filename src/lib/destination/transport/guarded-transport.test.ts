import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { type TestContext, test } from 'node:test'
import { inspect } from 'node:util'
import { DestinationRefusedError } from '../destination-refused-error.ts'
import { createDestinationPolicy } from '../policy.ts'
import type { DestinationRules } from '../rules.ts'
import { CallbackUnreachableError } from './callback-unreachable-error.ts'
import { createGuardedTransport, type GuardedTransportOptions } from './guarded-transport.ts'
import type { OutgoingRequest, Transport } from './transport.ts'

const limits = { timeoutMs: 10_000, responseLimitBytes: 65_536 }

async function listen(t: TestContext, server: Server, host = '127.0.0.1', port = 0): Promise<number> {
  server.listen(port, host)
  await once(server, 'listening')
  t.after(() => server.close())
  return (server.address() as AddressInfo).port
}

function transportFor(
  t: TestContext,
  rules: DestinationRules = { allow: ['127.0.0.0/8'] },
  options: Partial<GuardedTransportOptions> = {},
): Transport {
  const transport = createGuardedTransport({ policy: createDestinationPolicy(rules), ...options })
  t.after(() => transport.close())
  return transport
}

function post(url: string, headers: Record<string, string> = {}): OutgoingRequest {
  return { method: 'POST', url, headers, body: Buffer.from('{"paid":true}') }
}

test('send brings request and response over as they are', async t => {
  const seen: unknown[] = []
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => seen.push(request.method, request.url, request.headers, chunk.toString()))
    request.on('end', () => response.writeHead(201, { 'X-Twice': ['a', 'b'] }).end('{"ok":true}'))
  })
  const port = await listen(t, server)
  const request = post(`http://127.0.0.1:${port}/events?x=%2F`, {
    'Webhook-Id': 'msg_1',
    Host: 'evil.test',
    'accept-encoding': 'gzip',
  })
  const response = await transportFor(t).send(request, limits)
  assert.deepEqual(seen, [
    'POST',
    '/events?x=%2F',
    {
      host: `127.0.0.1:${port}`,
      connection: 'keep-alive',
      'accept-encoding': 'identity',
      'webhook-id': 'msg_1',
      'content-length': '13',
    },
    '{"paid":true}',
  ])
  assert.equal(response.status, 201)
  assert.equal(response.headers['x-twice'], 'a, b')
  assert.equal(Buffer.from(response.body).toString(), '{"ok":true}')
  assert.equal(response.bodyTruncated, false)
  assert.equal(response.address, '127.0.0.1')
})

test('send refuses what the URL shows for good, and no packet leaves', async t => {
  let connections = 0
  const server = createServer().on('connection', () => connections++)
  const port = await listen(t, server)
  const transport = transportFor(t, {})
  for (const url of [
    `http://127.0.0.1:${port}/`,
    `http://2130706433:${port}/`,
    `http://[::ffff:127.0.0.1]:${port}/`,
    `http://localhost:${port}/`,
    'ftp://127.0.0.1/',
  ]) {
    await assert.rejects(
      transport.send(post(url), limits),
      (error: unknown) => error instanceof DestinationRefusedError && error.permanent,
    )
  }
  assert.equal(connections, 0)
})

test('send follows no redirect', async t => {
  let requests = 0
  const port = await listen(
    t,
    createServer((_, response) => {
      requests++
      response.writeHead(302, { location: '/elsewhere' }).end()
    }),
  )
  const response = await transportFor(t).send(post(`http://127.0.0.1:${port}/`), limits)
  assert.equal(response.status, 302)
  assert.equal(response.headers.location, '/elsewhere')
  assert.equal(requests, 1)
})

test('send keeps 8 of the connections of an origin, and uses them again', async t => {
  const waiting: (() => void)[] = []
  let connections = 0
  const server = createServer((_, response) => {
    waiting.push(() => response.end())
    if (waiting.length === 64) for (const respond of waiting.splice(0)) respond()
  }).on('connection', () => connections++)
  const port = await listen(t, server)
  const transport = transportFor(t)
  for (let round = 0; round < 2; round++) {
    await Promise.all(Array.from({ length: 64 }, () => transport.send(post(`http://127.0.0.1:${port}/`), limits)))
  }
  assert.equal(connections, 64 + 56)
})

const brokenServers: readonly (readonly [reason: string, written: string | undefined])[] = [
  ['reset', undefined],
  ['reset', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n'],
  ['protocol', 'SSH-2.0-OpenSSH_9.9\r\n\r\n'],
  ['protocol', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`],
]

for (const [reason, written] of brokenServers) {
  test(`send says "${reason}" for a server that answers ${JSON.stringify(written?.slice(0, 30))}`, async t => {
    const server = createTcpServer(socket => {
      socket.on('error', () => {})
      socket.once('data', () => (written === undefined ? socket.destroy() : socket.end(written)))
    })
    const port = await listen(t, server)
    await assert.rejects(
      transportFor(t).send(post(`http://127.0.0.1:${port}/`), limits),
      (error: unknown) => error instanceof CallbackUnreachableError && error.reason === reason,
    )
  })
}

test('send says "refused" where nobody listens, and nothing of the path', async t => {
  const server = createTcpServer()
  const port = await listen(t, server)
  server.close()
  await assert.rejects(transportFor(t).send(post(`http://127.0.0.1:${port}/a?token=1`), limits), {
    code: 'ERR_CALLBACK_UNREACHABLE',
    reason: 'refused',
    message: `Cannot reach "http://127.0.0.1:${port}": the connection was refused`,
  })
})

test('send tries the next address of a name where one takes no connection, and prefers what worked', async t => {
  const port = await listen(
    t,
    createServer((_, response) => response.end()),
    '127.0.0.2',
  )
  const looked = ['127.0.0.3', '127.0.0.2']
  const transport = transportFor(t, { allow: ['127.0.0.0/8'], resolver: async () => looked })
  for (let round = 0; round < 2; round++) {
    const response = await transport.send(post(`http://hooks.test:${port}/`), limits)
    assert.equal(response.address, '127.0.0.2')
  }
  assert.deepEqual(looked, ['127.0.0.3', '127.0.0.2'])
})

test('send asks "check" about the URL and its addresses, for every request', async t => {
  const port = await listen(
    t,
    createServer((_, response) => response.end()),
  )
  const asked: string[] = []
  const transport = transportFor(t, {
    allow: ['127.0.0.1'],
    resolver: async () => ['127.0.0.1'],
    check: async ({ url, addresses }) => {
      asked.push(`${url.hostname} ${addresses.join()}`)
      url.hostname = '127.0.0.9'
      if (asked.length === 3) throw new Error('No answer from the register')
      return asked.length === 1
    },
  })
  const send = (): Promise<unknown> => transport.send(post(`http://hooks.test:${port}/`), limits)
  await send()
  for (let round = 0; round < 2; round++) {
    await assert.rejects(send(), {
      code: 'ERR_DESTINATION_REFUSED',
      reason: 'check',
      permanent: false,
      message: 'This destination is not allowed',
    })
  }
  assert.deepEqual(asked, Array(3).fill('hooks.test 127.0.0.1'))
})

test('send of a transport made with new rules uses no connection of an older one', async t => {
  const port = await listen(
    t,
    createServer((_, response) => response.end()),
  )
  await transportFor(t).send(post(`http://127.0.0.1:${port}/`), limits)
  await assert.rejects(
    transportFor(t, { allow: ['127.0.0.0/8'], deny: ['127.0.0.1'] }).send(post(`http://127.0.0.1:${port}/`), limits),
    DestinationRefusedError,
  )
})

test('send closes idle connections that are too many in all', async t => {
  const closed = Promise.withResolvers<void>()
  const server = createServer((_, response) => response.end()).on('connection', socket =>
    socket.on('close', closed.resolve),
  )
  const port = await listen(t, server, '127.0.0.2')
  const otherPort = await listen(
    t,
    createServer((_, response) => response.end()),
    '127.0.0.3',
  )
  const transport = transportFor(t, undefined, { idleConnections: { total: 1 } })
  await transport.send(post(`http://127.0.0.2:${port}/`), limits)
  await transport.send(post(`http://127.0.0.3:${otherPort}/`), limits)
  await closed.promise
})

test('close ends idle connections, and send rejects after it', async t => {
  const closed = Promise.withResolvers<void>()
  const respond: RequestListener = (_, response) => response.end()
  const port = await listen(
    t,
    createServer(respond).on('connection', socket => socket.on('close', closed.resolve)),
  )
  const transport = createGuardedTransport({
    policy: createDestinationPolicy({ allow: ['127.0.0.1'] }),
  })
  await transport.send(post(`http://127.0.0.1:${port}/`), limits)
  await transport.close()
  await closed.promise
  await assert.rejects(transport.send(post(`http://127.0.0.1:${port}/`), limits), { code: 'ERR_TRANSPORT_CLOSED' })
})

/** A server that writes what `respond` makes of the bytes it gets, HTTP or not. */
function rawServer(respond: (request: Buffer) => string | Buffer): Server {
  return createTcpServer(socket => socket.on('error', () => {}).on('data', request => socket.write(respond(request))))
}

test('send tells nothing of the request where a receiver sends it back', async t => {
  const port = await listen(
    t,
    rawServer(request => request),
  )
  const request = post(`http://127.0.0.1:${port}/?token=secret`, { authorization: 'Bearer secret' })
  await assert.rejects(
    transportFor(t).send(request, limits),
    (error: unknown) =>
      error instanceof CallbackUnreachableError &&
      error.reason === 'protocol' &&
      !inspect(error, { depth: Number.POSITIVE_INFINITY }).includes('secret'),
  )
})

for (const status of ['000 Nothing', '099 Nothing', '101 Switching Protocols']) {
  test(`send says "protocol" for a response with the status "${status}"`, async t => {
    const port = await listen(
      t,
      rawServer(() => `HTTP/1.1 ${status}\r\ncontent-length: 0\r\n\r\n`),
    )
    await assert.rejects(transportFor(t).send(post(`http://127.0.0.1:${port}/`), limits), {
      code: 'ERR_CALLBACK_UNREACHABLE',
      reason: 'protocol',
    })
  })
}
