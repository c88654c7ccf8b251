import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { createDelivery } from '../delivery/create-delivery.ts'
import type { DeliveryOptions } from '../delivery/delivery-options.ts'
import type { IncomingResponse } from '../destination/transport/transport.ts'
import { ManualClock } from '../manual-clock.ts'
import { memoryStore } from './memory-store.ts'

const request = {
  ...{ operation: 'createInvoice', callback: 'paid', method: 'POST' },
  ...{ url: 'https://a.example/events/1', destination: 'https://a.example/events' },
}
const accepted: IncomingResponse = {
  ...{ status: 200, headers: {}, body: new Uint8Array(), bodyTruncated: false, address: '192.0.2.1' },
}

/** An engine with a clock that stands still, and a receiver that accepts at once unless told otherwise. */
function setUp({
  send = async () => accepted,
  ...given
}: Partial<DeliveryOptions> & { send?: () => Promise<IncomingResponse> } = {}) {
  const clock = new ManualClock()
  const transport = { send, async close() {} }
  const options = { store: memoryStore(), clock, log: new RecordingLog(), transport, random: () => 0 }
  return { clock, engine: createDelivery({ ...options, signing: { masterSecret: 'm'.repeat(32) }, ...given }) }
}

test('a pause for one recipient holds whatever spelling of a URL names them', async () => {
  const { engine } = setUp()
  const { destinations, deliveries } = engine
  const send = (recipient: string) => engine.send({ ...request, recipient })
  const held = await send('https://tenant.example/')
  const free = await send('https://other.example/')
  const recipient = 'HTTPS://Tenant.example:443'
  assert.equal(await destinations.pause(request.destination, { reason: 'gone', by: 'the test', recipient }), 1)
  await engine.deliverDue()
  const states = await Promise.all([held, free].map(async ({ id }) => (await deliveries.get(id))?.state))
  assert.deepEqual(states, ['scheduled', 'delivered'])
})

test('an attempt counts in the first step of durations that it did not exceed', async () => {
  const steps = [10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000]
  const took = steps.flatMap(ms => [ms, ms + 1])
  const clock = new ManualClock()
  const send = async () => {
    clock.advance(took.shift() ?? 0)
    return accepted
  }
  const { engine } = setUp({ clock, send, concurrency: { total: 1 } })
  while (took.length > 0) {
    await engine.send(request)
    await engine.deliverDue()
  }
  const { buckets } = (await engine.deliveries.stats()).total.durations
  const counts = [...steps, Number.POSITIVE_INFINITY].map((upToMs, index) => ({
    upToMs,
    count: index === 0 || index === steps.length ? 1 : 2,
  }))
  assert.deepEqual(buckets, counts)
})

test('a page of destinations names the next one as long as there is one', async () => {
  const { engine } = setUp()
  const urls = ['https://a.example/', 'https://b.example/', 'https://c.example/']
  for (const url of urls) await engine.send({ ...request, url, destination: url })
  const listed: string[] = []
  let cursor: string | undefined
  do {
    const page = await engine.destinations.list({ limit: 2, ...(cursor !== undefined && { cursor }) })
    listed.push(...page.items.map(({ url }) => url))
    cursor = page.nextCursor
  } while (cursor !== undefined)
  assert.deepEqual(listed.toSorted(), urls)
})

test('listeners are told once of a delivery that is sent again under its idempotency key', async () => {
  const { engine } = setUp()
  const told: string[] = []
  engine.on('delivery.created', ({ id }) => told.push(id))
  const first = await engine.send({ ...request, idempotencyKey: 'order-1' })
  const again = await engine.send({ ...request, idempotencyKey: 'order-1' })
  assert.equal(again.id, first.id)
  assert.deepEqual(told, [first.id])
})
