import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { type Attributes, type MeterProvider, metrics } from '@opentelemetry/api'
import { createDelivery } from '../delivery/create-delivery.ts'
import { CallbackUnreachableError } from '../destination/transport/callback-unreachable-error.ts'
import { ManualClock } from '../manual-clock.ts'
import { sqliteStore } from './sqlite/sqlite-store.ts'

interface Told {
  readonly name: string
  readonly value: number
  readonly attributes: Attributes
}

/** A meter that remembers what it is told, registered for the time of a test. */
function registerMeter(t: TestContext) {
  const told: Told[] = []
  const units = new Map<string, string | undefined>()
  const callbacks = new Set<(result: object) => unknown>()
  const instrument = (name: string, options: { readonly unit?: string } = {}) => {
    units.set(name, options.unit)
    const tell = (value: number, attributes: Attributes = {}) => void told.push({ name, value, attributes })
    return { name, record: tell, add: tell }
  }
  const meter = {
    createHistogram: instrument,
    createCounter: instrument,
    createObservableGauge: instrument,
    addBatchObservableCallback: (callback: (result: object) => unknown) => void callbacks.add(callback),
    removeBatchObservableCallback: (callback: (result: object) => unknown) => void callbacks.delete(callback),
  }
  metrics.setGlobalMeterProvider({ getMeter: () => meter } as unknown as MeterProvider)
  t.after(() => metrics.disable())
  const observe = async () => {
    const observed: Told[] = []
    const result = {
      observe: ({ name }: { readonly name: string }, value: number, attributes: Attributes = {}) =>
        void observed.push({ name, value, attributes }),
    }
    await Promise.all([...callbacks].map(callback => callback(result)))
    return observed
  }
  return { told, units, callbacks, observe }
}

function setUp() {
  const clock = new ManualClock()
  let sent = 0
  const transport = {
    async send() {
      sent++
      clock.advance(40)
      if (sent === 1) throw new CallbackUnreachableError('https://www.external.org', 'refused')
      return { status: 204, headers: {}, body: new Uint8Array(), bodyTruncated: false, address: '192.0.2.1' }
    },
    close: async () => {},
  }
  const store = sqliteStore({ database: new DatabaseSync(':memory:') })
  const engine = createDelivery({
    ...{ store, clock, transport, random: () => 0, worker: false },
    signing: { masterSecret: 'm'.repeat(32) },
  })
  const send = () =>
    engine.send({
      ...{ operation: 'createInvoice', callback: 'invoiceNotification', method: 'POST', recipient: 'customer-17' },
      ...{ url: 'https://www.external.org/invoices/1?token=t0ken', destination: 'https://www.external.org/' },
    })
  return { engine, clock, send }
}

test('a registered meter is told of attempts and settled deliveries, and how the store stands', async t => {
  const { told, units, callbacks, observe } = registerMeter(t)
  const { engine, clock, send } = setUp()
  await engine.start()
  const { id } = await send()
  await engine.deliverDue()
  clock.advance({ seconds: 3 })
  const before = await observe()
  clock.advance({ seconds: 7 })
  await engine.deliverDue()
  assert.deepEqual(told, [
    {
      name: 'ringback.attempt.duration',
      value: 0.04,
      attributes: {
        'http.request.method': 'POST',
        'ringback.attempt.outcome': 'unreachable',
        'error.type': 'unreachable',
      },
    },
    {
      name: 'ringback.attempt.duration',
      value: 0.04,
      attributes: {
        'http.request.method': 'POST',
        'ringback.attempt.outcome': 'accepted',
        'http.response.status_code': 204,
      },
    },
    { name: 'ringback.delivery.settled', value: 1, attributes: { 'ringback.delivery.state': 'delivered' } },
  ])
  const valueIn = (name: string, state?: string) =>
    before.find(each => each.name === name && (state === undefined || Object.values(each.attributes).includes(state)))
      ?.value
  assert.equal(valueIn('ringback.delivery.waiting', 'scheduled'), 1)
  assert.equal(valueIn('ringback.delivery.waiting', 'attempting'), 0)
  assert.equal(valueIn('ringback.destination.in_trouble', 'open'), 0)
  assert.ok((valueIn('ringback.worker.last_claim.age') ?? 0) >= 3)
  assert.ok((valueIn('ringback.store.latency') ?? -1) >= 0)
  assert.equal(units.get('ringback.delivery.oldest_due.age'), 's')
  const words = JSON.stringify([told, before])
  for (const secret of [id, 'external.org', 't0ken', 'customer-17', 'createInvoice'])
    assert.ok(!words.includes(secret), secret)
  await engine.close({ graceMs: 0 })
  assert.equal(callbacks.size, 0)
})

test('deliveries.stats tells what waits, what was settled hour by hour, and how attempts ended', async () => {
  const { engine, clock, send } = setUp()
  await send()
  await engine.deliverDue()
  await send()
  clock.advance({ seconds: 2 })
  const stats = await engine.deliveries.stats()
  assert.deepEqual(stats.waiting, { scheduled: 2, attempting: 0 })
  assert.equal(stats.oldestDueAgeMs, 2_000)
  assert.equal(stats.hours.length, 1)
  assert.deepEqual(stats.total.outcomes, {
    ...{ accepted: 0, rejected: 0, unreachable: 1 },
    ...{ 'timed-out': 0, refused: 0, abandoned: 0 },
  })
  clock.advance({ seconds: 10 })
  await engine.deliverDue()
  const { total, lastClaimAt, oldestDueAgeMs, storeLatencyMs } = await engine.deliveries.stats()
  assert.equal(total.settled.delivered, 2)
  assert.deepEqual(
    [total.durations.count, total.durations.sumMs, total.durations.buckets.at(-1)?.upToMs],
    [3, 120, Number.POSITIVE_INFINITY],
  )
  assert.ok(lastClaimAt !== undefined && clock.now() - lastClaimAt < 5_000)
  assert.equal(oldestDueAgeMs, undefined)
  assert.ok(storeLatencyMs >= 0)
  await engine.close({ graceMs: 0 })
})
