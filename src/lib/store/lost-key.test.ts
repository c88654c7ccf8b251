import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { createDelivery } from '../delivery/create-delivery.ts'
import type { DeliveryRequest } from '../delivery/delivery-request.ts'
import type { DeliveryStore } from '../delivery/delivery-store.ts'
import { readMessage, writeMessage } from '../delivery/message.ts'
import type { OutgoingRequest } from '../destination/transport/transport.ts'
import { ManualClock } from '../manual-clock.ts'
import { masterSecretId } from '../signature/master-secret.ts'
import { memoryStore } from './memory-store.ts'

const [first, second] = ['1'.repeat(32), '2'.repeat(32)]

/** One store and one clock, on which engines with other master secrets follow one another. */
function setUp(store: DeliveryStore = memoryStore()) {
  const clock = new ManualClock()
  const sent: OutgoingRequest[] = []
  const engineWith = (masterSecret: string | readonly string[], status = 204) => {
    const log = new RecordingLog()
    const transport = {
      async send(request: OutgoingRequest) {
        sent.push(request)
        return { status, headers: {}, body: new Uint8Array(), bodyTruncated: false, address: '192.0.2.1' }
      },
      async close() {},
    }
    const parts = { store, clock, log, transport, random: () => 0, retryDelaysSeconds: [0, 5] }
    return { log, engine: createDelivery({ ...parts, signing: { masterSecret } }) }
  }
  /** What an operator does who has lost the one before. */
  const adopted = async (masterSecret: string) => {
    await store.useKeys({ ids: [masterSecretId(masterSecret)], adopt: true })
    return engineWith(masterSecret)
  }
  return { clock, sent, engineWith, adopted }
}

function request(given: Partial<DeliveryRequest> = {}): DeliveryRequest {
  const url = 'https://www.external.org/events'
  return { operation: 'pay', callback: 'paid', method: 'POST', url, destination: url, ...given }
}

const errorsOf = ({ messages }: RecordingLog) => messages.filter(({ level }) => level === 'error')

test('a header whose key is gone uses up no wait, is said once, and goes out when the key is back', async () => {
  const { clock, sent, engineWith, adopted } = setUp()
  const { engine: before } = engineWith(first)
  const headers = { authorization: 'Bearer secret' }
  for (const given of [
    { headers },
    { headers, orderingKey: 'a' },
    { headers, url: 'https://b.example/x', destination: 'https://b.example/x' },
  ])
    await before.send(request(given))
  const { engine, log } = await adopted(second)
  for (let hour = 0; hour < 24; hour++) {
    await engine.deliverDue()
    clock.advance(3_600_000)
  }
  assert.equal(sent.length, 0)
  assert.deepEqual(await engine.deliveries.counts().then(({ scheduled, failed }) => [scheduled, failed]), [3, 0])
  assert.equal(errorsOf(log).length, 1)
  assert.match(errorsOf(log)[0]?.text ?? '', /master secret.*"signing.masterSecret"/)
  const { engine: after } = engineWith([second, first])
  for (let i = 0; i < 3; i++) {
    clock.advance(3_600_000)
    await after.deliverDue()
  }
  assert.equal(sent.length, 3)
  assert.ok(sent.every(({ headers }) => headers?.authorization === 'Bearer secret'))
  assert.equal((await after.deliveries.counts()).delivered, 3)
})

test('a delivery that has failed before its key was lost keeps the waits that it has left', async () => {
  const { clock, sent, engineWith, adopted } = setUp()
  const { engine: failing } = engineWith(first, 500)
  const { id } = await failing.send(request({ headers: { 'x-token': 'a' } }))
  await failing.deliverDue()
  const { engine: lost, log } = await adopted(second)
  for (let i = 0; i < 5; i++) {
    clock.advance(3_600_000)
    await lost.deliverDue()
  }
  const outcomes = (await lost.deliveries.list()).items.map(({ state, attemptCount }) => [state, attemptCount])
  assert.deepEqual(outcomes, [['scheduled', 6]])
  assert.equal(errorsOf(log).length, 1)
  clock.advance(3_600_000)
  await failing.deliverDue()
  const details = await failing.deliveries.get(id)
  assert.equal(details?.state, 'failed')
  assert.deepEqual(
    details?.attempts.map(({ outcome }) => outcome),
    ['rejected', 'abandoned', 'abandoned', 'abandoned', 'abandoned', 'abandoned', 'rejected'],
  )
  assert.equal(sent.length, 2)
})

test('what needs no key goes out, and bytes that were changed follow the schedule', async () => {
  const store = memoryStore()
  const changing: DeliveryStore = {
    ...store,
    add: ({ rows, ...rest }) =>
      store.add({
        ...rest,
        rows: rows.map(row => ({ ...row, content: withChangedHeaders(row.content) })),
      }),
  }
  const { clock, sent, engineWith } = setUp(changing)
  const { engine, log } = engineWith(first)
  await engine.send(request())
  await engine.send(
    request({ headers: { 'x-token': 'a' }, url: 'https://b.example/x', destination: 'https://b.example/x' }),
  )
  for (let i = 0; i < 3; i++) {
    await engine.deliverDue()
    clock.advance(3_600_000)
  }
  assert.equal(sent.length, 1)
  const { delivered, failed } = await engine.deliveries.counts()
  assert.deepEqual([delivered, failed], [1, 1])
  assert.equal(errorsOf(log).length, 2)
})

function withChangedHeaders(content: Uint8Array): Uint8Array {
  const message = readMessage(content)
  return writeMessage({ ...message, headers: message.headers?.map((byte, at) => (at > 30 ? byte ^ 1 : byte)) })
}
