import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { systemClock } from '../clock.ts'
import { createDelivery } from '../delivery/create-delivery.ts'
import type { DeliveryOptions } from '../delivery/delivery-options.ts'
import type { DeliveryRequest } from '../delivery/delivery-request.ts'
import { ManualClock } from '../manual-clock.ts'
import { memoryStore } from './memory-store.ts'

/** A receiver that is told the first line of each request, and an engine that may send there. */
async function setUp(
  t: TestContext,
  receive: (socket: Socket, path: string) => void,
  options: Partial<DeliveryOptions> = {},
) {
  const sockets = new Set<Socket>()
  const paths: string[] = []
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', data => {
      const path = data.toString().split(' ')[1] ?? ''
      paths.push(path)
      receive(socket, path)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const clock = new ManualClock()
  const delivery = createDelivery({
    store: memoryStore(),
    signing: { masterSecret: 'm'.repeat(32) },
    destinations: { allow: ['127.0.0.1'] },
    ...{ clock, random: () => 0 },
    ...options,
  })
  t.after(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await delivery.close({ graceMs: 0 })
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const request = (path: string, given: Partial<DeliveryRequest> = {}): DeliveryRequest => {
    const destination = origin + path
    const names = { operation: 'createInvoice', callback: 'paid', method: 'POST' }
    return { ...names, url: destination, destination, body: Buffer.from('{"paid":true}'), ...given }
  }
  const deliver = async (path: string, given: Partial<DeliveryRequest> = {}) => {
    const { id } = await delivery.send(request(path, given))
    await delivery.deliverDue()
    const found = await delivery.deliveries.get(id)
    assert.ok(found)
    return found
  }
  return { delivery, deliver, request, clock, paths }
}

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{"ok":true}'

/** What one path of a host may do that says nothing of the others. */
const pathFaults: readonly (readonly [what: string, fault: (socket: Socket) => void])[] = [
  ['a reset', socket => socket.resetAndDestroy()],
  ['a connection that is closed', socket => socket.end()],
  ['what is no HTTP', socket => socket.end('hello')],
  ['a head that is cut', socket => socket.end('HTTP/1.1 200 OK\r\ncontent-le')],
  ['an impossible status', socket => socket.end('HTTP/1.1 007 Bond\r\ncontent-length: 0\r\n\r\n')],
]

for (const [what, fault] of pathFaults)
  test(`${what} at one path stops no other of the same host`, async t => {
    const { deliver, delivery, clock, paths } = await setUp(t, (socket, path) =>
      path === '/a' ? fault(socket) : socket.write(ok),
    )
    assert.equal((await deliver('/a')).attempts[0]?.outcome, 'unreachable')
    for (let round = 0; round < 8; round++) {
      clock.advance(7_200_000)
      await delivery.deliverDue()
    }
    assert.ok(paths.length >= 6)
    const { state, attemptCount } = await deliver('/b')
    assert.deepEqual([state, attemptCount], ['delivered', 1])
  })

const chunked = 'transfer-encoding: chunked\r\n\r\n'

/** How a body that was begun does not come to its end. */
const cuts: readonly (readonly [how: string, cut: (socket: Socket) => void])[] = [
  ['is cut', socket => socket.end(`content-length: 50\r\n\r\n{"ok":`)],
  ['is reset', socket => socket.write(`${chunked}3\r\n{"o\r\n`, () => setImmediate(() => socket.resetAndDestroy()))],
  ['never comes', socket => socket.write('content-length: 50\r\n\r\n')],
  ['stops', socket => socket.write(`${chunked}3\r\n{"o\r\n`)],
]

for (const [how, cut] of cuts) {
  /** With real time, of which an attempt has little. */
  const receiving = (t: TestContext, head: string) => {
    const receive = (socket: Socket): void => {
      socket.write(`HTTP/1.1 ${head}\r\n`)
      cut(socket)
    }
    return setUp(t, receive, { clock: systemClock, timeoutMs: 300 })
  }

  for (const head of ['200 OK', '202 Accepted', '299 Fine'])
    test(`a delivery whose response is ${head} with a body that ${how} is delivered, and its body not checked`, async t => {
      const { deliver } = await receiving(t, head)
      const responses = { '2XX': { schema: { type: 'object' as const, required: ['ok'] } } }
      const found = await deliver('/a', { responses, retryOnInvalidResponse: true })
      assert.deepEqual([found.state, found.attemptCount, found.responseValid], ['delivered', 1, undefined])
      assert.equal(found.attempts[0]?.responseTruncated, true)
    })

  test(`a delivery whose response is a 410 with a body that ${how} has failed`, async t => {
    const { deliver } = await receiving(t, '410 Gone')
    const { state, attemptCount } = await deliver('/a')
    assert.deepEqual([state, attemptCount], ['failed', 1])
  })

  for (const status of ['429 Slow down', '503 Busy', '500 Oh'])
    test(`the Retry-After of a ${status} whose body ${how} is kept`, async t => {
      const { deliver } = await receiving(t, `${status}\r\nretry-after: 4000`)
      const { state, attempts, createdAt, nextAttemptAt = 0 } = await deliver('/a')
      assert.deepEqual([state, attempts[0]?.status], ['scheduled', Number(status.slice(0, 3))])
      assert.ok(nextAttemptAt >= createdAt + 4_000_000)
    })
}

test('an attempt and the log say what kept a delivery from its destination', async t => {
  const lines: unknown[] = []
  const write = (message: string, fields?: object): void => void lines.push([message, fields])
  const log = { debug: write, info: write, warn: write, error: write }
  const { deliver } = await setUp(t, () => {}, { log, retryDelaysSeconds: [0] })
  const closed = await new Promise<number>(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
  const origin = `http://127.0.0.1:${closed}`
  const { attempts, state } = await deliver('/', { url: `${origin}/`, destination: `${origin}/` })
  const reason = `Cannot reach "${origin}": the connection was refused`
  assert.deepEqual([state, attempts[0]?.error], ['failed', reason])
  const told = lines.find(line => Array.isArray(line) && line[0] === 'A delivery failed')
  assert.equal((told as [string, { reason: string }])[1].reason, reason)
})

test('close closes the connections that the engine has opened itself', { timeout: 10_000 }, async t => {
  const closed = Promise.withResolvers<void>()
  const { delivery, deliver } = await setUp(t, socket => {
    socket.once('close', () => closed.resolve())
    socket.write(ok.replace('\r\n', '\r\nkeep-alive: timeout=60\r\n'))
  })
  assert.equal((await deliver('/a')).state, 'delivered')
  await delivery.close()
  await closed.promise
})
