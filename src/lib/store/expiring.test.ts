import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDelivery } from '../delivery/create-delivery.ts'
import type { DeliveryRequest } from '../delivery/delivery-request.ts'
import type { OutgoingRequest } from '../destination/transport/transport.ts'
import { ManualClock } from '../manual-clock.ts'
import { memoryStore } from './memory-store.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const url = 'https://www.external.org/events'

/** An engine whose receiver responds with the status that the test says, after as many milliseconds. */
function setUp({ status = 200, takesMs = 0 } = {}) {
  const clock = new ManualClock()
  const requests: OutgoingRequest[] = []
  const engine = createDelivery({
    store: memoryStore(),
    signing: { masterSecret: 'm'.repeat(32) },
    clock,
    log,
    random: () => 0,
    transport: {
      async send(request) {
        requests.push(request)
        clock.advance(takesMs)
        return { status, headers: {}, body: new Uint8Array(), bodyTruncated: false, address: '192.0.2.1' }
      },
      async close() {},
    },
  })
  const send = (given: Partial<DeliveryRequest> = {}) =>
    engine.send({ operation: 'o', callback: 'c', method: 'POST', url, destination: url, ...given })
  return { engine, clock, requests, send }
}

test('a delivery that expires is not sent any more, and its listeners are told why it failed', async () => {
  const { engine, clock, requests, send } = setUp({ status: 500 })
  const told: unknown[] = []
  engine.on('delivery.settled', ({ id, state, attemptCount, reason }) => told.push({ id, state, attemptCount, reason }))
  const { id } = await send({ expiresAt: clock.now() + 200_000 })
  await engine.deliverDue()
  clock.advance({ seconds: 5 })
  await engine.deliverDue()
  clock.advance({ seconds: 194.999 })
  await engine.deliverDue()
  assert.deepEqual([requests.length, told], [2, []])
  clock.advance({ ms: 1 })
  await engine.deliverDue()
  assert.deepEqual([requests.length, told], [2, [{ id, state: 'failed', attemptCount: 2, reason: 'expired' }]])
  const delivery = await engine.deliveries.get(id)
  assert.deepEqual([delivery?.state, delivery?.reason, delivery?.attempts.length], ['failed', 'expired', 2])
})

test('an attempt that is on its way when its delivery expires ends as usual', async () => {
  const { engine, clock, send } = setUp({ takesMs: 10_000 })
  const { id } = await send({ expiresAt: clock.now() + 5_000 })
  await engine.deliverDue()
  const delivery = await engine.deliveries.get(id)
  assert.deepEqual([delivery?.state, delivery?.reason], ['delivered', undefined])
})

test('an attempt does not begin where the process stood still between the claim and now', async () => {
  const { engine, clock, requests, send } = setUp()
  const { id } = await send({ expiresAt: clock.now() + 5_000 })
  engine.on('attempt.started', () => clock.advance({ seconds: 5 }))
  await engine.deliverDue()
  const delivery = await engine.deliveries.get(id)
  assert.deepEqual([delivery?.state, delivery?.reason, requests], ['failed', 'expired', []])
  assert.match(delivery?.attempts[0]?.error ?? '', /expired/)
})

test('a delivery that expired can be replayed, and is sent', async () => {
  const { engine, clock, requests, send } = setUp()
  const { id } = await send({ expiresAt: clock.now() + 5_000, delayMs: 1_000 })
  clock.advance({ seconds: 5 })
  await engine.deliverDue()
  assert.equal((await engine.deliveries.get(id))?.reason, 'expired')
  await engine.deliveries.replay(id)
  await engine.deliverDue()
  const delivery = await engine.deliveries.get(id)
  assert.deepEqual([delivery?.state, delivery?.reason, requests.length], ['delivered', undefined, 1])
})

for (const [words, given] of [
  ['is past', (now: number) => ({ expiresAt: now - 1 })],
  ['is now', (now: number) => ({ expiresAt: now })],
  ['is not later than the time it is sent at', (now: number) => ({ at: now + 5_000, expiresAt: now + 5_000 })],
  ['comes within the wait', (now: number) => ({ delayMs: 5_000, expiresAt: now + 4_000 })],
  ['comes within the first wait of the schedule', (now: number) => ({ retryDelaysSeconds: [5], expiresAt: now + 1 })],
  ['is no number', () => ({ expiresAt: Number.NaN })],
  ['is beyond what a Date can hold', () => ({ expiresAt: Number.POSITIVE_INFINITY })],
  ['is text', () => ({ expiresAt: 'soon' as never })],
] as const)
  test(`a delivery whose "expiresAt" ${words} is refused`, async () => {
    const { engine, clock, send } = setUp()
    await assert.rejects(send(given(clock.now())), { name: 'RangeError', message: /"expiresAt" is / })
    assert.equal((await engine.deliveries.counts()).scheduled, 0)
  })
