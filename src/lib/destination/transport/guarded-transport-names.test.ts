import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { promises as dns } from 'node:dns'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { type TestContext, test } from 'node:test'
import { type Clock, systemClock } from '../../clock.ts'
import { parseIpAddress } from '../address/ip-address.ts'
import { DestinationRefusedError } from '../destination-refused-error.ts'
import { createDestinationPolicy, type DestinationPolicyOptions } from '../policy.ts'
import { CallbackUnreachableError } from './callback-unreachable-error.ts'
import { createGuardedTransport } from './guarded-transport.ts'
import type { OutgoingRequest, Transport } from './transport.ts'

const limits = { timeoutMs: 10_000, responseLimitBytes: 65_536 }
const recordTypes: Readonly<Record<number, 'A' | 'AAAA'>> = { 1: 'A', 28: 'AAAA' }

type Zone = (name: string, type: 'A' | 'AAAA') => readonly string[] | undefined

/** A DNS server (RFC 1035) on loopback that answers from `zone`, and the resolver that asks it; `undefined` gives no answer at all. */
async function resolverFor(t: TestContext, zone: Zone): Promise<dns.Resolver> {
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => {
    const labels: string[] = []
    let offset = 12
    for (; query[offset] !== 0; offset += query[offset]! + 1) {
      labels.push(query.toString('latin1', offset + 1, offset + 1 + query[offset]!))
    }
    const type = recordTypes[query.readUInt16BE(offset + 1)]
    const addresses = type && zone(labels.join('.').toLowerCase(), type)
    if (addresses === undefined) return
    const header = Buffer.from([query[0]!, query[1]!, 0x81, 0x80, 0, 1, 0, addresses.length, 0, 0, 0, 0])
    socket.send(Buffer.concat([header, query.subarray(12, offset + 5), ...addresses.map(addressRecord)]), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  t.after(() => socket.close())
  const resolver = new dns.Resolver({ timeout: 1_000, tries: 1 })
  resolver.setServers([`127.0.0.1:${socket.address().port}`])
  return resolver
}

/** A record for the name of the question, with a time to live of 0 seconds. */
function addressRecord(text: string): Buffer {
  const address = parseIpAddress(text)!
  const type = address.length === 4 ? 1 : 28
  return Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, address.length, ...address])
}

async function listen(t: TestContext, server: Server, host: string, port = 0): Promise<number> {
  server.listen(port, host)
  await once(server, 'listening')
  t.after(() => server.close())
  return (server.address() as AddressInfo).port
}

function transportFor(t: TestContext, options: DestinationPolicyOptions, clock: Clock = systemClock): Transport {
  const transport = createGuardedTransport({ policy: createDestinationPolicy(options), clock, lookupTimeoutMs: 1_500 })
  t.after(() => transport.close())
  return transport
}

function post(url: string): OutgoingRequest {
  return { method: 'POST', url, headers: {}, body: Buffer.from('{"paid":true}') }
}

test('send never reaches the private address that a public name turns to', async t => {
  let nowMs = 0
  let answer = ['127.0.0.2']
  let privatePackets = 0
  const hosts: (string | undefined)[] = []
  const server = createServer((request, response) => {
    hosts.push(request.headers.host)
    response.setHeader('connection', 'close').end()
  })
  const port = await listen(t, server, '127.0.0.2')
  await listen(
    t,
    createTcpServer(() => privatePackets++),
    '127.0.0.3',
    port,
  )
  const resolver = await resolverFor(t, (_, type) => (type === 'A' ? answer : []))
  const transport = transportFor(t, { allow: ['127.0.0.2'], resolver }, { ...systemClock, now: () => nowMs })
  const send = () => transport.send(post(`http://rebind.test:${port}/`), limits)

  assert.equal((await send()).address, '127.0.0.2')
  answer = ['127.0.0.3']
  // Within 5 s a new connection is made, to the address that was judged
  assert.equal((await send()).address, '127.0.0.2')
  nowMs = 5_000
  await assert.rejects(send(), (error: unknown) => error instanceof DestinationRefusedError && !error.permanent)
  answer = ['127.0.0.2', '127.0.0.3']
  await assert.rejects(send(), DestinationRefusedError)
  answer = ['127.0.0.2']
  assert.equal((await send()).address, '127.0.0.2')
  assert.equal(privatePackets, 0)
  assert.deepEqual(hosts, Array(3).fill(`rebind.test:${port}`))
})

test('send refuses a name by its AAAA answer too', async t => {
  const resolver = await resolverFor(t, (name, type) =>
    type === 'A' ? ['127.0.0.2'] : name === 'mixed.test' ? ['::1'] : [],
  )
  const port = await listen(
    t,
    createServer((_, response) => response.end()),
    '127.0.0.2',
  )
  const transport = transportFor(t, { allow: ['127.0.0.2'], resolver })
  await assert.rejects(transport.send(post(`http://mixed.test:${port}/`), limits), DestinationRefusedError)
  assert.equal((await transport.send(post(`http://single.test:${port}/`), limits)).status, 200)
})

test('send looks a name up once for requests at the same time', async t => {
  let lookups = 0
  const resolver = await resolverFor(t, (_, type) => {
    if (type === 'A') lookups++
    return type === 'A' ? ['127.0.0.2'] : []
  })
  const port = await listen(
    t,
    createServer((_, response) => response.end()),
    '127.0.0.2',
  )
  const transport = transportFor(t, { allow: ['127.0.0.2'], resolver })
  await Promise.all(Array.from({ length: 20 }, () => transport.send(post(`http://hooks.test:${port}/`), limits)))
  assert.equal(lookups, 1)
})

test('send says "dns" where the look-up takes longer than its budget', async t => {
  const clock: Clock = {
    now: () => 0,
    setTimer(fn, delayMs) {
      if (delayMs === 1_500) setImmediate(fn)
      return () => {}
    },
  }
  const transport = transportFor(t, { resolver: () => new Promise(() => {}) }, clock)
  await assert.rejects(
    transport.send(post('http://slow-dns.test/'), limits),
    (error: unknown) => error instanceof CallbackUnreachableError && error.reason === 'dns',
  )
})

test('send looks names up by the system where no resolver is given', async t => {
  const port = await listen(
    t,
    createServer((_, response) => response.end()),
    '127.0.0.1',
  )
  const response = await transportFor(t, { allow: ['localhost'] }).send(post(`http://localhost:${port}/`), limits)
  assert.equal(response.address, '127.0.0.1')
  await assert.rejects(transportFor(t, {}).send(post(`http://no-such-name.invalid:${port}/`), limits), {
    reason: 'dns',
  })
})

interface SsrfCase {
  readonly url: string
  readonly expect: string
  readonly why: string
  readonly whatwgHost: string | null
}

const cases: readonly SsrfCase[] = JSON.parse(
  readFileSync(new URL('../fixtures/ssrf-cases.test.json', import.meta.url), 'utf8'),
)

// "not-followed" and "timeout" are about what a server does, and are tested with one beside this file
const reasonsOf: Readonly<Record<string, readonly string[]>> = {
  'invalid-url': ['invalid-url'],
  'deny-by-port': ['port'],
  deny: ['address', 'name', 'scheme', 'user-info', 'fragment'],
}

const addressesOf: Readonly<Record<string, readonly string[]>> = {
  'ip6-localhost': ['::1'],
  '127.0.0.1.nip.io': ['127.0.0.1'],
  'mixed.test': ['93.184.216.34', '127.0.0.1'],
  'aaaa-private.test': ['93.184.216.34', '::1'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'selfpublic.test': ['93.184.216.99'],
}

for (const { url, expect, why, whatwgHost } of cases) {
  test(`judgeUrl or send has the verdict "${expect}" for ${JSON.stringify(url)}: ${why}`, async t => {
    assert.equal(URL.parse(url)?.hostname ?? null, whatwgHost)
    const zone: Zone = (name, type) =>
      addressesOf[name]?.filter(address => (type === 'AAAA') === address.includes(':')) ?? []
    const resolver = await resolverFor(t, zone)
    const options = { resolver, ownAddresses: () => ['93.184.216.99'] }
    const verdict = createDestinationPolicy(options).judgeUrl(url)
    const reasons = reasonsOf[expect]
    assert.equal(verdict.allowed, reasons === undefined)
    if (!verdict.allowed) assert.ok(reasons?.includes(verdict.reason), verdict.reason)
    if (expect === 'deny-after-dns') {
      await assert.rejects(transportFor(t, options).send(post(url), limits), DestinationRefusedError)
    }
    if (expect === 'dns-error') {
      await assert.rejects(transportFor(t, options).send(post(url), limits), CallbackUnreachableError)
    }
  })
}

test('send goes to what was judged, whatever the resolver makes of its list afterwards', async t => {
  const asked: string[] = []
  const server = (host: string): Server =>
    createServer((_, response) => {
      asked.push(host)
      response.end()
    })
  const port = await listen(t, server('127.0.0.2'), '127.0.0.2')
  await listen(t, server('127.0.0.1'), '127.0.0.1', port)
  const list = ['127.0.0.2']
  const check = (): boolean => {
    list[0] = '127.0.0.1'
    return true
  }
  const transport = transportFor(t, { allow: ['127.0.0.2'], resolver: async () => list, check })
  for (let round = 0; round < 2; round++) await transport.send(post(`http://hooks.test:${port}/`), limits)
  assert.deepEqual(asked, ['127.0.0.2', '127.0.0.2'])
})
