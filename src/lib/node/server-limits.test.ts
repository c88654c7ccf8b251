import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { RawConnection } from '../../../test/support/raw-connection.ts'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { Ringback } from '../app/ringback.ts'
import { serve } from './serve.ts'
import type { ServeOptions } from './serve-options.ts'
import { nodeLimits } from './server-limits.ts'

const limited = (limits: ServeOptions) => {
  const app = new Ringback({ title: 'Limits', version: '1.0.0', log: new RecordingLog(), docs: { openapi: false } })
  app.get('/', { response: z.string() }, async () => 'here')
  app.post('/', { body: z.unknown(), response: z.string() }, async () => 'read')
  const finished = Promise.withResolvers<void>()
  app.get('/stream', {}, async () => {
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue(Buffer.from('begun'))
        await finished.promise
        controller.close()
      },
    })
    return new Response(body)
  })
  return { finish: finished.resolve, server: serve(app, { port: 0, host: '127.0.0.1', signals: false, ...limits }) }
}

test('nodeLimits has limits for everything', () => {
  assert.deepEqual(nodeLimits({}), {
    headersTimeout: 10_000,
    requestTimeout: 300_000,
    keepAliveTimeout: 65_000,
    connectionsCheckingInterval: 5_000,
    maxRequestsPerSocket: 0,
  })
  const none = { headersTimeoutMs: Infinity, requestTimeoutMs: Infinity, keepAliveTimeoutMs: Infinity }
  assert.deepEqual(nodeLimits(none), { ...nodeLimits({}), headersTimeout: 0, requestTimeout: 0, keepAliveTimeout: 0 })
})

test('serve refuses a limit that is none before it starts anything', async () => {
  for (const name of ['headersTimeoutMs', 'requestTimeoutMs', 'keepAliveTimeoutMs', 'requestsPerSocket'])
    for (const limit of [0, -1, 1.5, Number.NaN, 2 ** 31, '5' as unknown as number])
      await assert.rejects(
        limited({ [name]: limit }).server,
        new RegExp(`"${name}" is "${limit}": give a whole number`),
      )
  await assert.rejects(limited({ headersTimeoutMs: 20, requestTimeoutMs: 10 }).server, /the headers are part/)
})

test('serve ends connections whose headers or bodies do not come, and not a stream that it sends', async t => {
  const { server: starting, finish } = limited({ headersTimeoutMs: 20, requestTimeoutMs: 40, keepAliveTimeoutMs: 5000 })
  const server = await starting
  t.after(() => server.close())
  const stream = await RawConnection.open(server.port)
  stream.write('GET /stream HTTP/1.1\r\nHost: a\r\n\r\n')
  for (const begun of [
    '',
    'GET / HTTP/1.1\r\nHost: a\r\nX-A: ',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n[1',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1',
  ]) {
    await using connection = await RawConnection.open(server.port)
    connection.write(begun)
    assert.equal((await connection.response())?.status, 408, begun)
    await connection.closed
  }
  finish()
  assert.equal((await stream.response())?.body, 'begun')
  await stream[Symbol.asyncDispose]()
})

test('serve answers so many requests on a connection, and closes one that is idle', async t => {
  const server = await limited({ requestsPerSocket: 2 }).server
  t.after(() => server.close())
  await using connection = await RawConnection.open(server.port)
  for (const expected of ['keep-alive', 'close']) {
    connection.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    assert.equal((await connection.response())?.headers['connection'], expected)
  }
  connection.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  assert.equal((await connection.response())?.status, 503)
  const idle = await limited({ keepAliveTimeoutMs: 1 }).server
  t.after(() => idle.close())
  await using second = await RawConnection.open(idle.port)
  second.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  assert.equal((await second.response())?.body, '"here"')
  await second.closed
})
