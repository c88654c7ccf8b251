import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { type Clock, systemClock } from '../../clock.ts'
import { createDestinationPolicy } from '../policy.ts'
import { createGuardedTransport, type GuardedTransportOptions } from './guarded-transport.ts'
import type { Destination, IncomingResponse } from './transport.ts'

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'
const gone = 'HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n'
const timedOut = 'HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n'

/** What the receiver does about its request of this number on its connection of that number, both from 1. */
type Receive = (socket: Socket, request: number, connection: number) => void

interface Sending {
  readonly send: (destination: Destination, beforeConnect?: () => void) => Promise<IncomingResponse>
  /** The number of requests on each connection. */
  readonly connections: number[]
  /** The sockets of the receiver. */
  readonly sockets: Socket[]
  readonly clock: { nowMs: number }
  readonly close: () => Promise<void>
}

async function setUp(
  t: TestContext,
  receive: Receive,
  options: Partial<GuardedTransportOptions> = {},
): Promise<Sending> {
  const connections: number[] = []
  const sockets: Socket[] = []
  const server = createServer(socket => {
    const number = connections.push(0)
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', () => receive(socket, ++connections[number - 1]!, number))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const moved = { nowMs: 0 }
  const clock: Clock = { ...systemClock, now: () => moved.nowMs }
  const policy = createDestinationPolicy({ allow: ['127.0.0.1'] })
  const transport = createGuardedTransport({ policy, clock, ...options })
  t.after(async () => {
    await transport.close()
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const send: Sending['send'] = (destination, beforeConnect) => {
    const request = { method: 'POST', url, headers: {}, body: Buffer.from('{}') }
    const limits = { timeoutMs: 10_000, responseLimitBytes: 65_536, destination }
    return transport.send(request, { ...limits, ...(beforeConnect && { beforeConnect }) })
  }
  return { send, connections, sockets, clock: moved, close: () => transport.close() }
}

const of = (recipient: string | undefined, url = 'https://a.example/'): Destination => ({ url, recipient })

/** Who comes second on the host, and whether that is within a second of the first. */
const strangers: readonly (readonly [who: string, first: Destination, second: Destination])[] = [
  ['another recipient', of('a'), of('b')],
  ['a recipient, after nobody', of(undefined), of('b')],
  ['nobody, after a recipient', of('a'), of(undefined)],
  ['another destination without a recipient', of(undefined), of(undefined, 'https://a.example/other')],
]

for (const [who, first, second] of strangers) {
  test(`no connection passes to ${who} within a second of its last response`, async t => {
    const { send, connections, clock } = await setUp(t, socket => socket.write(ok))
    await send(first)
    clock.nowMs += 999
    await send(second)
    assert.deepEqual(connections, [1, 1])
    await send(first)
    await send(second)
    assert.deepEqual(connections, [2, 2])
  })

  test(`a second response to one destination is not taken for that to ${who}, a second later either`, async t => {
    const { send, connections, clock } = await setUp(t, (socket, _, connection) =>
      socket.write(connection === 1 ? ok + gone : ok),
    )
    assert.equal((await send(first)).status, 200)
    clock.nowMs += 1_000
    assert.equal((await send(second)).status, 200)
    assert.deepEqual(connections, [1, 1])
  })

  test(`${who} gets a connection that has been quiet for a second`, async t => {
    const { send, connections, clock } = await setUp(t, socket => socket.write(ok))
    await send(first)
    clock.nowMs += 1_000
    await send(second)
    assert.deepEqual(connections, [2])
  })
}

/** What comes after the response. */
const strays: readonly (readonly [what: string, bytes: string])[] = [
  ['a whole response', gone],
  ['the beginning of one', 'HTTP/1.1 5'],
  ['what is no HTTP', '220 mail.example ESMTP\r\n'],
]

for (const [what, bytes] of strays)
  test(`another destination of the recipient gets no connection on which ${what} came unasked`, {
    timeout: 10_000,
  }, async t => {
    // So that the connection is not closed for being idle
    const kept = ok.replace('\r\n', '\r\nkeep-alive: timeout=60\r\n')
    const { send, connections, sockets } = await setUp(t, socket => socket.write(kept))
    await send(of('a'))
    await send(of('a', 'https://a.example/other'))
    assert.deepEqual(connections, [2])
    const closed = once(sockets[0]!, 'close')
    sockets[0]?.write(bytes)
    await closed
    const { status } = await send(of('a'))
    assert.deepEqual([status, connections], [200, [2, 1]])
  })

/** When what nobody asked for comes. */
const moments: readonly (readonly [when: string, write: (socket: Socket, bytes: string) => void])[] = [
  ['in one piece with the response', (socket, bytes) => socket.write(ok + bytes)],
  ['in the next pass of the loop', (socket, bytes) => socket.write(ok, () => setImmediate(() => socket.write(bytes)))],
]

for (const [when, write] of moments)
  for (const [what, bytes] of strays)
    test(`a destination that sends ${what} unasked, ${when}, gets each request on a connection of its own`, async t => {
      const { send, connections, sockets } = await setUp(t, socket => write(socket, bytes))
      await send(of('a'))
      if (!sockets[0]?.closed) await once(sockets[0]!, 'close')
      for (let count = 0; count < 4; count++) assert.equal((await send(of('a'))).status, 200)
      assert.deepEqual(connections, [1, 1, 1, 1, 1])
    })

test('a destination whose late second response was taken for the next one is not misread again', async t => {
  const { send, connections, sockets } = await setUp(t, (socket, request, connection) => {
    // The second response to the first request comes before that to the second one
    if (connection === 1 && request === 2) socket.write(gone)
    socket.write(ok)
  })
  await send(of('a'))
  assert.equal((await send(of('a'))).status, 410)
  if (!sockets[0]?.closed) await once(sockets[0]!, 'close')
  for (let count = 0; count < 3; count++) assert.equal((await send(of('a'))).status, 200)
  assert.deepEqual(connections, [2, 1, 1, 1])
})

test('a destination that only closes its connections keeps using them', async t => {
  const { send, connections, sockets } = await setUp(t, (socket, request) =>
    request === 1 ? socket.write(ok) : socket.end(ok),
  )
  for (let count = 0; count < 4; count++) {
    await send(of('a'))
    if (count % 2 === 1) await once(sockets.at(-1)!, 'close')
  }
  assert.deepEqual(connections, [2, 2])
})

test('an empty line after a response is no part of the next one', async t => {
  const { send } = await setUp(t, socket => socket.write(`${ok}\r\n`))
  for (let count = 0; count < 3; count++) assert.equal((await send(of('a'))).status, 200)
})

test('idle connections are at most 8 to one origin, those used last', async t => {
  const { send, sockets } = await setUp(t, socket => socket.write(ok))
  for (let recipient = 0; recipient < 50; recipient++) await send(of(String(recipient)))
  while (sockets.filter(({ closed }) => !closed).length > 8) await new Promise(setImmediate)
  for (let recipient = 42; recipient < 50; recipient++) await send(of(String(recipient)))
  assert.equal(sockets.length, 50)
})

test('a 408 on a connection that was used before is no response, and the request goes out on a new one', async t => {
  const { send, connections } = await setUp(t, (socket, request) => socket.write(request === 1 ? ok : timedOut))
  await send(of('a'))
  assert.equal((await send(of('a'))).status, 200)
  assert.deepEqual(connections, [2, 1])
})

test('a 408 on a new connection is a response', async t => {
  const { send, connections } = await setUp(t, socket => socket.write(timedOut))
  assert.equal((await send(of('a'))).status, 408)
  assert.deepEqual(connections, [1])
})

/** How a receiver gives up a connection when the second request is on its way. */
const ends: readonly (readonly [how: string, end: Receive])[] = [
  ['closes', socket => socket.end()],
  ['resets', socket => socket.resetAndDestroy()],
  ['drops', socket => socket.destroy()],
]

for (const [how, end] of ends) {
  test(`a request goes out anew where the receiver ${how} a connection that was used before`, async t => {
    const { send, connections } = await setUp(t, (socket, request, connection) =>
      connection === 1 && request === 2 ? end(socket, request, connection) : socket.write(ok),
    )
    let asked = 0
    await send(of('a'), () => asked++)
    assert.equal((await send(of('a'), () => asked++)).status, 200)
    assert.deepEqual([connections, asked], [[2, 1], 3])
  })

  test(`a request goes out once where the receiver ${how} a new connection`, async t => {
    const { send, connections } = await setUp(t, end)
    await assert.rejects(send(of('a')), { code: 'ERR_CALLBACK_UNREACHABLE', reason: 'reset' })
    assert.deepEqual(connections, [1])
  })

  test(`a request goes out twice at most where the receiver ${how} each connection`, async t => {
    const { send, connections } = await setUp(t, (socket, request, connection) =>
      request === 1 && connection === 1 ? socket.write(ok) : end(socket, request, connection),
    )
    await send(of('a'))
    await assert.rejects(send(of('a')), { reason: 'reset' })
    assert.deepEqual(connections, [2, 1])
  })
}

test('a request goes out once where a byte of a response came', async t => {
  const { send, connections } = await setUp(t, (socket, request) =>
    request === 1 ? socket.write(ok) : socket.end('H'),
  )
  await send(of('a'))
  await assert.rejects(send(of('a')), { code: 'ERR_CALLBACK_UNREACHABLE' })
  assert.deepEqual(connections, [2])
})

test('a request that may not go out anew does not', async t => {
  const { send, connections } = await setUp(t, (socket, request) => (request === 1 ? socket.write(ok) : socket.end()))
  const lost = new Error('Lease lost')
  let asked = 0
  await send(of('a'))
  await assert.rejects(
    send(of('a'), () => {
      if (++asked === 2) throw lost
    }),
    lost,
  )
  assert.deepEqual(connections, [2, 0])
})

test('close waits for the requests that are on their way, and idle connections do not hold it up', async t => {
  const asked = Promise.withResolvers<Socket>()
  const { send, close } = await setUp(t, (socket, _, connection) =>
    connection === 1 ? socket.write(ok) : asked.resolve(socket),
  )
  await send(of('a'))
  const sent = send(of('b'))
  const socket = await asked.promise
  let isClosed = false
  const closed = close().then(() => {
    isClosed = true
  })
  for (let pass = 0; pass < 5; pass++) await new Promise(setImmediate)
  assert.equal(isClosed, false)
  socket.write(ok)
  assert.equal((await sent).status, 200)
  await closed
})
