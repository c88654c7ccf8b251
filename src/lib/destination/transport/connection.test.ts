import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import tls from 'node:tls'
import { inspect } from 'node:util'
import { createDestinationPolicy } from '../policy.ts'
import { Connection } from './connection.ts'
import { createGuardedTransport } from './guarded-transport.ts'
import type { IncomingResponse, Transport } from './transport.ts'
import { loadUndiciClient } from './undici-client.ts'

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')
/** For the name hooks.test. */
const cert = fixture('hooks.test.cert.pem')
const key = fixture('hooks.test.key.pem')
tls.setDefaultCACertificates([cert])

async function listen(t: TestContext, scheme: string, respond: (socket: Socket) => void): Promise<string> {
  const take = (socket: Socket): void => {
    socket.on('error', () => {}).on('data', () => respond(socket))
  }
  const server: Server = scheme === 'https' ? tls.createServer({ cert, key }, take) : createServer(take)
  server.listen(0, '127.0.0.2')
  await once(server, 'listening')
  t.after(() => server.close())
  return `${scheme}://hooks.test:${(server.address() as AddressInfo).port}/`
}

function transportFor(t: TestContext): Transport {
  const rules = { allow: ['127.0.0.2'], resolver: async () => ['127.0.0.2'] }
  const transport = createGuardedTransport({ policy: createDestinationPolicy(rules) })
  t.after(() => transport.close())
  return transport
}

function send(transport: Transport, url: string): Promise<IncomingResponse> {
  const request = { method: 'POST', url, headers: {}, body: Buffer.from('{}') }
  return transport.send(request, { timeoutMs: 5_000, responseLimitBytes: 65_536 })
}

/** Writes `start`, and then `part` until the connection is closed. */
function flood(socket: Socket, start: string, part: string): void {
  socket.write(start)
  const write = (): void => {
    while (!socket.destroyed && socket.write(part));
    socket.once('drain', write)
  }
  write()
}

const head = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'
const endless: readonly (readonly [what: string, start: string, part: string, body: string | undefined])[] = [
  ['early hints', '', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(100), undefined],
  ['the shortest 1xx responses', '', 'HTTP/1.1 199 \r\n\r\n'.repeat(1_000), undefined],
  ['processing, field by field', '', `HTTP/1.1 102 P\r\n${'a: b\r\n'.repeat(500)}\r\n`, undefined],
  ['empty lines before the response', '', '\r\n'.repeat(10_000), undefined],
  ['a chunk extension', `${head}1;a=`, 'a'.repeat(10_000), ''],
  ['a chunk extension after some of the body', `${head}3\r\nabc\r\n1;`, 'a;'.repeat(10_000), 'abc'],
  ['zeros of a chunk size', head, '0'.repeat(10_000), ''],
]

for (const scheme of ['http', 'https']) {
  for (const [what, start, part, body] of endless) {
    test(`send ends at once where ${what} come over ${scheme} without end`, async t => {
      const closed = Promise.withResolvers<void>()
      const url = await listen(t, scheme, socket => {
        socket.on('close', () => closed.resolve())
        flood(socket, start, part)
      })
      const sent = send(transportFor(t), url)
      if (body === undefined) await assert.rejects(sent, { code: 'ERR_CALLBACK_UNREACHABLE', reason: 'protocol' })
      else {
        const response = await sent
        assert.deepEqual([Buffer.from(response.body).toString(), response.bodyTruncated], [body, true])
      }
      await closed.promise
    })
  }

  test(`a connection over ${scheme} that floods after its response is closed`, async t => {
    const closed = Promise.withResolvers<void>()
    const url = await listen(t, scheme, socket => {
      socket.on('close', () => closed.resolve())
      flood(socket, 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok', '\r\n'.repeat(10_000))
    })
    const response = await send(transportFor(t), url)
    assert.deepEqual([Buffer.from(response.body).toString(), response.bodyTruncated], ['ok', false])
    await closed.promise
  })

  test(`responses over ${scheme} with early hints and chunk by chunk are taken, one after the other`, async t => {
    const early = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(500)
    const chunks = '1\r\na\r\n'.repeat(20_000)
    const connections = new Set<Socket>()
    const url = await listen(t, scheme, socket => {
      connections.add(socket)
      socket.write(`${early}${head}5;a="b"\r\nbegin\r\n${chunks}0\r\nx-trailer: ${'a'.repeat(10_000)}\r\n\r\n`)
    })
    const transport = transportFor(t)
    for (let round = 0; round < 5; round++) {
      const { status, body, bodyTruncated } = await send(transport, url)
      assert.deepEqual([status, body.length, bodyTruncated], [200, 20_005, false])
    }
    assert.ok(connections.size < 5)
  })
}

test('a request on a connection that has ended meanwhile fails as one that was reset', async t => {
  const url = await listen(t, 'http', socket => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'))
  const socket = connect(Number(new URL(url).port), '127.0.0.2')
  await once(socket, 'connect')
  const { origin } = new URL(url)
  const connection = new Connection(await loadUndiciClient(), socket, { origin, address: '127.0.0.2' })
  const exchange = () =>
    new Promise<unknown>(resolve => {
      const over = { isOver: false, bodyBytes: 0, overflow() {}, onRequestStart() {}, onResponseStart() {} }
      const handler = { ...over, onResponseData() {}, onResponseEnd: () => resolve('response') }
      const onResponseError = (_: unknown, error: Error) => resolve(error)
      connection.dispatch({ method: 'GET', path: '/' }, { ...handler, onResponseError })
    })
  assert.equal(await exchange(), 'response')
  connection.close()
  assert.equal(((await exchange()) as { code?: string }).code, 'ECONNRESET')
})

test('the cause of a failure tells what is wrong with a response, and repeats nothing of it', async t => {
  const url = await listen(t, 'http', socket => socket.end('HTTP/1.1 200 OK\r\ncontent-length: s3cret\r\n\r\n'))
  const failure = await send(transportFor(t), url).then(
    () => assert.fail('It was taken'),
    (error: Error) => error,
  )
  const { cause } = failure
  assert.ok(cause instanceof Error && cause.name === 'HTTPParserError', String(cause))
  assert.ok(!inspect(failure, { depth: 9 }).includes('s3cret'))
})
