import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { DnsServer, type DnsZone } from '../../../../test/support/dns-server.ts'
import { createDestinationPolicy } from '../policy.ts'
import type { DestinationRules } from '../rules.ts'
import { createGuardedTransport, type GuardedTransportOptions } from './guarded-transport.ts'

/** After how many milliseconds an address takes a connection: `never`, and nothing comes back, or `refused`, and that does. */
type Accepts = number | 'never' | 'refused'

interface Network {
  readonly send: (timeoutMs?: number) => Promise<string | undefined>
  /** The addresses that were tried, in order. */
  readonly tried: string[]
  /** The addresses that got a request. */
  readonly asked: string[]
  /** Resolves when every connection but those that got a request is closed. */
  readonly othersClosed: () => Promise<void>
}

/** A network whose addresses take connections as the test says: a proxy stands in for all of them. */
async function setUp(
  t: TestContext,
  accepts: Readonly<Record<string, Accepts>>,
  rules: DestinationRules = {},
  options: Partial<GuardedTransportOptions> = {},
): Promise<Network> {
  const tried: string[] = []
  const asked: string[] = []
  const idle = new Set<Duplex>()
  const open = (address: string, socket: Duplex): void => {
    socket.write('HTTP/1.1 200 Connected\r\n\r\n')
    socket.on('data', () => {
      idle.delete(socket)
      asked.push(address)
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
    })
  }
  const proxy = createServer().on('connect', ({ url = '' }, socket: Duplex) => {
    const address = url.replace(/:80$/, '').replace(/^\[(.*)\]$/, '$1')
    tried.push(address)
    idle.add(socket)
    socket
      .on('error', () => {})
      .on('end', () => socket.end())
      .on('close', () => idle.delete(socket))
      .resume()
    const when = accepts[address] ?? 'refused'
    if (when === 'refused') socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    else if (when !== 'never') setTimeout(open, when, address, socket)
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  const policy = createDestinationPolicy({
    ...(options.servers === undefined && { resolver: async () => Object.keys(accepts) }),
    proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    ...rules,
  })
  const transport = createGuardedTransport({ policy, ...options })
  t.after(async () => {
    await transport.close()
    proxy.close().closeAllConnections()
    for (const socket of idle) socket.destroy()
  })
  const send = async (timeoutMs = 10_000): Promise<string | undefined> => {
    const request = { method: 'POST', url: 'http://hooks.test/', headers: {}, body: undefined }
    return (await transport.send(request, { timeoutMs, responseLimitBytes: 65_536 })).address
  }
  const othersClosed = async (): Promise<void> => {
    while (idle.size > 0) await new Promise(setImmediate)
  }
  return { send, tried, asked, othersClosed }
}

const [a, b, c, d, v6, w6] = [
  '93.184.216.1',
  '93.184.216.2',
  '93.184.216.3',
  '93.184.216.4',
  '2606:4700::1',
  '2606:4700::2',
]

const swallowing: readonly (readonly [
  what: string,
  accepts: Record<string, Accepts>,
  winner: string,
  tried: string[],
])[] = [
  ['the first swallows packets', { [a]: 'never', [b]: 0 }, b, [a, b]],
  ['two swallow packets', { [a]: 'never', [b]: 'never', [c]: 0 }, c, [a, b, c]],
  ['one kind does', { [v6]: 'never', [w6]: 'never', [a]: 0 }, a, [v6, a]],
  ['the first takes 400 ms, and the second never', { [a]: 400, [b]: 'never' }, a, [a, b]],
  ['the first takes 400 ms, and the others fail', { [a]: 400, [b]: 'refused', [c]: 'refused' }, a, [a, b, c]],
  ['the second is faster than the first', { [a]: 600, [b]: 0 }, b, [a, b]],
  ['the first fails', { [a]: 'refused', [b]: 0 }, b, [a, b]],
]

for (const [what, accepts, winner, tried] of swallowing)
  test(`send goes to the first address that takes a connection where ${what}`, async t => {
    const network = await setUp(t, accepts)
    assert.equal(await network.send(), winner)
    assert.deepEqual(network.tried, tried)
    await network.othersClosed()
    assert.deepEqual(network.asked, [winner])
  })

test('send remembers which address took no connection', async t => {
  const { send, tried } = await setUp(t, { [a]: 'never', [b]: 'never', [c]: 0 }, {}, { idleConnections: { total: 0 } })
  assert.deepEqual([await send(), await send(), await send()], [c, c, c])
  assert.deepEqual(tried, [a, b, c, c, c])
})

test('send tries the families in turn', async t => {
  const accepts = { [v6]: 'refused', [w6]: 'refused', [a]: 'refused', [b]: 'refused', [c]: 'refused', [d]: 0 } as const
  const { send, tried } = await setUp(t, accepts)
  assert.equal(await send(), d)
  assert.deepEqual(tried, [v6, a, w6, b, c, d])
})

test('send fails where no address takes a connection', async t => {
  const { send } = await setUp(t, { [a]: 'refused', [b]: 'refused' })
  await assert.rejects(send(), { code: 'ERR_CALLBACK_UNREACHABLE', reason: 'proxy' })
})

test('send times out where every address swallows packets, and closes what it began', async t => {
  const { send, othersClosed, tried, asked } = await setUp(t, { [a]: 'never', [b]: 'never' })
  await assert.rejects(send(400), { code: 'ERR_CALLBACK_TIMEOUT' })
  await othersClosed()
  assert.deepEqual([tried, asked], [[a, b], []])
})

/** What the name server says of a name, AAAA after 150 ms. */
const lateAaaa = (t: TestContext, aaaa: readonly string[]): Promise<DnsServer> => {
  const zone: DnsZone = async (_, type) => {
    if (type === 'A') return [a]
    await new Promise(resolve => setTimeout(resolve, 150))
    return aaaa
  }
  const dns = new DnsServer(zone)
  t.after(() => dns[Symbol.asyncDispose]())
  return dns.start()
}

const late: readonly (readonly [what: string, aaaa: readonly string[], rules: DestinationRules, tried: string[]])[] = [
  ['uses an address of the kind that comes late', [v6], {}, [a, v6]],
  ['tries no address that comes late and is private', ['fd00::1'], {}, [a]],
  ['tries no address that comes late beside a private one', [v6, '::1'], {}, [a]],
  ['tries no address that comes late and is denied', [v6], { deny: [`${v6}/128`] }, [a]],
  [
    'tries no address that comes late and "check" refuses',
    [v6],
    { check: ({ addresses }) => addresses.length === 1 },
    [a],
  ],
]

for (const [what, aaaa, rules, tried] of late)
  test(`send ${what}`, async t => {
    const dns = await lateAaaa(t, aaaa)
    const network = await setUpDns(t, dns, rules)
    if (tried.length > 1) assert.equal(await network.send(), v6)
    else await assert.rejects(network.send(1_000), { code: 'ERR_CALLBACK_TIMEOUT' })
    assert.deepEqual(network.tried, tried)
  })

function setUpDns(t: TestContext, dns: DnsServer, rules: DestinationRules): Promise<Network> {
  return setUp(t, { [a]: 'never', [v6]: 0 }, rules, { servers: () => [dns.server] })
}

test('send does not wait for a kind of address that never comes', async t => {
  const dns = await new DnsServer((_, type) => (type === 'A' ? 'silence' : [v6])).start()
  t.after(() => dns[Symbol.asyncDispose]())
  const { send } = await setUpDns(t, dns, {})
  assert.equal(await send(1_000), v6)
})

test('send passes by an address whose host is there and takes no more connections', async t => {
  // A stopped process accepts nothing, and with a full backlog the system answers no further packet
  const program = `require('node:net').createServer().listen({ host: '127.0.0.2', port: 0, backlog: 1 }, function () { process.send(this.address().port) })`
  const full = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const [port] = (await once(full, 'message')) as [number]
  full.kill('SIGSTOP')
  const fill: Socket[] = Array.from({ length: 8 }, () => connect({ host: '127.0.0.2', port }).on('error', () => {}))
  const server = createServer((_, response) => response.end()).listen(port, '127.0.0.3')
  await once(server, 'listening')
  const policy = createDestinationPolicy({
    allow: ['127.0.0.0/8'],
    resolver: async () => ['127.0.0.2', '127.0.0.3'],
  })
  const transport = createGuardedTransport({ policy })
  t.after(async () => {
    await transport.close()
    for (const socket of fill) socket.destroy()
    server.close()
    full.kill('SIGKILL')
  })
  const request = { method: 'POST', url: `http://hooks.test:${port}/`, headers: {}, body: undefined }
  const { address } = await transport.send(request, { timeoutMs: 3_000, responseLimitBytes: 65_536 })
  assert.equal(address, '127.0.0.3')
})
