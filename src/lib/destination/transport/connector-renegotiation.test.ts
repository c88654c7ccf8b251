import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, type Server } from 'node:net'
import { type TestContext, test } from 'node:test'
import tls, { type TLSSocket } from 'node:tls'
import { createDestinationPolicy } from '../policy.ts'
import type { DestinationRules } from '../rules.ts'
import { createGuardedTransport } from './guarded-transport.ts'
import type { IncomingResponse } from './transport.ts'

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')
/** For the name hooks.test. */
const cert = fixture('hooks.test.cert.pem')
const key = fixture('hooks.test.key.pem')
tls.setDefaultCACertificates([cert])

async function listen(t: TestContext, server: Server, host: string): Promise<number> {
  server.listen(0, host)
  await once(server, 'listening')
  t.after(() => server.close())
  return (server.address() as AddressInfo).port
}

/** A TLS 1.2 server that negotiates anew without end as soon as `begin` lets it, and counts how often it did. */
function renegotiator(begin: (socket: TLSSocket, next: () => void) => void) {
  const done = { handshakes: 0 }
  const server = tls.createServer({ cert, key, maxVersion: 'TLSv1.2' }, socket => {
    const next = (): void => {
      socket.renegotiate({}, error => {
        if (error) return
        done.handshakes++
        setImmediate(next)
      })
    }
    socket.on('error', () => {})
    begin(socket, next)
  })
  return { server, done }
}

function send(t: TestContext, port: number, rules: DestinationRules = {}): Promise<IncomingResponse> {
  const policy = createDestinationPolicy({ allow: ['127.0.0.2'], resolver: async () => ['127.0.0.2'], ...rules })
  const transport = createGuardedTransport({ policy })
  t.after(() => transport.close())
  const request = { method: 'POST', url: `https://hooks.test:${port}/`, headers: {}, body: Buffer.from('{}') }
  return transport.send(request, { timeoutMs: 5_000, responseLimitBytes: 65_536 })
}

const begins: readonly (readonly [when: string, begin: (socket: TLSSocket, next: () => void) => void])[] = [
  ['instead of a response', (socket, next) => socket.once('data', next)],
  ['before the request', (_, next) => next()],
]

for (const [when, begin] of begins) {
  test(`a receiver that renegotiates ${when} ends the attempt`, async t => {
    const { server, done } = renegotiator(begin)
    const port = await listen(t, server, '127.0.0.2')
    await assert.rejects(send(t, port), { code: 'ERR_CALLBACK_UNREACHABLE', reason: /^(tls|reset|protocol)$/ })
    assert.equal(done.handshakes, 0)
  })
}

test('a receiver that renegotiates amid its response cuts it', async t => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab'
  const { server, done } = renegotiator((socket, next) => socket.once('data', () => socket.write(head, () => next())))
  const port = await listen(t, server, '127.0.0.2')
  const { status, body, bodyTruncated } = await send(t, port)
  assert.deepEqual([status, Buffer.from(body).toString(), bodyTruncated], [200, 'ab', true])
  assert.equal(done.handshakes, 0)
})

test('a receiver behind a proxy cannot renegotiate either', async t => {
  const { server, done } = renegotiator((socket, next) => socket.once('data', next))
  const port = await listen(t, server, '127.0.0.2')
  const proxy = createHttpServer().on('connect', (request, socket) => {
    const [host, targetPort] = request.url!.split(':')
    const target = connect(Number(targetPort), host, () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n')
      socket.pipe(target).pipe(socket)
    })
    for (const each of [socket, target]) each.on('error', () => {})
  })
  const proxyPort = await listen(t, proxy, '127.0.0.1')
  await assert.rejects(send(t, port, { proxy: `http://127.0.0.1:${proxyPort}` }), {
    code: 'ERR_CALLBACK_UNREACHABLE',
    reason: /^(tls|reset)$/,
  })
  assert.equal(done.handshakes, 0)
})
