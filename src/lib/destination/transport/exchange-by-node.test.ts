import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import tls from 'node:tls'
import { createDestinationPolicy } from '../policy.ts'
import { createGuardedTransport } from './guarded-transport.ts'
import type { IncomingResponse, TransportOptions } from './transport.ts'

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')
const cert = fixture('hooks.test.cert.pem')
const key = fixture('hooks.test.key.pem')
tls.setDefaultCACertificates([cert])

const continued = 'HTTP/1.1 100 Continue\r\n\r\n'

interface Receiver {
  readonly send: (url?: string, options?: Partial<TransportOptions>) => Promise<IncomingResponse>
  readonly requests: string[]
}

/** A receiver of raw bytes, and a transport. */
async function setUp(t: TestContext, scheme: string, receive: (socket: Socket) => void): Promise<Receiver> {
  const requests: string[] = []
  const take = (socket: Socket): void => {
    socket.on('error', () => {})
    socket.on('data', data => {
      requests.push(data.toString())
      receive(socket)
    })
  }
  const server = scheme === 'https' ? tls.createServer({ cert, key }, take) : createServer(take)
  await once(server.listen(0, '127.0.0.2'), 'listening')
  const policy = createDestinationPolicy({ allow: ['127.0.0.2'], resolver: async () => ['127.0.0.2'] })
  const transport = createGuardedTransport({ policy })
  t.after(async () => {
    await transport.close()
    server.close()
  })
  const origin = `${scheme}://hooks.test:${(server.address() as AddressInfo).port}`
  const send: Receiver['send'] = (path = '/a?b=1', options = {}) => {
    const request = { method: 'POST', url: origin + path, headers: { 'x-a': 'b' }, body: Buffer.from('{"n":1}') }
    return transport.send(request, { timeoutMs: 5_000, responseLimitBytes: 8, ...options })
  }
  return { send, requests }
}

const text = ({ status, body, bodyTruncated }: IncomingResponse) => [
  status,
  Buffer.from(body).toString(),
  bodyTruncated,
]

const responses: readonly (readonly [response: string, status: number, body: string, truncated: boolean])[] = [
  [`${continued}HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok`, 200, 'ok', false],
  [
    `${continued}${continued}HTTP/1.1 202 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
    202,
    'ok',
    false,
  ],
  [`${continued}HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n`, 410, '', false],
  [`${continued}HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n1234567890`, 200, '12345678', true],
]

for (const scheme of ['http', 'https'])
  for (const [response, ...expected] of responses)
    test(`an unasked 100 Continue over ${scheme} fails one request, and the next is read: ${expected}`, async t => {
      const { send, requests } = await setUp(t, scheme, socket => socket.write(response))
      await assert.rejects(send(), {
        ...{ code: 'ERR_CALLBACK_UNREACHABLE', reason: 'protocol', detail: 'unasked-continue', ofHost: false },
      })
      for (let round = 0; round < 2; round++) assert.deepEqual(text(await send()), expected)
      const [first, second] = requests.map(request => request.replace(/^connection: .*\r\n/im, ''))
      const lines = (request = ''): string[] => request.split('\r\n').sort()
      assert.deepEqual(lines(second), lines(first))
      // Another destination of the host is still read by undici
      await assert.rejects(send('/other'), { detail: 'unasked-continue' })
    })

test('a cut body after an unasked 100 Continue leaves its status', async t => {
  const { send } = await setUp(t, 'http', socket =>
    socket.end(`${continued}HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab`),
  )
  await assert.rejects(send(), { reason: 'protocol' })
  assert.deepEqual(text(await send()), [200, 'ab', true])
})

test('a request that is read by node:http ends at its time limit, and writes nothing where it may not', async t => {
  const { send, requests } = await setUp(t, 'http', socket => socket.write(continued))
  await assert.rejects(send(), { reason: 'protocol' })
  await assert.rejects(send(undefined, { timeoutMs: 200 }), { code: 'ERR_CALLBACK_TIMEOUT' })
  const lost = new Error('Lease lost')
  const beforeConnect = (): void => {
    throw lost
  }
  await assert.rejects(send(undefined, { beforeConnect }), lost)
  assert.equal(requests.length, 2)
})

test('a request that is read by node:http ends where 100 Continue comes without end', async t => {
  const { send } = await setUp(t, 'http', socket => {
    const write = (): void => {
      while (!socket.destroyed && socket.write(continued.repeat(100)));
      socket.once('drain', write)
    }
    write()
  })
  for (let round = 0; round < 2; round++) await assert.rejects(send(), { reason: 'protocol' })
})
