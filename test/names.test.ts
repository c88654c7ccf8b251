import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it, type TestContext } from 'node:test'
import { createDelivery } from 'ringback/delivery'
import { CallbackUnreachableError, createDestinationPolicy, createGuardedTransport } from 'ringback/destination'
import { sqliteStore } from 'ringback/sqlite'
import { ManualClock } from 'ringback/testing'
import { soon } from './soak/soon.ts'
import { DnsServer, type DnsZone } from './support/dns-server.ts'
import { Receiver } from './support/receiver.ts'

const HONEST = 20
const EVIL = 60

/** An engine whose names come from `zone`, and a receiver on 127.0.0.1. */
async function setUp(context: TestContext, zone: DnsZone) {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-names-'))
  const receiver = new Receiver()
  await receiver.start()
  const dns = await new DnsServer(zone).start()
  const policy = createDestinationPolicy({ allow: ['127.0.0.1'] })
  const engine = createDelivery({
    store: sqliteStore({ path: join(folder, 'deliveries.sqlite') }),
    signing: { masterSecret: 'a master secret that only this test knows' },
    transport: createGuardedTransport({ policy, servers: () => [dns.server] }),
    destinations: { allow: ['127.0.0.1'] },
  })
  context.after(async () => {
    await engine.close({ graceMs: 0 })
    await receiver[Symbol.asyncDispose]()
    await dns[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })
  const { port } = new URL(receiver.url)
  const sendTo = async (name: string): Promise<string> => {
    const url = `http://${name}:${port}/`
    const names = { operation: 'createInvoice', callback: 'invoiceNotification', method: 'POST' }
    return (await engine.send({ ...names, url, destination: url, body: Buffer.from('{}') })).id
  }
  return { engine, sendTo }
}

for (const [kind, response] of [
  ['silent', () => 'silence'],
  ['failing', () => 'SERVFAIL'],
  ['slow', () => new Promise<never>(() => {})],
  ['unknown', () => 'NXDOMAIN'],
  ['garbage', () => 'garbage'],
] as [string, DnsZone][])
  it(`${EVIL} deliveries to ${kind} names neither keep ${HONEST} honest ones waiting nor use up their attempts`, async context => {
    const { engine, sendTo } = await setUp(context, (name, type) => {
      if (name.endsWith('.evil.test')) return response(name, type)
      return type === 'A' ? ['127.0.0.1'] : []
    })
    const settled = new Map<string, readonly [string, number]>()
    const { promise: allSettled, resolve } = Promise.withResolvers<void>()
    engine.on('delivery.settled', ({ id, state, attemptCount }) => {
      settled.set(id, [state, attemptCount])
      if (settled.size === HONEST) resolve()
    })
    await engine.start()
    for (let count = 0; count < EVIL; count++) await sendTo(`n${count}.evil.test`)
    const honest: string[] = []
    for (let count = 0; count < HONEST; count++) honest.push(await sendTo(`n${count}.honest.test`))
    await soon(allSettled)
    assert.deepEqual(
      honest.map(id => settled.get(id)),
      Array(HONEST).fill(['delivered', 1]),
    )
  })

it('A look-up that never began uses up no wait of the schedule', async context => {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-names-'))
  const clock = new ManualClock()
  let busy = 2
  const engine = createDelivery({
    store: sqliteStore({ path: join(folder, 'deliveries.sqlite') }),
    signing: { masterSecret: 'a master secret that only this test knows' },
    retryDelaysSeconds: [0],
    clock,
    transport: {
      async send({ url }) {
        if (busy-- > 0) throw new CallbackUnreachableError(url, 'dns', { neverBegan: true })
        return { status: 204, headers: {}, body: new Uint8Array(), bodyTruncated: false, address: undefined }
      },
      async close() {},
    },
  })
  context.after(async () => {
    await engine.close({ graceMs: 0 })
    await rm(folder, { recursive: true })
  })
  const url = 'https://www.external.org/'
  const names = { operation: 'createInvoice', callback: 'invoiceNotification', method: 'POST' }
  const { id } = await engine.send({ ...names, url, destination: url, body: Buffer.from('{}') })
  for (let round = 0; round < 3; round++) {
    await engine.deliverDue()
    clock.advance(1_000)
  }
  const { state, attempts = [] } = (await engine.deliveries.get(id)) ?? {}
  assert.equal(state, 'delivered')
  assert.deepEqual(
    attempts.map(({ outcome }) => outcome),
    ['abandoned', 'abandoned', 'accepted'],
  )
})
