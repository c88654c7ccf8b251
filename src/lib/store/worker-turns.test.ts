import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { createDelivery } from '../delivery/create-delivery.ts'
import type { DeliveryOptions } from '../delivery/delivery-options.ts'
import type { DeliveryStore } from '../delivery/delivery-store.ts'
import { StoreUnavailableError } from '../delivery/store-unavailable-error.ts'
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

async function passes(): Promise<void> {
  for (let pass = 0; pass < 20; pass++) await new Promise(setImmediate)
}

/** Counts how often the clock is read from now on: a worker that sleeps does not read it. */
function countReads(clock: ManualClock): { count: number } {
  const reads = { count: 0 }
  const now = clock.now.bind(clock)
  clock.now = () => {
    reads.count++
    return now()
  }
  return reads
}

test('a worker without a free slot sleeps until an attempt ends, whatever else is due', async () => {
  const respond: (() => void)[] = []
  const send = () => new Promise<IncomingResponse>(resolve => respond.push(() => resolve(accepted)))
  const { engine, clock } = setUp({ send, concurrency: { total: 1 } })
  for (const _ of [1, 2]) await engine.send(request)
  await engine.start()
  await passes()
  const reads = countReads(clock)
  clock.advance({ seconds: 10 })
  // Work in the background looks whether there is something to do, and rests in between.
  for (let before = -1, looks = 0; reads.count > before; looks++) {
    assert.ok(looks < 50, 'it does not sleep')
    before = reads.count
    await passes()
  }
  assert.equal(respond.length, 1)
  assert.equal(engine.workerLateMs, 0)
  respond[0]?.()
  await passes()
  assert.equal(respond.length, 2)
  respond[1]?.()
  await engine.close({ graceMs: 0 })
})

test('what waited for a resumed destination, or for all sending, goes out at once', async () => {
  const { engine } = setUp()
  await engine.start()
  const pause = { reason: 'maintenance', by: 'the test' }
  const { deliveries, destinations } = engine
  for (const [stop, go] of [
    [() => destinations.pause(request.destination, pause), () => destinations.resume(request.destination)],
    [() => deliveries.pause(pause), () => deliveries.resume()],
  ] as const) {
    await stop()
    const { id } = await engine.send(request)
    await passes()
    assert.equal((await deliveries.get(id))?.attemptCount, 0)
    await go()
    await passes()
    assert.equal((await deliveries.get(id))?.state, 'delivered')
  }
  await engine.close({ graceMs: 0 })
})

test('a turn asks the store for its record and its claim in one go, so that they may share a commit', async () => {
  const inner = memoryStore()
  const asked: string[] = []
  const endAttempts: DeliveryStore['endAttempts'] = async given => {
    asked.push('record')
    queueMicrotask(() => asked.push('later'))
    return inner.endAttempts(given)
  }
  const claim: DeliveryStore['claim'] = async given => {
    asked.push('claim')
    return inner.claim(given)
  }
  const { engine } = setUp({ store: { ...inner, endAttempts, claim } })
  await engine.send(request)
  await engine.deliverDue()
  const record = asked.indexOf('record')
  assert.deepEqual(asked.slice(record, record + 3), ['record', 'claim', 'later'])
})

test('what was claimed while the store did not record is given back, and claimed again once it does', async () => {
  const inner = memoryStore()
  let failures = 1
  const released: string[] = []
  const endAttempts: DeliveryStore['endAttempts'] = async given => {
    if (failures-- > 0) throw new StoreUnavailableError('the disk is full')
    return inner.endAttempts(given)
  }
  const release: DeliveryStore['release'] = async given => {
    released.push(...given.leases.map(({ id }) => id))
    return inner.release(given)
  }
  const { engine, clock } = setUp({ store: { ...inner, endAttempts, release }, concurrency: { total: 1 } })
  const first = await engine.send(request)
  const second = await engine.send({ ...request, url: 'https://b.example/', destination: 'https://b.example/' })
  await engine.start()
  for (let looks = 0; released.length === 0 && looks < 500; looks++) await passes()
  const ids = [first.id, second.id]
  assert.deepEqual([released.length, ids.includes(released[0] ?? '')], [1, true])
  // Long before a lease would pass
  clock.advance({ ms: 200 })
  const delivered = async () => (await engine.deliveries.counts()).delivered
  for (let looks = 0; (await delivered()) < 2 && looks < 500; looks++) await passes()
  assert.equal(await delivered(), 2)
  await engine.close({ graceMs: 0 })
})

test('strangers that found no slot are asked for at the next look, and not all the time', async () => {
  const inner = memoryStore()
  let claims = 0
  const claim: DeliveryStore['claim'] = async asked => {
    claims++
    return inner.claim(asked)
  }
  const respond: (() => void)[] = []
  const send = () => new Promise<IncomingResponse>(resolve => respond.push(() => resolve(accepted)))
  // New origins get at most half of the slots
  const { engine, clock } = setUp({ store: { ...inner, claim }, send, concurrency: { total: 4 } })
  for (const origin of ['https://a.example', 'https://b.example', 'https://c.example'])
    await engine.send({ ...request, url: `${origin}/1`, destination: origin })
  await engine.start()
  await passes()
  const before = claims
  clock.advance(249)
  await passes()
  assert.deepEqual([respond.length, claims], [2, before])
  clock.advance(1)
  // A turn waits a moment for attempts that may end
  while (claims === before) await passes()
  assert.equal(claims, before + 1)
  for (let next = 0; next < 3; next++) {
    while (respond.length <= next) await passes()
    respond[next]?.()
  }
  assert.equal(respond.length, 3)
  await engine.close({ graceMs: 0 })
})

test('a store that does not answer is asked again after a time that doubles, and then as before', async () => {
  const inner = memoryStore()
  let [claims, fails] = [0, true]
  const claim: DeliveryStore['claim'] = async asked => {
    claims++
    if (fails) throw new StoreUnavailableError('it is away')
    return inner.claim(asked)
  }
  const { engine, clock } = setUp({ store: { ...inner, claim } })
  const { id } = await engine.send(request)
  await engine.start()
  const claimsAfter = async (ms: number) => {
    clock.advance(ms)
    await passes()
    return claims
  }
  const asked = []
  for (const ms of [0, 99, 1, 199, 1, 399, 1]) asked.push(await claimsAfter(ms))
  assert.deepEqual(asked, [1, 1, 2, 2, 3, 3, 4])
  fails = false
  await claimsAfter(800)
  assert.equal((await engine.deliveries.get(id))?.state, 'delivered')
  await engine.close({ graceMs: 0 })
})

test('the next of an ordering key goes out as soon as the one before it has ended', async () => {
  const { engine } = setUp()
  const ids = []
  for (const _ of [1, 2, 3]) ids.push((await engine.send({ ...request, orderingKey: 'invoice 1' })).id)
  await engine.start()
  await passes()
  await passes()
  const states = await Promise.all(ids.map(async id => (await engine.deliveries.get(id))?.state))
  assert.deepEqual(states, ['delivered', 'delivered', 'delivered'])
  await engine.close({ graceMs: 0 })
})
