import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { RawConnection } from '../../../test/support/raw-connection.ts'
import { SlowBodies } from './slow-bodies.ts'

/** A server whose requests are watched; `arrived` resolves once so many bytes have come on a connection. */
async function watched(t: TestContext, listener: RequestListener) {
  const bodies = new SlowBodies()
  const server = createServer({ requestTimeout: 0 }, (incoming, outgoing) => {
    bodies.begun(outgoing)
    listener(incoming, outgoing)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const connection = await RawConnection.open((server.address() as AddressInfo).port)
  t.after(() => connection[Symbol.asyncDispose]())
  const request = (lines: string) => connection.write(`POST / HTTP/1.1\r\nHost: a\r\n${lines}\r\n\r\n`)
  return { bodies, connection, request }
}

for (const framing of ['Content-Length: 100000', 'Transfer-Encoding: chunked'])
  test(`SlowBodies ends a body that brings nearly nothing for 30 s, ${framing}`, async t => {
    const got = Promise.withResolvers<void>()
    const { bodies, connection, request } = await watched(t, incoming => {
      incoming.on('data', () => got.resolve()).on('error', () => {})
    })
    request(framing)
    connection.write('1\r\n1\r\n')
    await got.promise
    bodies.sweep(1000)
    bodies.sweep(30_999)
    assert.equal(connection.socket.destroyed, false)
    bodies.sweep(31_000)
    assert.equal((await connection.response())?.status, 408)
    await connection.closed
  })

test('SlowBodies lets a body be that comes fast enough, and one that nobody reads', async t => {
  const begun = Promise.withResolvers<void>()
  const got = Promise.withResolvers<void>()
  let length = 0
  const { bodies, connection, request } = await watched(t, (incoming, outgoing) => {
    if (incoming.url === '/') {
      bodies.sweep(0)
      bodies.sweep(100_000)
      begun.resolve()
      incoming.on('data', chunk => {
        length += chunk.length
        if (length === 40_000) got.resolve()
      })
      incoming.on('end', () => outgoing.end('read'))
    }
  })
  request('Content-Length: 80000')
  await begun.promise
  connection.write('x'.repeat(40_000))
  await got.promise
  bodies.sweep(200_000)
  connection.write('x'.repeat(39_999))
  bodies.sweep(201_000)
  connection.write('x')
  assert.equal((await connection.response())?.body, 'read')
  bodies.sweep(900_000)
  bodies.sweep(990_000)
  request('Content-Length: 0')
  assert.equal((await connection.response())?.body, 'read')
})

test('SlowBodies ends a body that still comes 30 s after its response, however fast', async t => {
  const { bodies, connection, request } = await watched(t, (_incoming, outgoing) => {
    outgoing.end('responded')
  })
  request('Content-Length: 100000000')
  assert.equal((await connection.response())?.body, 'responded')
  bodies.sweep(0)
  connection.write('x'.repeat(60_000))
  bodies.sweep(30_000)
  await connection.closed
})
