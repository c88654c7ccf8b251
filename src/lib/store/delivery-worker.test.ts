import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { createDelivery, type DeliveryOptions } from '../delivery/create-delivery.ts'
import type { IncomingResponse, Transport } from '../destination/transport/transport.ts'
import { memoryStore } from './memory-store.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const request = {
  operation: 'createInvoice',
  callback: 'invoiceNotification',
  method: 'POST',
  url: 'https://a.example/events/1',
  destination: 'https://a.example/events',
}
const accepted: IncomingResponse = {
  status: 200,
  headers: {},
  body: new Uint8Array(),
  bodyTruncated: false,
  address: '192.0.2.1',
}

/** Another request, to a host of its own: the first one of an origin goes alone. */
const requestTo = (host: string) => ({
  ...request,
  url: `https://${host}/events/1`,
  destination: `https://${host}/events`,
})

/** An engine whose receiver answers when the test says so, one `answer` for each request that has come. */
function setUp(given: Partial<DeliveryOptions> = {}) {
  const answers: (() => void)[] = []
  let came = () => {}
  const transport: Transport = {
    send: (_, { signal }) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason))
        answers.push(() => resolve(accepted))
        came()
      }),
    async close() {},
  }
  const options = { store: memoryStore(), transport, log, random: () => 0 }
  const engine = createDelivery({ ...options, signing: { masterSecret: 'm'.repeat(32) }, ...given })
  /** Resolves when so many requests have come. */
  const requests = async (count: number) => {
    while (answers.length < count)
      await new Promise<void>(resolve => {
        came = resolve
      })
  }
  return { engine, answers, requests }
}

test('close waits for the attempt of a delivery that was cancelled and replayed while another was on its way', async () => {
  const { engine, answers, requests } = setUp()
  await engine.start()
  const settled = new Promise(resolve => engine.on('delivery.settled', resolve))
  await engine.send(request)
  await requests(1)
  answers[0]?.()
  await settled
  const { id } = await engine.send(request)
  await requests(2)
  await engine.deliveries.cancel(id)
  await engine.deliveries.replay(id)
  await requests(3)
  answers[1]?.()
  const closed = engine.close()
  await new Promise(resolve => setImmediate(() => setImmediate(resolve)))
  answers[2]?.()
  await closed
  const delivery = await engine.deliveries.get(id)
  assert.equal(delivery?.state, 'delivered')
  assert.deepEqual(
    delivery?.attempts.map(({ outcome }) => outcome),
    ['abandoned', 'accepted'],
  )
})

/** The real time with something added. */
function adjustableClock() {
  const clock = {
    addedMs: 0,
    now: () => systemClock.now() + clock.addedMs,
    setTimer: systemClock.setTimer,
  }
  return clock
}

test('a worker goes on claiming after its clock was set back', { timeout: 10_000 }, async t => {
  const clock = adjustableClock()
  const store = memoryStore()
  const { engine, answers, requests } = setUp({ store, clock })
  const { engine: storing } = setUp({ store, clock, worker: false })
  // The worker's own timers keep no process alive.
  const awake = setInterval(() => {}, 1_000)
  t.after(() => clearInterval(awake))
  await engine.start()
  await storing.send(request)
  await requests(1)
  clock.addedMs = -3_600_000
  await storing.send(requestTo('b.example'))
  await requests(2)
  for (const answer of answers) answer()
  await engine.close()
})
