import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { pipeline } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { systemClock } from '../clock.ts'
import { createDelivery } from '../delivery/create-delivery.ts'
import type { DestinationRules } from '../destination/rules.ts'
import { memoryStore } from './memory-store.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
/** From the claim on: the time limit of the attempt and what its lease has beyond. */
const leaseMs = 1_000 + 10_000

/** The rules under which time passes while an attempt is on its way. */
type Delayed = (pass: () => void, t: TestContext) => Promise<DestinationRules>

async function listen(t: TestContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return (server.address() as AddressInfo).port
}

/** What comes to a receiver where so much time passes while an attempt is on its way to it, and how the attempt ended. */
async function attemptDelayedBy(t: TestContext, passedMs: number, delayed: Delayed) {
  const received: (string | undefined)[] = []
  const receiver = createServer((request, response) => {
    received.push(request.url)
    response.end()
  })
  const port = await listen(t, receiver)
  let passed = 0
  const rules = await delayed(() => {
    passed += passedMs
  }, t)
  const startMs = systemClock.now()
  const engine = createDelivery({
    store: memoryStore(),
    signing: { masterSecret: 'm'.repeat(32) },
    timeoutMs: 1_000,
    destinations: { ...rules, allow: ['127.0.0.0/8', 'hooks.lan'] },
    clock: { now: () => startMs + passed, setTimer: systemClock.setTimer },
    random: () => 0,
    log,
  })
  t.after(() => engine.close({ graceMs: 0 }))
  const finished = new Promise<string>(resolve => engine.on('attempt.finished', ({ outcome }) => resolve(outcome)))
  const destination = `http://hooks.lan:${port}/events`
  const names = { operation: 'createInvoice', callback: 'invoiceNotification', method: 'POST' }
  await engine.send({ ...names, url: destination, destination })
  await Promise.race([engine.deliverDue(), finished])
  return { received, outcome: await finished }
}

const delays: Readonly<Record<string, Delayed>> = {
  'its name is looked up': async pass => ({
    resolver: async () => {
      pass()
      return ['127.0.0.1']
    },
  }),
  'its addresses are judged': async pass => ({
    resolver: async () => ['127.0.0.1'],
    check: async ({ addresses }) => {
      if (addresses.length > 0) pass()
      return true
    },
  }),
  'its connection is made': async (pass, t) => {
    const proxy = createServer().on('connect', ({ url }, client) => {
      const { hostname, port } = new URL(`http://${url}`)
      pass()
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      // Nobody is left to hear of it where the test has ended.
      pipeline(client, connect(Number(port), hostname), client, () => {})
    })
    return { resolver: async () => ['127.0.0.1'], proxy: `http://127.0.0.1:${await listen(t, proxy)}` }
  },
}

for (const [when, delayed] of Object.entries(delays)) {
  test(`an attempt is made whose lease still lasts after ${when}`, async t => {
    const { received, outcome } = await attemptDelayedBy(t, leaseMs - 1, delayed)
    assert.deepEqual([received, outcome], [['/events'], 'accepted'])
  })

  test(`an attempt whose lease ends while ${when} writes nothing: another worker may have it`, async t => {
    const { received, outcome } = await attemptDelayedBy(t, leaseMs, delayed)
    assert.deepEqual([received, outcome], [[], 'abandoned'])
  })
}
