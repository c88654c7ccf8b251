import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { systemClock } from '../clock.ts'
import { createDelivery } from '../delivery/create-delivery.ts'
import type { DeliveryOptions } from '../delivery/delivery-options.ts'
import type { DeliveryStore } from '../delivery/delivery-store.ts'
import { StoreOutcomeUnknownError } from '../delivery/store-outcome-unknown-error.ts'
import { StoreUnavailableError } from '../delivery/store-unavailable-error.ts'
import type { Lease } from '../delivery/stored-delivery.ts'
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

/** An engine whose receiver responds when the test says so, by one of `respond` for each request that has come. */
function setUp(given: Partial<DeliveryOptions> = {}) {
  const respond: (() => void)[] = []
  let came = () => {}
  const transport: Transport = {
    send: (_, { signal }) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason))
        respond.push(() => resolve(accepted))
        came()
      }),
    async close() {},
  }
  const options = { store: memoryStore(), transport, log, random: () => 0 }
  const engine = createDelivery({ ...options, signing: { masterSecret: 'm'.repeat(32) }, ...given })
  /** Resolves when so many requests have come. */
  const requests = async (count: number) => {
    while (respond.length < count)
      await new Promise<void>(resolve => {
        came = resolve
      })
  }
  return { engine, respond, requests }
}

test('close waits for the attempt of a delivery that was cancelled and replayed while another was on its way', async () => {
  const { engine, respond, requests } = setUp()
  await engine.start()
  const settled = new Promise(resolve => engine.on('delivery.settled', resolve))
  await engine.send(request)
  await requests(1)
  respond[0]?.()
  await settled
  const { id } = await engine.send(request)
  await requests(2)
  await engine.deliveries.cancel(id)
  await engine.deliveries.replay(id)
  await requests(3)
  respond[1]?.()
  const closed = engine.close()
  await new Promise(resolve => setImmediate(() => setImmediate(resolve)))
  respond[2]?.()
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

test('a worker goes on claiming after its clock was set back, and says once what it still holds', {
  timeout: 10_000,
}, async t => {
  const clock = adjustableClock()
  const inner = memoryStore()
  const held: (readonly Lease[])[] = []
  const store: DeliveryStore = {
    ...inner,
    claim(given) {
      if (given.alive !== undefined) held.push(given.alive)
      return inner.claim(given)
    },
  }
  const { engine, respond, requests } = setUp({ store, clock })
  const { engine: storing } = setUp({ store, clock, worker: false })
  // The worker's own timers keep no process alive.
  const awake = setInterval(() => {}, 1_000)
  t.after(() => clearInterval(awake))
  await engine.start()
  const { id } = await storing.send(request)
  await requests(1)
  assert.equal(held.length, 0)
  clock.addedMs = -3_600_000
  await storing.send(requestTo('b.example'))
  await requests(2)
  assert.deepEqual(
    held.map(leases => leases.map(lease => lease.id)),
    [[id]],
  )
  for (const each of respond) each()
  await engine.close()
})

/** What the log warns of where an attempt has ended, and the store fails once to record it, in this way. */
async function warningsAfter(fail: (record: () => Promise<unknown>, cancel: () => Promise<unknown>) => Promise<Error>) {
  const inner = memoryStore()
  const log = new RecordingLog()
  let failures = 1
  const endAttempts: DeliveryStore['endAttempts'] = async request => {
    if (failures-- <= 0) return inner.endAttempts(request)
    const id = request.attempts[0]?.id ?? ''
    const record = () => inner.endAttempts(request)
    throw await fail(record, () => inner.cancel({ id, now: request.now }))
  }
  const { engine, respond, requests } = setUp({ log, store: { ...inner, endAttempts } })
  await engine.send(request)
  const failed = assert.rejects(engine.deliverDue())
  await requests(1)
  respond[0]?.()
  await failed
  await engine.deliverDue()
  return log.messages.filter(({ level }) => level === 'warn').map(({ text }) => text)
}

test('the end of an attempt that the store recorded without saying so is told as such when it is recorded again', async () => {
  const warnings = await warningsAfter(async record => {
    await record()
    return new StoreOutcomeUnknownError('it is slow')
  })
  assert.match(warnings.join(), /^The end of an attempt could not be recorded again: it was recorded while/)
})

test('the end of an attempt that the store surely did not record is told as lost when it was cancelled meanwhile', async () => {
  const warnings = await warningsAfter(async (_, cancel) => {
    await cancel()
    return new StoreUnavailableError('it is away')
  })
  assert.deepEqual(warnings, ['The end of an attempt was not recorded: it was cancelled or had lost its lease'])
})
