import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { createDestinationPolicy } from '../policy.ts'
import { createGuardedTransport } from './guarded-transport.ts'
import type { Transport } from './transport.ts'

async function listen(t: TestContext, respond: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer(respond).listen(0, '0.0.0.0')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { server, port: (server.address() as AddressInfo).port }
}

function transportFor(t: TestContext, socketLimit: number): Transport {
  const policy = createDestinationPolicy({ allow: ['127.0.0.0/8'] })
  const transport = createGuardedTransport({ policy, socketLimit })
  t.after(() => transport.close())
  return transport
}

async function send(transport: Transport, url: string, timeoutMs = 10_000): Promise<number> {
  const request = { method: 'POST', url, headers: {}, body: Buffer.from('{}') }
  return (await transport.send(request, { timeoutMs, responseLimitBytes: 65_536 })).status
}

for (const addresses of [60, 7, 1]) {
  test(`60 requests to ${addresses} addresses have no more than 4 sockets, and all are answered`, async t => {
    const waiting: ServerResponse[] = []
    let most = 0
    const { port } = await listen(t, (request, response) => {
      request.resume()
      most = Math.max(most, waiting.push(response))
      if (waiting.length === 4) for (const each of waiting.splice(0)) each.end()
    })
    const transport = transportFor(t, 4)
    const url = (index: number): string => `http://127.0.1.${1 + (index % addresses)}:${port}/`
    const sent = Array.from({ length: 60 }, (_, index) => send(transport, url(index)))
    assert.deepEqual(await Promise.all(sent), Array(60).fill(200))
    assert.equal(most, 4)
  })
}

test('the connection that has been idle for longest is closed for a new one', async t => {
  const { server, port } = await listen(t, (_, response) => response.end())
  const transport = transportFor(t, 3)
  const closed: string[] = []
  const firstClosed = Promise.withResolvers<void>()
  server.on('connection', socket => {
    const { localAddress } = socket
    socket.on('close', () => {
      closed.push(localAddress ?? '')
      firstClosed.resolve()
    })
  })
  for (const address of ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.1', '127.0.0.4'])
    assert.equal(await send(transport, `http://${address}:${port}/`), 200)
  await firstClosed.promise
  assert.deepEqual(closed, ['127.0.0.2'])
})

test('a request that gets no socket ends at its time limit, and those after it get one', async t => {
  const waiting: ServerResponse[] = []
  const arrived = Promise.withResolvers<void>()
  const { port } = await listen(t, (_, response) => {
    if (waiting.push(response) === 1) arrived.resolve()
    else response.end()
  })
  const transport = transportFor(t, 1)
  const first = send(transport, `http://127.0.0.1:${port}/`)
  await arrived.promise
  await assert.rejects(send(transport, `http://127.0.0.2:${port}/`, 20), { code: 'ERR_CALLBACK_TIMEOUT' })
  waiting[0]?.end()
  assert.equal(await first, 200)
  for (const address of ['127.0.0.3', '127.0.0.1'])
    assert.equal(await send(transport, `http://${address}:${port}/`), 200)
})

test('connections that do not come about give their places back', async t => {
  const { server, port } = await listen(t, (_, response) => response.end())
  const transport = transportFor(t, 2)
  const closed = createServer().listen(0, '0.0.0.0')
  await once(closed, 'listening')
  const { port: closedPort } = closed.address() as AddressInfo
  closed.close()
  for (let round = 0; round < 10; round++)
    await assert.rejects(send(transport, `http://127.0.0.${1 + round}:${closedPort}/`), { reason: 'refused' })
  assert.equal(await send(transport, `http://127.0.0.1:${port}/`), 200)
  assert.ok(server.listening)
})

const program = (port: number): string => `
  import { createDelivery } from '${new URL('../../delivery/create-delivery.ts', import.meta.url)}'
  import { memoryStore } from '${new URL('../../store/memory-store.ts', import.meta.url)}'
  const engine = createDelivery({
    store: memoryStore(),
    signing: { masterSecret: 'm'.repeat(32) },
    destinations: { allow: ['127.0.0.0/8'] },
    callConcurrency: { total: 1_000 },
  })
  const request = index => {
    const url = 'http://127.0.' + (index >> 6) + '.' + (1 + index % 64) + ':${port}/'
    return { operation: 'o', callback: 'c', method: 'POST', url, destination: url, body: Buffer.from('{}') }
  }
  const numbers = Array.from({ length: 400 }, (_, index) => index)
  for (const index of numbers) await engine.send(request(index))
  await engine.deliverDue()
  const { items } = await engine.deliveries.list({ state: 'delivered', limit: 500 })
  const calls = await Promise.all(numbers.map(async index => (await engine.call(request(index))).status))
  console.log(items.length, items.every(({ attemptCount }) => attemptCount === 1), calls.every(status => status === 200))
  await engine.close()
`

test('a process that may have 128 files open delivers and calls to 400 addresses without a failure', async t => {
  const { port } = await listen(t, (request, response) => {
    request.resume()
    setImmediate(() => setImmediate(() => response.end()))
  })
  const child = spawn(
    '/bin/sh',
    ['-c', 'ulimit -n 128; exec "$0" --input-type=module -e "$1"', process.execPath, program(port)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const output = (await child.stdout.toArray()).join('').trim()
  assert.equal(output, '400 true true')
})
