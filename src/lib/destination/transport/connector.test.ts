import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect, createServer as createTcpServer, type Server as NetServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import tls, { type TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createDestinationPolicy } from '../policy.ts'
import type { DestinationRules } from '../rules.ts'
import { createGuardedTransport } from './guarded-transport.ts'
import type { IncomingResponse } from './transport.ts'

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')
/** For the name hooks.test and the address 127.0.0.9. */
const cert = fixture('hooks.test.cert.pem')
const key = fixture('hooks.test.key.pem')

async function listen(t: TestContext, server: NetServer, host: string): Promise<number> {
  server.listen(0, host)
  await once(server, 'listening')
  t.after(() => server.close())
  return (server.address() as AddressInfo).port
}

async function trustFixture(t: TestContext, ca = cert): Promise<void> {
  const before = tls.getCACertificates('default')
  tls.setDefaultCACertificates([...before, ca])
  t.after(() => tls.setDefaultCACertificates(before))
}

/** An https server that answers with the server name and the Host header that it saw. */
function echoServer(): NetServer {
  return createHttpsServer({ cert, key }, (request, response) => {
    const { servername } = request.socket as TLSSocket
    response.end(JSON.stringify({ servername, host: request.headers.host }))
  })
}

async function send(t: TestContext, url: string, rules: DestinationRules): Promise<IncomingResponse> {
  const transport = createGuardedTransport({ policy: createDestinationPolicy(rules) })
  t.after(() => transport.close())
  const request = { method: 'POST', url, headers: {}, body: Buffer.from('{}') }
  return transport.send(request, { timeoutMs: 10_000, responseLimitBytes: 65_536 })
}

function json(response: IncomingResponse): unknown {
  return JSON.parse(Buffer.from(response.body).toString())
}

test('Connector connects to the address and keeps Host, SNI and certificate on the name', async t => {
  await trustFixture(t)
  const port = await listen(t, echoServer(), '127.0.0.2')
  const rules = { allow: ['127.0.0.2'], resolver: async () => ['127.0.0.2'] }
  const response = await send(t, `https://hooks.test:${port}/`, rules)
  assert.equal(response.address, '127.0.0.2')
  assert.deepEqual(json(response), { servername: 'hooks.test', host: `hooks.test:${port}` })
  // RFC 6066 section 3: no dot at the end of a server name
  const rooted = await send(t, `https://hooks.test.:${port}/`, rules)
  assert.deepEqual(json(rooted), { servername: 'hooks.test', host: `hooks.test.:${port}` })
})

test('Connector refuses a certificate of another name', async t => {
  await trustFixture(t)
  const port = await listen(t, echoServer(), '127.0.0.2')
  const rules = { allow: ['127.0.0.2'], resolver: async () => ['127.0.0.2'] }
  await assert.rejects(send(t, `https://other.test:${port}/`, rules), {
    code: 'ERR_CALLBACK_UNREACHABLE',
    reason: 'tls',
  })
})

for (const name of ['name-only', 'mail-only', 'address-only'])
  test(`Connector refuses a certificate that has the name as its common name only: ${name}`, async t => {
    const other = fixture(`${name}.test.cert.pem`)
    await trustFixture(t, other)
    const server = createHttpsServer({ cert: other, key }, (_, response) => response.end('{}'))
    const port = await listen(t, server, '127.0.0.2')
    const rules = { allow: ['127.0.0.2'], resolver: async () => ['127.0.0.2'] }
    await assert.rejects(send(t, `https://hooks.test:${port}/`, rules), {
      code: 'ERR_CALLBACK_UNREACHABLE',
      reason: 'tls',
    })
  })

test('Connector checks certificates also where the process is told not to', async t => {
  const port = await listen(t, echoServer(), '127.0.0.2')
  const program = fileURLToPath(new URL('../../../../test/programs/careless-tls.ts', import.meta.url))
  for (const extra of [
    {},
    { NODE_EXTRA_CA_CERTS: fileURLToPath(new URL('../fixtures/hooks.test.cert.pem', import.meta.url)) },
  ])
    for (const host of ['hooks.test', 'other.test']) {
      const env = { ...process.env, NODE_NO_WARNINGS: '1', NODE_TLS_REJECT_UNAUTHORIZED: '0', ...extra }
      const { stdout } = await promisify(execFile)(process.execPath, [program, `https://${host}:${port}/`], { env })
      const isGood = host === 'hooks.test' && 'NODE_EXTRA_CA_CERTS' in extra
      assert.equal(stdout.trim(), isGood ? 'careless 200, guarded 200' : 'careless 200, guarded tls')
    }
})

test('Connector refuses a certificate that nobody vouches for', async t => {
  const port = await listen(t, echoServer(), '127.0.0.2')
  const rules = { allow: ['127.0.0.2'], resolver: async () => ['127.0.0.2'] }
  await assert.rejects(send(t, `https://hooks.test:${port}/`, rules), {
    code: 'ERR_CALLBACK_UNREACHABLE',
    reason: 'tls',
  })
})

test('Connector checks the certificate of a literal address on the address', async t => {
  await trustFixture(t)
  const rules = { allow: ['127.0.0.0/8'] }
  const port = await listen(t, echoServer(), '127.0.0.9')
  assert.deepEqual(json(await send(t, `https://127.0.0.9:${port}/`, rules)), {
    servername: false,
    host: `127.0.0.9:${port}`,
  })
  const otherPort = await listen(t, echoServer(), '127.0.0.2')
  await assert.rejects(send(t, `https://127.0.0.2:${otherPort}/`, rules), { reason: 'tls' })
})

test('Connector goes on to the next address where TLS fails at the first', async t => {
  await trustFixture(t)
  const other = createHttpsServer({ cert: fixture('name-only.test.cert.pem'), key }, (_, response) => response.end())
  const port = await listen(t, other, '127.0.0.2')
  const server = echoServer().listen(port, '127.0.0.3')
  await once(server, 'listening')
  t.after(() => server.close())
  const rules = { allow: ['127.0.0.0/8'], resolver: async () => ['127.0.0.2', '127.0.0.3'] }
  assert.equal((await send(t, `https://hooks.test:${port}/`, rules)).address, '127.0.0.3')
})

test('Connector goes on to no other address once it was given up', { timeout: 10_000 }, async t => {
  const connections: string[] = []
  const controller = new AbortController()
  const listenAt = async (host: string, port: number, receive: () => void) => {
    const server = createTcpServer(socket => {
      connections.push(host)
      socket.on('error', () => {}).on('data', receive)
    }).listen(port, host)
    await once(server, 'listening')
    t.after(() => server.close())
    return (server.address() as AddressInfo).port
  }
  const port = await listenAt('127.0.0.2', 0, () => controller.abort(new Error('The worker stopped')))
  await listenAt('127.0.0.3', port, () => {})
  const rules = { allow: ['127.0.0.0/8'], resolver: async () => ['127.0.0.2', '127.0.0.3'] }
  const transport = createGuardedTransport({ policy: createDestinationPolicy(rules) })
  const request = { method: 'POST', url: `https://hooks.test:${port}/`, headers: {}, body: undefined }
  const limits = { timeoutMs: 10_000, responseLimitBytes: 65_536 }
  await assert.rejects(transport.send(request, { ...limits, signal: controller.signal }), /The worker stopped/)
  await transport.close()
  for (let pass = 0; pass < 20; pass++) await new Promise(setImmediate)
  assert.deepEqual(connections, ['127.0.0.2'])
})

test('Connector says "tls" for a server without TLS', async t => {
  const port = await listen(t, createHttpServer(), '127.0.0.2')
  await assert.rejects(send(t, `https://127.0.0.2:${port}/`, { allow: ['127.0.0.2'] }), { reason: 'tls' })
})

/** An HTTP proxy that opens tunnels, to `host` whatever address it is asked for, and notes what it was asked. */
function proxyServer(asked: IncomingMessage[], host: string): Server {
  return createHttpServer().on('connect', (request, socket) => {
    asked.push(request)
    const target = connect(Number(request.url?.split(':').at(-1)), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      socket.pipe(target).pipe(socket)
    })
    target.on('error', () => socket.destroy())
    socket.on('error', () => target.destroy())
  })
}

test('Connector asks the proxy for the judged address, with Host, SNI and certificate on the name', async t => {
  await trustFixture(t)
  const asked: IncomingMessage[] = []
  const proxyPort = await listen(t, proxyServer(asked, '127.0.0.2'), '127.0.0.1')
  const port = await listen(t, echoServer(), '127.0.0.2')
  const response = await send(t, `https://hooks.test:${port}/`, {
    resolver: async () => ['93.184.216.34'],
    proxy: `http://us%20er:p%40ss@127.0.0.1:${proxyPort}`,
  })
  assert.deepEqual(json(response), { servername: 'hooks.test', host: `hooks.test:${port}` })
  assert.equal(asked.length, 1)
  assert.equal(asked[0]?.url, `93.184.216.34:${port}`)
  assert.equal(asked[0]?.headers.host, `93.184.216.34:${port}`)
  assert.equal(asked[0]?.headers['proxy-authorization'], `Basic ${Buffer.from('us er:p@ss').toString('base64')}`)
})

test('Connector asks the proxy for the port of the scheme where a URL has none', async t => {
  const asked: (string | undefined)[] = []
  const proxy = createHttpServer().on('connect', ({ url }, socket) => {
    asked.push(url)
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  const proxyPort = await listen(t, proxy, '127.0.0.1')
  const rules = { resolver: async () => ['93.184.216.34'], proxy: `http://127.0.0.1:${proxyPort}` }
  for (const scheme of ['http', 'https'])
    await assert.rejects(send(t, `${scheme}://hooks.test/`, rules), { reason: 'proxy' })
  assert.deepEqual(asked, ['93.184.216.34:80', '93.184.216.34:443'])
})

test('Connector opens a tunnel for plain http too, and keeps it for the next request', async t => {
  const asked: IncomingMessage[] = []
  const proxyPort = await listen(t, proxyServer(asked, '127.0.0.2'), '127.0.0.1')
  const port = await listen(
    t,
    createHttpServer((request, response) => response.end(request.headers.host)),
    '127.0.0.2',
  )
  const transport = createGuardedTransport({
    policy: createDestinationPolicy({ resolver: async () => ['2606:4700::9'], proxy: `http://127.0.0.1:${proxyPort}` }),
  })
  t.after(() => transport.close())
  for (let round = 0; round < 2; round++) {
    const request = { method: 'POST', url: `http://hooks.test:${port}/`, headers: {}, body: undefined }
    const response = await transport.send(request, { timeoutMs: 10_000, responseLimitBytes: 65_536 })
    assert.equal(Buffer.from(response.body).toString(), `hooks.test:${port}`)
    // undici takes a connection for the next request one turn of the event loop later
    await new Promise(setImmediate)
  }
  assert.deepEqual(
    asked.map(({ url }) => url),
    [`[2606:4700::9]:${port}`],
  )
})

test('Connector asks the proxy for nothing that is refused', async t => {
  const asked: IncomingMessage[] = []
  const proxyPort = await listen(t, proxyServer(asked, '127.0.0.2'), '127.0.0.1')
  const rules = { resolver: async () => ['10.0.0.1'], proxy: `http://127.0.0.1:${proxyPort}` }
  await assert.rejects(send(t, 'http://hooks.test/', rules), { code: 'ERR_DESTINATION_REFUSED' })
  assert.equal(asked.length, 0)
})

test('Connector says "proxy" where the proxy refuses, without its password', async t => {
  const proxy = createHttpServer().on('connect', (_, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'))
  const proxyPort = await listen(t, proxy, '127.0.0.1')
  const rules = { resolver: async () => ['93.184.216.34'], proxy: `http://user:secret@127.0.0.1:${proxyPort}` }
  await assert.rejects(send(t, 'http://hooks.test/', rules), {
    code: 'ERR_CALLBACK_UNREACHABLE',
    reason: 'proxy',
    message: 'Cannot reach "http://hooks.test": the proxy did not open a tunnel to it',
  })
})

test('Connector tries once where a receiver behind the proxy speaks before it is asked', async t => {
  const asked: IncomingMessage[] = []
  const proxy = createHttpServer().on('connect', (request, socket) => {
    asked.push(request)
    socket.write('HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n')
    socket.on('error', () => {})
  })
  const proxyPort = await listen(t, proxy, '127.0.0.1')
  const rules = { resolver: async () => ['93.184.216.34'], proxy: `http://127.0.0.1:${proxyPort}` }
  await assert.rejects(send(t, 'http://hooks.test/', rules), { code: 'ERR_CALLBACK_UNREACHABLE', reason: 'protocol' })
  assert.equal(asked.length, 1)
})
