import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { DnsServer, type DnsZone } from '../../../../test/support/dns-server.ts'
import { type Clock, systemClock } from '../../clock.ts'
import { DestinationRefusedError } from '../destination-refused-error.ts'
import { createDestinationPolicy } from '../policy.ts'
import type { DestinationRules } from '../rules.ts'
import { CallbackUnreachableError } from './callback-unreachable-error.ts'
import { createGuardedTransport } from './guarded-transport.ts'

const limits = { timeoutMs: 15_000, responseLimitBytes: 65_536 }
const here: DnsZone = (_, type) => (type === 'A' ? ['127.0.0.1'] : [])

interface SetUp {
  readonly rules?: DestinationRules
  readonly clock?: Clock
  readonly servers?: () => readonly string[]
}

/** A receiver on 127.0.0.1, a name server, and what sends to a name by them. */
async function setUp(t: TestContext, zone: DnsZone, { rules, clock = systemClock, servers }: SetUp = {}) {
  const receiver = createServer((_, response) => response.end())
  await once(receiver.listen(0, '127.0.0.1'), 'listening')
  const dns = await new DnsServer(zone).start()
  const policy = createDestinationPolicy({ allow: ['127.0.0.1'], ...rules })
  const transport = createGuardedTransport({ policy, clock, servers: servers ?? (() => [dns.server]) })
  t.after(async () => {
    await transport.close()
    receiver.close().closeAllConnections()
    await dns[Symbol.asyncDispose]()
  })
  const { port } = receiver.address() as AddressInfo
  const send = async (name: string, timeoutMs = limits.timeoutMs) => {
    const request = { method: 'POST', url: `http://${name}:${port}/`, headers: {}, body: undefined }
    return (await transport.send(request, { ...limits, timeoutMs })).status
  }
  return { send, dns, transport }
}

/** A clock of which a test moves the time; timers are real. */
function movedClock(): Clock & { nowMs: number } {
  return { ...systemClock, nowMs: 0, now: () => clock.nowMs } as Clock & { nowMs: number }
}
let clock = movedClock()

/** Waits until the name server has read what is in its socket, which drops what is too much. */
async function allAsked({ questions }: DnsServer): Promise<void> {
  for (let seen = -1; seen !== questions.length; await new Promise(setImmediate)) seen = questions.length
}

function isUnresolved(error: unknown): boolean {
  return error instanceof CallbackUnreachableError && error.reason === 'dns' && !error.neverBegan
}

for (const [kind, answer] of [
  ['silent', () => 'silence'],
  ['slow', () => new Promise<never>(() => {})],
  ['silent for AAAA and failing for A', (_, type) => (type === 'A' ? 'SERVFAIL' : 'silence')],
  ['answered with garbage', () => 'garbage'],
] as [string, DnsZone][])
  test(`send reaches honest names while 60 names are ${kind}`, async t => {
    const { send, dns } = await setUp(t, (name, type) => (name.endsWith('.evil.test') ? answer : here)(name, type))
    let ended = 0
    for (let count = 0; count < 60; count++)
      send(`n${count}.evil.test`).catch(() => {
        ended++
      })
    await allAsked(dns)
    const statuses = await Promise.all(Array.from({ length: 20 }, (_, count) => send(`n${count}.honest.test`)))
    assert.deepEqual(statuses, Array(20).fill(200))
    assert.equal(ended, kind.includes('garbage') ? ended : 0)
  })

for (const [kind, zone] of [
  ['whose AAAA server is silent', (_, type) => (type === 'A' ? ['127.0.0.1'] : 'silence')],
  ['whose AAAA server fails', (_, type) => (type === 'A' ? ['127.0.0.1'] : 'SERVFAIL')],
  ['that has no AAAA record', here],
  ['that AAAA is denied to exist', (_, type) => (type === 'A' ? ['127.0.0.1'] : 'NXDOMAIN')],
  ['with an alias', (_, type) => (type === 'A' ? { alias: 'edge.test', addresses: ['127.0.0.1'] } : [])],
] as [string, DnsZone][])
  test(`send reaches a name ${kind}`, async t => {
    const { send } = await setUp(t, zone)
    assert.equal(await send('hooks.test'), 200)
  })

for (const [kind, zone] of [
  ['NXDOMAIN', () => 'NXDOMAIN'],
  ['SERVFAIL', () => 'SERVFAIL'],
  ['REFUSED', () => 'REFUSED'],
  ['no address', () => []],
] as [string, DnsZone][])
  test(`send says "dns" for ${kind}, and asks again after 5 s`, async t => {
    clock = movedClock()
    let failing = true
    const { send, dns } = await setUp(t, (name, type) => (failing ? zone : here)(name, type), { clock })
    await assert.rejects(send('hooks.test'), isUnresolved)
    failing = false
    const asked = dns.questions.length
    clock.nowMs += 4_999
    await assert.rejects(send('hooks.test'), isUnresolved)
    assert.equal(dns.questions.length, asked)
    clock.nowMs += 1
    assert.equal(await send('hooks.test'), 200)
  })

test('send asks for all names of a minute from one socket, and then from another', async t => {
  clock = movedClock()
  const { send, dns } = await setUp(t, (name, type) => (name === 'silent.test' ? 'silence' : here(name, type)), {
    clock,
  })
  const ports = async (seconds: number) => {
    clock.nowMs = seconds * 1_000
    // One that waits keeps the socket open
    for (const waiting of dns.questions.length === 0 ? ['silent.test'] : []) send(waiting).catch(() => {})
    assert.equal(await send(`after-${seconds}.test`), 200)
    return dns.ports.size
  }
  assert.deepEqual([await ports(0), await ports(2), await ports(59), await ports(60)], [1, 1, 1, 2])
})

test('send judges what the name servers answer, of both kinds', async t => {
  const { send } = await setUp(t, (name, type) =>
    type === 'A' ? ['127.0.0.1'] : name === 'mixed.test' ? ['fd00::1'] : [],
  )
  await assert.rejects(send('mixed.test'), DestinationRefusedError)
  assert.equal(await send('single.test'), 200)
})

test('send asks the name servers for no name that is listed, and for none of localhost', async t => {
  const rules = { allow: ['127.0.0.1', 'listed.invalid', '*.lan.invalid', 'localhost', '*.localhost'] }
  const { send, dns } = await setUp(t, here, { rules })
  assert.deepEqual(
    await Promise.all(['localhost', 'a.localhost', 'localhost.'].map(name => send(name))),
    [200, 200, 200],
  )
  await assert.rejects(send('listed.invalid'), isUnresolved)
  await assert.rejects(send('hooks.lan.invalid'), isUnresolved)
  assert.deepEqual(dns.questions, [])
  assert.equal(await send('lan.invalid'), 200)
  assert.deepEqual(dns.questions.toSorted(), ['lan.invalid A', 'lan.invalid AAAA'])
})

test('send uses an answer that came after the end of the attempt', async t => {
  const { promise: late, resolve: answerNow } = Promise.withResolvers<void>()
  const { send, dns } = await setUp(t, async (name, type) => {
    await late
    return here(name, type)
  })
  await assert.rejects(send('slow.test', 20), isUnresolved)
  const next = send('slow.test')
  answerNow()
  assert.equal(await next, 200)
  assert.equal(dns.questions.length, 2)
})

test('send ends a look-up after the time that the rules give it', async t => {
  const { send } = await setUp(t, () => 'silence', { rules: { lookupTimeoutMs: 20 } })
  await assert.rejects(send('silent.test'), isUnresolved)
})

test('send begins at most 1,000 look-ups at a time; the oldest gives way once it is no longer young', async t => {
  clock = movedClock()
  const { send, dns } = await setUp(t, (name, type) => (name.endsWith('.evil.test') ? 'silence' : here(name, type)), {
    clock,
  })
  const errors: unknown[] = []
  for (let count = 0; count < 1_000; count++) send(`n${count}.evil.test`).catch(error => errors.push(error))
  await assert.rejects(send('first.test'), { reason: 'dns', neverBegan: true })
  await allAsked(dns)
  clock.nowMs += 500
  assert.equal(await send('second.test'), 200)
  clock.nowMs += 1_500
  send('more.evil.test').catch(() => {})
  assert.equal(await send('third.test'), 200)
  const neverBegan = errors.map(error => error instanceof CallbackUnreachableError && error.neverBegan)
  assert.deepEqual(neverBegan, [true, false])
})

test('send asks again where the old name server refuses connections and another one is set by then', async t => {
  let reads = 0
  const { send, dns } = await setUp(t, here, { servers: () => [reads++ === 0 ? '127.0.0.1:1' : dns.server] })
  assert.equal(await send('early.test'), 200)
  assert.deepEqual(dns.questions.toSorted(), ['early.test A', 'early.test AAAA'])
})

test('send does not ask again where the only name server refuses connections', async t => {
  const { send } = await setUp(t, here, { servers: () => ['127.0.0.1:1'] })
  await assert.rejects(send('early.test'), isUnresolved)
})

for (const old of ['refuses connections', 'is silent'])
  test(`send asks other name servers as soon as they are set, where the old one ${old}`, async t => {
    clock = movedClock()
    const first = await new DnsServer(() => 'silence').start()
    let servers = [first.server]
    const { send, dns } = await setUp(t, here, { clock, servers: () => servers })
    const waiting = send('early.test', 15_000)
    waiting.catch(() => {})
    if (old === 'refuses connections') await first[Symbol.asyncDispose]()
    servers = [dns.server]
    clock.nowMs += 1_000
    assert.equal(await send('later.test'), 200)
    if (old === 'is silent') await first[Symbol.asyncDispose]()
  })
