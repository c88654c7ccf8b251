import assert from 'node:assert/strict'
import { getEventListeners, once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Clock, systemClock } from '../../clock.ts'
import { createDestinationPolicy } from '../policy.ts'
import { CallbackTimeoutError } from './callback-timeout-error.ts'
import { createGuardedTransport } from './guarded-transport.ts'
import type { OutgoingRequest, Transport } from './transport.ts'

const limits = { timeoutMs: 10_000, responseLimitBytes: 65_536 }

async function listen(t: TestContext, server: TcpServer): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return (server.address() as AddressInfo).port
}

function transportFor(t: TestContext, clock: Clock = systemClock): Transport {
  const transport = createGuardedTransport({ policy: createDestinationPolicy({ allow: ['127.0.0.1'] }), clock })
  t.after(() => transport.close())
  return transport
}

function post(url: string): OutgoingRequest {
  return { method: 'POST', url, headers: {}, body: Buffer.from('{"paid":true}') }
}

/** A clock whose timers run only when `fire` is called, all or those of one delay. */
function handClock(): Clock & { fire(delayMs?: number): void } {
  const timers = new Map<() => void, number>()
  return {
    now: () => 0,
    setTimer(fn, delayMs) {
      timers.set(fn, delayMs)
      return () => timers.delete(fn)
    },
    fire: delayMs =>
      timers.forEach((ofTimer, fn) => {
        if (delayMs === undefined || delayMs === ofTimer) fn()
      }),
  }
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** The memory of this process without what only waits to be collected. */
function residentBytes(): number {
  collectGarbage()
  return process.memoryUsage.rss()
}

test('send keeps no more of the response than its limit, and drops the connection of the rest', async t => {
  let sentBytes = 0
  const chunk = Buffer.alloc(64 * 1024)
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-length': 2 ** 30 })
    const write = (): void => {
      while (response.write(chunk)) sentBytes += chunk.length
      sentBytes += chunk.length
      response.once('drain', write)
    }
    write()
  })
  const port = await listen(t, server)
  const transport = transportFor(t)
  // The first rounds load and compile code, whose memory is not that of a response.
  let beforeBytes = Number.POSITIVE_INFINITY
  for (let round = -10; round < 5; round++) {
    if (round === 0) beforeBytes = residentBytes()
    const closed = Promise.withResolvers<void>()
    server.once('connection', socket => socket.on('close', closed.resolve))
    const response = await transport.send(post(`http://127.0.0.1:${port}/`), limits)
    assert.equal(response.body.length, 65_536)
    assert.equal(response.bodyTruncated, true)
    await closed.promise
  }
  assert.ok(residentBytes() - beforeBytes < 16 * 1024 * 1024)
  assert.ok(sentBytes < 15 * 13 * 1024 * 1024)
})

test('send calls a response of exactly its limit complete', async t => {
  const port = await listen(
    t,
    createServer((_, response) => response.end('12345678')),
  )
  const response = await transportFor(t).send(post(`http://127.0.0.1:${port}/`), { ...limits, responseLimitBytes: 8 })
  assert.equal(response.bodyTruncated, false)
  assert.equal(response.body.length, 8)
})

test('send ends a dripping body at the time limit, and its connection with it', async t => {
  const closed = Promise.withResolvers<void>()
  const server = createServer((_, response) => {
    response.on('close', closed.resolve)
    const drip = (): void => {
      if (!response.destroyed) response.write('a', () => setImmediate(drip))
    }
    drip()
  })
  const port = await listen(t, server)
  const sent = transportFor(t).send(post(`http://127.0.0.1:${port}/`), { ...limits, timeoutMs: 400 })
  const { status, body, bodyTruncated } = await sent
  assert.deepEqual([status, bodyTruncated], [200, true])
  assert.match(Buffer.from(body).toString(), /^a+$/)
  await closed.promise
})

test('send ends at the time limit where no response comes', async t => {
  const clock = handClock()
  const port = await listen(
    t,
    createServer(() => clock.fire()),
  )
  const sent = transportFor(t, clock).send(post(`http://127.0.0.1:${port}/`), limits)
  await assert.rejects(sent, (error: unknown) => error instanceof CallbackTimeoutError && error.timeoutMs === 10_000)
})

test('send says "connect" where a TLS handshake takes longer than a connection may', { timeout: 10_000 }, async t => {
  const clock = handClock()
  // It takes the connection and what comes on it, and never says a word.
  const server = createTcpServer(socket => socket.on('error', () => {}).once('data', () => clock.fire(5_000)))
  const port = await listen(t, server)
  const sent = transportFor(t, clock).send(post(`https://127.0.0.1:${port}/`), limits)
  await assert.rejects(sent, { code: 'ERR_CALLBACK_UNREACHABLE', reason: 'connect' })
})

test('send rejects with the reason of its signal, before and during the request', async t => {
  const controller = new AbortController()
  const reason = new Error('Shutting down')
  const port = await listen(
    t,
    createServer(() => controller.abort(reason)),
  )
  const send = (): Promise<unknown> =>
    transportFor(t).send(post(`http://127.0.0.1:${port}/`), { ...limits, signal: controller.signal })
  await assert.rejects(send(), reason)
  await assert.rejects(send(), reason)
})

test('send calls beforeConnect once, and writes nothing when it throws', async t => {
  let requests = 0
  const server = createServer((_, response) => {
    requests++
    response.end()
  })
  const port = await listen(t, server)
  const transport = transportFor(t)
  let calls = 0
  await transport.send(post(`http://127.0.0.1:${port}/`), { ...limits, beforeConnect: () => void calls++ })
  assert.equal(calls, 1)
  const lost = new Error('Lease lost')
  const beforeConnect = (): void => {
    throw lost
  }
  await assert.rejects(transport.send(post(`http://127.0.0.1:${port}/`), { ...limits, beforeConnect }), lost)
  await transport.send(post(`http://127.0.0.1:${port}/`), limits)
  assert.equal(requests, 2)
})

test('send listens to a signal once for all attempts on their way, and no longer than them', async t => {
  let arrived = 0
  let letGo = (): void => {}
  const together = new Promise<void>(resolve => {
    letGo = resolve
  })
  const { signal } = new AbortController()
  const counts: number[] = []
  const server = createServer(async (_, response) => {
    if (++arrived === 3) {
      counts.push(getEventListeners(signal, 'abort').length)
      letGo()
    }
    await together
    response.end()
  })
  const port = await listen(t, server)
  const transport = transportFor(t)
  const send = (): Promise<unknown> => transport.send(post(`http://127.0.0.1:${port}/`), { ...limits, signal })
  await Promise.all([send(), send(), send()])
  counts.push(getEventListeners(signal, 'abort').length)
  await send()
  counts.push(getEventListeners(signal, 'abort').length)
  assert.deepEqual(counts, [1, 0, 0])
})

test('send joins a response that comes byte by byte, in memory of its own', async t => {
  const server = createServer(request => {
    const chunks = '1\r\na\r\n'.repeat(60_000)
    request.socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`)
  })
  const port = await listen(t, server)
  const transport = transportFor(t)
  const send = (): Promise<{ body: Uint8Array }> => transport.send(post(`http://127.0.0.1:${port}/`), limits)
  const { body } = await send()
  assert.equal(Buffer.from(body).toString(), 'a'.repeat(60_000))
  assert.equal(body.buffer.byteLength, 60_000)
})
