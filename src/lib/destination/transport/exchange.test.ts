import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import tls, { TLSSocket } from 'node:tls'
import { createDestinationPolicy } from '../policy.ts'
import { createGuardedTransport } from './guarded-transport.ts'
import type { IncomingResponse } from './transport.ts'

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')
/** For the name hooks.test. */
const cert = fixture('hooks.test.cert.pem')
const key = fixture('hooks.test.key.pem')
tls.setDefaultCACertificates([cert])

/** How the receiver ends its connection: TLS says so, or only TCP does. */
type End = 'close_notify' | 'FIN'

/** Sends to a raw receiver that responds with `written` and ends the connection. */
async function exchange(
  t: TestContext,
  request: { readonly scheme: string; readonly method?: string | undefined },
  written: string,
  end: End,
): Promise<IncomingResponse> {
  const { scheme, method = 'POST' } = request
  const secureContext = tls.createSecureContext({ cert, key })
  const server = createServer(raw => {
    const socket: Socket = scheme === 'https' ? new TLSSocket(raw, { isServer: true, secureContext }) : raw
    for (const each of [raw, socket]) each.on('error', () => {})
    socket.once('data', () => {
      if (end === 'close_notify') socket.end(written)
      else socket.write(written, () => raw.destroySoon())
    })
  })
  server.listen(0, '127.0.0.2')
  await once(server, 'listening')
  t.after(() => server.close())
  const rules = { allow: ['127.0.0.2'], resolver: async () => ['127.0.0.2'] }
  const transport = createGuardedTransport({ policy: createDestinationPolicy(rules) })
  t.after(() => transport.close())
  const url = `${scheme}://hooks.test:${(server.address() as AddressInfo).port}/`
  return transport.send(
    { method, url, headers: {}, body: undefined },
    { timeoutMs: 10_000, responseLimitBytes: 65_536 },
  )
}

/** What only the connection's end delimits. */
const withoutLength: readonly (readonly [what: string, written: string, body: string])[] = [
  ['HTTP/1.1 with close', 'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{"ok":tr', '{"ok":tr'],
  ['HTTP/1.1 without a word', 'HTTP/1.1 200 OK\r\n\r\n{"ok":true}', '{"ok":true}'],
  ['HTTP/1.0', 'HTTP/1.0 201 Created\r\ncontent-type: text/plain\r\n\r\nab', 'ab'],
  ['no body at all', 'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n', ''],
  ['a coding that is not chunked', 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\nabc', 'abc'],
  ['an error', 'HTTP/1.1 500 Oh\r\nconnection: close\r\n\r\nabc', 'abc'],
]

for (const [what, written, body] of withoutLength) {
  for (const end of ['close_notify', 'FIN'] as const) {
    test(`a response over https that ends with the connection is cut: ${what}, ${end}`, async t => {
      const response = await exchange(t, { scheme: 'https' }, written, end)
      assert.deepEqual([Buffer.from(response.body).toString(), response.bodyTruncated], [body, true])
    })
  }
  test(`a response over http that ends with the connection is complete: ${what}`, async t => {
    const response = await exchange(t, { scheme: 'http' }, written, 'FIN')
    assert.deepEqual([Buffer.from(response.body).toString(), response.bodyTruncated], [body, false])
  })
}

const close = 'connection: close\r\n'
const withLength: readonly (readonly [what: string, written: string, body: string, method?: string])[] = [
  ['a content-length', `HTTP/1.1 200 OK\r\n${close}content-length: 3\r\n\r\nabc`, 'abc'],
  ['a content-length in HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc', 'abc'],
  ['a content-length of 0', `HTTP/1.1 200 OK\r\n${close}content-length: 0\r\n\r\n`, ''],
  ['chunks', `HTTP/1.1 200 OK\r\n${close}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`, 'abc'],
  ['chunks of a coding', `HTTP/1.1 200 OK\r\n${close}Transfer-Encoding: gzip, Chunked\r\n\r\n1\r\na\r\n0\r\n\r\n`, 'a'],
  ['a 204', `HTTP/1.1 204 No Content\r\n${close}\r\n`, ''],
  ['a 304', `HTTP/1.1 304 Not Modified\r\n${close}\r\n`, ''],
  ['a response to HEAD', `HTTP/1.1 200 OK\r\n${close}\r\n`, '', 'HEAD'],
]

for (const [what, written, body, method] of withLength) {
  test(`a response over https with ${what} is complete, however the connection ends`, async t => {
    for (const end of ['close_notify', 'FIN'] as const) {
      const response = await exchange(t, { scheme: 'https', method }, written, end)
      assert.deepEqual([Buffer.from(response.body).toString(), response.bodyTruncated], [body, false])
    }
  })
}

const cut: readonly (readonly [what: string, written: string, status: number, body: string])[] = [
  ['a content-length', `HTTP/1.1 200 OK\r\n${close}content-length: 9\r\n\r\nabc`, 200, 'abc'],
  ['a content-length and nothing else', 'HTTP/1.1 410 Gone\r\ncontent-length: 9\r\n\r\n', 410, ''],
  ['chunks', `HTTP/1.1 503 Busy\r\n${close}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n`, 503, 'abc'],
  ['chunks of a kept connection', 'HTTP/1.1 202 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nab', 202, 'ab'],
  ['chunks of no size', 'HTTP/1.1 429 Slow\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n', 429, 'abc'],
]

for (const [what, written, status, body] of cut) {
  test(`a response with ${what} that is cut is its status, with what came`, async t => {
    for (const scheme of ['http', 'https'])
      for (const end of ['close_notify', 'FIN'] as const) {
        const response = await exchange(t, { scheme }, written, end)
        const found = [response.status, Buffer.from(response.body).toString(), response.bodyTruncated]
        assert.deepEqual(found, [status, body, true])
      }
  })
}

for (const head of ['HTTP/1.1 200 OK\r\ncontent-length: 3\r\n', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n', ''])
  test(`a response that is cut within its head is none: ${JSON.stringify(head)}`, async t => {
    for (const scheme of ['http', 'https'])
      await assert.rejects(exchange(t, { scheme }, head, 'FIN'), { code: 'ERR_CALLBACK_UNREACHABLE' })
  })
