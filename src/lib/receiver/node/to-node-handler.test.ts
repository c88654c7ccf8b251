import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { connect, createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { toNodeHandler } from './to-node-handler.ts'

const handler = toNodeHandler(async incoming => {
  const { pathname, search } = new URL(incoming.url)
  if (pathname === '/throws') throw new Error('on purpose')
  return new Response(`${incoming.method} ${pathname}${search} ${await incoming.text()}`, {
    headers: { 'x-got': incoming.headers.get('x-sent') ?? 'none' },
  })
})
const server = createServer(handler).listen(0, '127.0.0.1')
const second = createHttp2Server((incoming, outgoing) => handler(incoming as never, outgoing as never)).listen(
  0,
  '127.0.0.1',
)
await Promise.all([once(server, 'listening'), once(second, 'listening')])
const portOf = (one: typeof server | typeof second) => (one.address() as AddressInfo).port
after(() => {
  server.close()
  second.close()
})

async function send(path: string, body?: string) {
  const headers = { 'x-sent': ['a', 'b'] }
  const outgoing = request({
    port: portOf(server),
    path,
    method: body === undefined ? 'GET' : 'POST',
    headers,
    agent: false,
  })
  outgoing.end(body)
  const [response] = await once(outgoing, 'response')
  return [response.statusCode, response.headers['x-got'], Buffer.concat(await response.toArray()).toString()]
}

test('a request of Node is a web request, whatever its path looks like', async () => {
  assert.deepEqual(await send('/a?b=c', 'body'), [200, 'a, b', 'POST /a?b=c body'])
  assert.deepEqual(await send('/a'), [200, 'a, b', 'GET /a '])
  assert.deepEqual(await send('//other.example/a', ''), [200, 'a, b', 'POST //other.example/a '])
  assert.deepEqual(await send('http://other.example/a', 'x'), [200, 'a, b', 'POST /a x'])
})

test('what a handler throws is a 500 that tells nothing', async t => {
  t.mock.method(console, 'error', () => {})
  const [status, , text] = await send('/throws', '')
  assert.equal(status, 500)
  assert.doesNotMatch(text, /purpose/)
})

test('a request of HTTP/2 has no headers that are none', async () => {
  const session = connect(`http://127.0.0.1:${portOf(second)}`)
  const stream = session.request({ ':method': 'POST', ':path': '/a', 'x-sent': 'c' })
  stream.end('body')
  const [headers] = await once(stream, 'response')
  assert.deepEqual([headers[':status'], headers['x-got']], [200, 'c'])
  assert.equal(Buffer.concat(await stream.toArray()).toString(), 'POST /a body')
  session.close()
})
