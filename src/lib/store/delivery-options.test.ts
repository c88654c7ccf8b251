import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDelivery } from '../delivery/create-delivery.ts'
import type { DeliveryOptions } from '../delivery/delivery-options.ts'
import type { Transport, TransportOptions } from '../destination/transport/transport.ts'
import { ManualClock } from '../manual-clock.ts'
import { memoryStore } from './memory-store.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const request = {
  operation: 'createInvoice',
  callback: 'invoiceNotification',
  method: 'POST',
  url: 'https://a.example/events/1',
  destination: 'https://a.example/events',
  body: new TextEncoder().encode('{"paid":true}'),
}

/** An engine whose receiver answers with `status`, and what the transport was told beside the requests. */
function setUp(given: Partial<DeliveryOptions> = {}, status = 200) {
  const clock = new ManualClock()
  const told: TransportOptions[] = []
  const transport: Transport = {
    async send(_, options) {
      told.push(options)
      return { status, headers: {}, body: new Uint8Array(), bodyTruncated: false, address: '192.0.2.1' }
    },
    async close() {},
  }
  const options = { store: memoryStore(), transport, clock, log, random: () => 0 }
  return { engine: createDelivery({ ...options, signing: { masterSecret: 'm'.repeat(32) }, ...given }), clock, told }
}

test('timeoutMs and responseLimitBytes hold for what is stored and for calls, a time of the request over both', async () => {
  for (const [given, timeoutMs, responseLimitBytes] of [
    [{}, 15_000, 65_536],
    [{ timeoutMs: 700, responseLimitBytes: 9 }, 700, 9],
  ] as const) {
    const { engine, told } = setUp(given)
    await engine.send(request)
    await engine.send({ ...request, timeoutMs: 300 })
    await engine.deliverDue()
    await engine.call(request)
    await engine.call({ ...request, timeoutMs: 400 })
    assert.deepEqual(told.map(one => one.timeoutMs).toSorted(), [timeoutMs, 300, timeoutMs, 400].toSorted())
    assert.deepEqual(new Set(told.map(one => one.responseLimitBytes)), new Set([responseLimitBytes]))
  }
})

test('payloadLimitBytes holds for what is stored and for calls, up to its last byte', async () => {
  for (const [given, limitBytes] of [
    [{}, 262_144],
    [{ payloadLimitBytes: 9 }, 9],
  ] as const) {
    const { engine, told } = setUp(given)
    const [allowed, longer] = [0, 1].map(more => ({ ...request, body: new Uint8Array(limitBytes + more) }))
    await engine.send(allowed!)
    await engine.deliverDue()
    await engine.call(allowed!)
    await assert.rejects(engine.send(longer!), { code: 'ERR_PAYLOAD_TOO_LARGE' })
    await assert.rejects(engine.call(longer!), { code: 'ERR_PAYLOAD_TOO_LARGE' })
    assert.equal(told.length, 2)
  }
})

for (const [name, most] of Object.entries({
  contentType: 1_024,
  url: 8_192,
  destination: 8_192,
  recipient: 1_024,
  idempotencyKey: 1_024,
  orderingKey: 1_024,
}))
  test(`prepare takes at most ${most} characters as "${name}"`, () => {
    const { engine } = setUp()
    const given = request[name as keyof typeof request] ?? ''
    const prepare = (length: number) => engine.prepare({ ...request, [name]: String(given).padEnd(length, 'a') })
    prepare(most)
    assert.throws(() => prepare(most + 1), {
      name: 'RangeError',
      message: `"${name}" has ${most + 1} characters; give at most ${most}`,
    })
  })

test('every limit may be nothing, or as much as there is', () => {
  for (const limit of [0, Number.POSITIVE_INFINITY])
    setUp({ payloadLimitBytes: limit, responseLimitBytes: limit, retention: { bytesDays: limit } })
  for (const limit of [-1, Number.NaN, '5' as unknown as number]) {
    for (const name of ['payloadLimitBytes', 'responseLimitBytes'])
      assert.throws(() => setUp({ [name]: limit }), { code: 'ERR_DEFINITION' })
    for (const name of ['bytesDays', 'rowsDays', 'failedDays'])
      assert.throws(() => setUp({ retention: { [name]: limit } }), { code: 'ERR_DEFINITION' })
  }
  assert.throws(() => setUp({ payloadLimitBytes: 1.5 }), { code: 'ERR_DEFINITION' })
})

const stays = { delivered: 200, failed: 410 } as const

for (const [name, given, { bytesDays, rowsDays, failedDays }] of [
  ['by default', {}, { bytesDays: 7, rowsDays: 30, failedDays: 90 }],
  ['as long as it says', { bytesDays: 1, rowsDays: 2, failedDays: 4 }, { bytesDays: 1, rowsDays: 2, failedDays: 4 }],
  ['where one part is given', { rowsDays: 40 }, { bytesDays: 7, rowsDays: 40, failedDays: 90 }],
] as const)
  for (const [state, days] of [
    ['delivered', rowsDays],
    ['failed', failedDays],
  ] as const)
    test(`retention keeps bytes and rows of what is ${state} ${name}`, async () => {
      const { engine, clock } = setUp({ retention: given }, stays[state])
      const { id } = await engine.send(request)
      await engine.deliverDue()
      let passedMs = 0
      /** What is left so many days and minutes after it was sent. */
      const left = async (days: number, minutes: number) => {
        const untilMs = days * 86_400_000 + minutes * 60_000
        clock.advance(untilMs - passedMs)
        passedMs = untilMs
        await engine.deliverDue()
        const details = await engine.deliveries.get(id)
        return [details?.state, details?.body?.length]
      }
      // Whoever looks after the store does so once an hour: it looks in the hour before, and again after.
      assert.deepEqual(await left(bytesDays, -90), [state, 13])
      assert.deepEqual(await left(bytesDays, 60), [state, undefined])
      assert.deepEqual(await left(days, -90), [state, undefined])
      assert.deepEqual(await left(days, 60), [undefined, undefined])
    })
