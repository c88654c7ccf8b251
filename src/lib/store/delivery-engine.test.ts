import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDelivery } from '../delivery/create-delivery.ts'
import type { DeliveryEngine } from '../delivery/delivery-engine.ts'
import type { DeliveryOptions } from '../delivery/delivery-options.ts'
import type { DeliveryRequest } from '../delivery/delivery-request.ts'
import type { DeliveryStore } from '../delivery/delivery-store.ts'
import { StoreUnavailableError } from '../delivery/store-unavailable-error.ts'
import { DestinationRefusedError } from '../destination/destination-refused-error.ts'
import { CallbackTimeoutError } from '../destination/transport/callback-timeout-error.ts'
import { CallbackUnreachableError } from '../destination/transport/callback-unreachable-error.ts'
import type {
  IncomingResponse,
  OutgoingRequest,
  Transport,
  TransportOptions,
} from '../destination/transport/transport.ts'
import { refuseHost } from '../destination/verdict.ts'
import { ManualClock } from '../manual-clock.ts'
import { verify } from '../signature/verify.ts'
import { memoryStore } from './memory-store.ts'

type Outcome = Partial<IncomingResponse> | Error | ((options: TransportOptions) => Promise<IncomingResponse>)

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function response(given: Partial<IncomingResponse>): IncomingResponse {
  return { status: 200, headers: {}, body: bytes('{"ok":true}'), bodyTruncated: false, address: '192.0.2.1', ...given }
}

/** A log that is read by the test. */
function recordingLog() {
  const lines: string[] = []
  const write = (message: string) => void lines.push(message)
  return { lines, debug: write, info: write, warn: write, error: write }
}

/** An engine over a memory store, whose receiver responds as the test says, and repeats the last response after that. */
function setUp(planned: readonly Outcome[] = [{}], given: Partial<DeliveryOptions> = {}) {
  const clock = new ManualClock()
  const requests: OutgoingRequest[] = []
  const transport: Transport = {
    async send(request, options) {
      options.beforeConnect?.()
      const next = planned[Math.min(requests.length, planned.length - 1)] ?? {}
      requests.push(request)
      if (next instanceof Error) throw next
      return typeof next === 'function' ? next(options) : response(next)
    },
    async close() {},
  }
  const log = recordingLog()
  const options = { clock, transport, log, random: () => 0, store: memoryStore() }
  const engine = createDelivery({ ...options, signing: { masterSecret: 'm'.repeat(32) }, ...given })
  return { engine, clock, requests, log }
}

function invoice(given: Partial<DeliveryRequest> = {}): DeliveryRequest {
  return {
    operation: 'createInvoice',
    callback: 'invoiceNotification',
    method: 'post',
    url: 'https://www.external.org/events/invoices/1?token=t0ken',
    destination: 'https://www.external.org/events?token=t0ken',
    body: bytes('{"paid":true}'),
    ...given,
  }
}

/** The first request of an origin goes alone; once it has its response, the others go together. */
async function makeKnown(engine: DeliveryEngine): Promise<void> {
  await engine.send(invoice())
  await engine.deliverDue()
}

const untilAborted = ({ signal }: TransportOptions) =>
  new Promise<IncomingResponse>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))

test('send delivers the bytes once, signed for the destination', async () => {
  const { engine, requests, clock } = setUp()
  const { id, url } = await engine.send(invoice({ headers: { 'X-Tenant': '7' } }))
  await engine.deliverDue()
  await engine.deliverDue()
  const [request, ...more] = requests
  assert.deepEqual(more, [])
  assert.deepEqual([request?.method, request?.url], ['POST', url])
  assert.equal(request?.headers['content-type'], 'application/json')
  assert.equal(request?.headers['user-agent'], 'Ringback')
  assert.equal(request?.headers['accept'], 'application/json, */*;q=0.8')
  assert.equal(request?.headers['x-tenant'], '7')
  const message = { headers: request?.headers ?? {}, body: request?.body ?? '' }
  const audience = invoice().destination
  const now = clock.now()
  const secrets = [await engine.secretFor(audience)]
  assert.ok(verify(message, { secrets, audience, now }).id.startsWith(`${id}_`))
  verify(message, { publicKeys: engine.publicKeys, audience, now })
  const delivery = await engine.deliveries.get(id)
  assert.equal(delivery?.state, 'delivered')
  assert.equal(delivery?.responseValid, true)
})

test('send signs with the secret of the recipient it names', async () => {
  const { engine, requests, clock } = setUp()
  await engine.send(invoice({ recipient: 'customer-17' }))
  await engine.deliverDue()
  const message = { headers: requests[0]?.headers ?? {}, body: requests[0]?.body ?? '' }
  const now = clock.now()
  const other = await engine.secretFor('customer-18')
  verify(message, { secrets: [await engine.secretFor('customer-17')], now })
  assert.throws(() => verify(message, { secrets: [other], now }), { code: 'ERR_SIGNATURE' })
  // Two such recipients could become one, with one secret.
  for (const recipient of ['customer\0', 'customer\ud800']) {
    await assert.rejects(engine.secretFor(recipient), { name: 'RangeError', message: /^"recipient" has / })
    await assert.rejects(engine.rotateSecret(recipient), { name: 'RangeError', message: /^"recipient" has / })
  }
})

test('send tries again on the schedule, with the same id and bytes and a timestamp of each attempt', async () => {
  const { engine, clock, requests } = setUp([{ status: 500 }, { status: 500 }, {}])
  const { id } = await engine.send(invoice())
  await engine.deliverDue()
  clock.advance({ seconds: 4.999 })
  await engine.deliverDue()
  assert.equal(requests.length, 1)
  clock.advance({ ms: 1 })
  await engine.deliverDue()
  clock.advance({ minutes: 5 })
  await engine.deliverDue()
  assert.equal(requests.length, 3)
  assert.equal(new Set(requests.map(({ headers }) => headers['webhook-id'])).size, 1)
  assert.equal(new Set(requests.map(({ headers }) => headers['webhook-timestamp'])).size, 3)
  assert.equal(new Set(requests.map(({ body }) => String(body))).size, 1)
  const delivery = await engine.deliveries.get(id)
  assert.deepEqual(
    delivery?.attempts.map(({ number, outcome, status }) => ({ number, outcome, status })),
    [
      { number: 1, outcome: 'rejected', status: 500 },
      { number: 2, outcome: 'rejected', status: 500 },
      { number: 3, outcome: 'accepted', status: 200 },
    ],
  )
})

test('send fails for good when its schedule is exhausted', async () => {
  const { engine, clock, requests } = setUp([{ status: 500 }])
  const { id } = await engine.send(invoice({ retryDelaysSeconds: [0, 1] }))
  for (let second = 0; second < 5; second++) {
    await engine.deliverDue()
    clock.advance({ seconds: 1 })
  }
  assert.equal(requests.length, 2)
  assert.equal((await engine.deliveries.get(id))?.state, 'failed')
})

test('send waits for its time, and for the first wait of its schedule', async () => {
  const { engine, clock, requests } = setUp()
  await engine.send(invoice({ at: clock.now() + 60_000 }))
  await engine.send(invoice({ retryDelaysSeconds: [30] }))
  await engine.deliverDue()
  assert.equal(requests.length, 0)
  clock.advance({ seconds: 30 })
  await engine.deliverDue()
  assert.equal(requests.length, 1)
  clock.advance({ seconds: 30 })
  await engine.deliverDue()
  assert.equal(requests.length, 2)
})

const outcomes: readonly { readonly given: Outcome; readonly outcome: string; readonly state: string }[] = [
  { given: { status: 302 }, outcome: 'rejected', state: 'scheduled' },
  { given: { status: 410 }, outcome: 'rejected', state: 'failed' },
  { given: new CallbackTimeoutError('https://www.external.org', 15_000), outcome: 'timed-out', state: 'scheduled' },
  {
    given: new CallbackUnreachableError('https://www.external.org', 'reset'),
    outcome: 'unreachable',
    state: 'scheduled',
  },
  {
    given: new DestinationRefusedError(refuseHost('address'), { permanent: false }),
    outcome: 'refused',
    state: 'scheduled',
  },
  {
    given: new DestinationRefusedError(refuseHost('address'), { permanent: true }),
    outcome: 'refused',
    state: 'blocked',
  },
]

for (const { given, outcome, state } of outcomes) {
  const name = given instanceof Error ? given.message : JSON.stringify(given)
  test(`send records "${outcome}" and becomes "${state}" with: ${name}, ${state}`, async () => {
    const { engine, log } = setUp([given])
    const { id } = await engine.send(invoice())
    await engine.deliverDue()
    const delivery = await engine.deliveries.get(id)
    assert.deepEqual([delivery?.attempts[0]?.outcome, delivery?.state], [outcome, state])
    assert.equal(delivery?.attempts[0]?.error, given instanceof Error ? given.message : undefined)
    // Only an error that is nobody's else is a fault of this process.
    assert.ok(!log.lines.includes('An attempt could not be made'))
  })
}

test('send follows the schedule after an error of the transport itself, and tells of it', async () => {
  const { engine, log } = setUp([new TypeError('a bug')])
  const errors: unknown[] = []
  engine.on('worker.error', ({ error }) => errors.push(error))
  const { id } = await engine.send(invoice())
  await engine.deliverDue()
  assert.equal((await engine.deliveries.get(id))?.state, 'scheduled')
  assert.equal(errors.length, 1)
  assert.deepEqual(log.lines, ['An attempt could not be made'])
})

test('send follows the schedule whatever a transport rejects with', async () => {
  for (const thrown of [null, 'a text', {}]) {
    const { engine, log } = setUp([() => Promise.reject(thrown)])
    const { id } = await engine.send(invoice())
    await engine.deliverDue()
    const delivery = await engine.deliveries.get(id)
    assert.deepEqual([delivery?.state, delivery?.attempts[0]?.outcome], ['scheduled', 'unreachable'])
    assert.equal(delivery?.attempts[0]?.error, 'The request could not be made; the log has the error')
    assert.equal(log.lines.length, 1)
  }
})

test('send takes a 2xx that is not as declared as delivered, and says so', async () => {
  const responses = { '200': { schema: { type: 'object', required: ['ok'] } } }
  for (const given of [{ status: 204, body: bytes('') }, { body: bytes('OK') }, { body: bytes('') }, { status: 201 }]) {
    const { engine, clock, requests } = setUp([given])
    const { id } = await engine.send(invoice({ responses }))
    await engine.deliverDue()
    clock.advance({ days: 1 })
    await engine.deliverDue()
    const delivery = await engine.deliveries.get(id)
    assert.deepEqual([requests.length, delivery?.state, delivery?.responseValid], [1, 'delivered', false])
  }
})

test('send repeats a 2xx that is not as declared where that is asked for', async () => {
  const { engine, clock } = setUp([{ body: bytes('OK') }, {}])
  const responses = { '200': { schema: { type: 'object', required: ['ok'] } } }
  const { id } = await engine.send(invoice({ responses, retryOnInvalidResponse: true }))
  await engine.deliverDue()
  assert.equal((await engine.deliveries.get(id))?.state, 'scheduled')
  clock.advance({ seconds: 5 })
  await engine.deliverDue()
  const delivery = await engine.deliveries.get(id)
  assert.deepEqual([delivery?.state, delivery?.responseValid, delivery?.attemptCount], ['delivered', true, 2])
})

test('send gives the first delivery for a known idempotency key, and refuses it for other bytes', async () => {
  const { engine, requests } = setUp()
  const first = await engine.send(invoice({ idempotencyKey: 'k' }))
  assert.equal((await engine.send(invoice({ idempotencyKey: 'k' }))).id, first.id)
  assert.equal((await engine.find(engine.prepare(invoice({ idempotencyKey: 'k' }))))?.id, first.id)
  const other = invoice({ idempotencyKey: 'k', body: bytes('{}') })
  await assert.rejects(engine.send(other), { code: 'ERR_IDEMPOTENCY_CONFLICT', deliveryId: first.id })
  await assert.rejects(engine.find(engine.prepare(other)), { code: 'ERR_IDEMPOTENCY_CONFLICT' })
  await assert.rejects(engine.hold([engine.prepare(other)]), { code: 'ERR_IDEMPOTENCY_CONFLICT', deliveryId: first.id })
  await engine.deliverDue()
  assert.equal(requests.length, 1)
})

test('prepare refuses a body that is not bytes, which would fail with all that is stored at the same time', () => {
  const { engine } = setUp()
  const body = 'text' as unknown as Uint8Array
  assert.throws(() => engine.prepare(invoice({ body })), TypeError)
})

test('prepare refuses bodies over the limit and reserved headers', () => {
  const { engine } = setUp([{}], { payloadLimitBytes: 10 })
  assert.throws(() => engine.prepare(invoice({ body: new Uint8Array(11) })), {
    ...{ code: 'ERR_PAYLOAD_TOO_LARGE', bytes: 11, limitBytes: 10 },
  })
  assert.throws(() => engine.prepare(invoice({ body: new Uint8Array(1), headers: { Host: 'x' } })), {
    ...{ code: 'ERR_RESERVED_HEADER', header: 'Host' },
  })
})

for (const [name, given] of Object.entries({
  'a time that is none': { at: Number.NaN },
  'a time that no Date can hold': { at: 1e17 },
  'a time limit of nothing': { timeoutMs: 0 },
  'a time limit that is no number': { timeoutMs: Number.NaN },
  'a time limit that no timer can wait for': { timeoutMs: 3e9 },
  'a wait that is no number': { retryDelaysSeconds: [0, Number.NaN] },
  'a wait without end': { retryDelaysSeconds: [0, Number.POSITIVE_INFINITY] },
  'a wait of less than nothing': { retryDelaysSeconds: [-1] },
}))
  test(`prepare refuses ${name}`, async () => {
    const { engine } = setUp()
    assert.throws(() => engine.prepare(invoice(given)), RangeError)
    if ('timeoutMs' in given) await assert.rejects(engine.call(invoice(given)), RangeError)
  })

test('deliveries, events and the log show no query and no credential', async () => {
  const headers = { 'set-cookie': 's3cret', location: '/invoices/1/?token=t0ken' }
  const { engine, log } = setUp([{ status: 308, headers }])
  const seen: unknown[] = []
  for (const name of ['delivery.created', 'attempt.started', 'attempt.finished', 'destination.opened'] as const)
    engine.on(name, event => void seen.push(event))
  const { id } = await engine.send(invoice({ headers: { authorization: 'Bearer s3cret' } }))
  await engine.deliverDue()
  const shown = JSON.stringify([seen, log.lines, await engine.deliveries.list(), await engine.deliveries.get(id)])
  assert.ok(seen.length === 3 && !shown.includes('t0ken') && !shown.includes('s3cret'), shown)
})

test('on tells the life of a delivery, and a listener that fails harms nothing', async () => {
  const { engine, log } = setUp([{ status: 500 }, {}], { retryDelaysSeconds: [0, 0] })
  const seen: string[] = []
  for (const name of ['delivery.created', 'attempt.started', 'attempt.finished', 'delivery.settled'] as const)
    engine.on(name, () => void seen.push(name))
  engine.on('attempt.started', () => {
    throw new Error('a listener')
  })
  engine.on('attempt.finished', async () => Promise.reject(new Error('a listener')))
  const silent = engine.on('delivery.settled', () => void seen.push('never'))
  silent()
  await engine.send(invoice())
  await engine.deliverDue()
  const attempt = ['attempt.started', 'attempt.finished']
  assert.deepEqual(seen, ['delivery.created', ...attempt, ...attempt, 'delivery.settled'])
  assert.equal(log.lines.length, 4)
})

test('onResponse gets the response of a delivery that asked for it, and its errors are logged', async () => {
  const seen: unknown[] = []
  const { engine, log } = setUp([{}], {
    onResponse({ status, body, valid }, { callback }) {
      seen.push([status, new TextDecoder().decode(body), valid, callback])
      throw new Error('a handler')
    },
  })
  await engine.send(invoice({ hasOnResponse: true }))
  await engine.send(invoice())
  await engine.deliverDue()
  assert.deepEqual(seen, [[200, '{"ok":true}', true, 'invoiceNotification']])
  assert.equal(log.lines.length, 1)
})

test('onResponse runs again where the worker that should have run it died', async () => {
  const store = memoryStore()
  const never = setUp([{}], { store, onResponse: () => new Promise(() => {}) })
  await never.engine.send(invoice({ hasOnResponse: true }))
  void never.engine.deliverDue()
  await new Promise(resolve => never.engine.on('delivery.settled', resolve))
  const seen: string[] = []
  const { engine, clock } = setUp([{}], { store, onResponse: (_, { id }) => void seen.push(id) })
  await engine.deliverDue()
  assert.equal(seen.length, 0)
  clock.advance({ minutes: 1 })
  await engine.deliverDue()
  await engine.deliverDue()
  assert.equal(seen.length, 1)
})

test('a delivery sent by onResponse is delivered by the same deliverDue', async () => {
  const { engine, requests } = setUp([{}], {
    onResponse: async () => {
      await engine.send(invoice({ callback: 'second' }))
    },
  })
  await engine.send(invoice({ hasOnResponse: true }))
  await engine.deliverDue()
  assert.equal(requests.length, 2)
})

test('no more attempts run at a time than concurrency allows, in all and to one origin', async () => {
  let running = 0
  let most = 0
  const slow = async () => {
    most = Math.max(most, ++running)
    await new Promise(resolve => setImmediate(resolve))
    running--
    return response({})
  }
  for (const [concurrency, hosts, expected] of [
    [{ total: 3 }, 10, 3],
    [{ perOrigin: 2 }, 1, 2],
    [{}, 1, 8],
  ] as const) {
    most = 0
    const { engine, requests } = setUp([slow], { concurrency })
    const to = (host: string) => ({ url: `https://${host}/x`, destination: `https://${host}/x` })
    for (let index = 0; index < 20; index++) await engine.send(invoice(to(`h${index % hosts}.example`)))
    await engine.deliverDue()
    assert.deepEqual([requests.length, most], [20, expected])
  }
})

test('deliveries of an ordering key leave one after the other', async () => {
  const { engine, requests } = setUp()
  for (const path of ['a', 'b', 'c'])
    await engine.send(invoice({ url: `https://www.external.org/events/${path}`, orderingKey: 'k' }))
  await engine.deliverDue()
  assert.deepEqual(
    requests.map(({ url }) => url.at(-1)),
    ['a', 'b', 'c'],
  )
})

test('attempts that end one after the other, pass by pass, are recorded before the last has ended', async () => {
  const ends: (() => void)[] = []
  const held = () => new Promise<IncomingResponse>(resolve => ends.push(() => resolve(response({}))))
  const { engine } = setUp([{}, held], { concurrency: { total: 100, perOrigin: 100 } })
  await makeKnown(engine)
  for (let index = 0; index < 100; index++) await engine.send(invoice())
  await engine.start()
  while (ends.length < 100) await new Promise(setImmediate)
  const recorded = new Promise<number>(resolve => engine.on('attempt.finished', () => resolve(ends.length)))
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
    end()
    for (const until = performance.now() + 1; performance.now() < until; );
    await new Promise(setImmediate)
  }
  assert.ok((await recorded) > 0)
  await engine.close()
})

test('close aborts what is on its way after the grace time, records it and leaves it to others', async () => {
  const { engine, requests } = setUp([untilAborted])
  const { id } = await engine.send(invoice())
  await engine.start()
  await new Promise(resolve => engine.on('attempt.started', resolve))
  await engine.close({ graceMs: 0 })
  const delivery = await engine.deliveries.get(id)
  assert.equal(requests.length, 1)
  const [attempt] = delivery?.attempts ?? []
  assert.deepEqual([delivery?.state, attempt?.outcome], ['scheduled', 'abandoned'])
  assert.equal(attempt?.error, 'The worker stopped')
})

test('close lets what is on its way end within the grace time', async () => {
  let respond = (_: IncomingResponse) => {}
  const { engine } = setUp([
    () =>
      new Promise(resolve => {
        respond = resolve
      }),
  ])
  const { id } = await engine.send(invoice())
  await engine.start()
  await new Promise(resolve => engine.on('attempt.started', resolve))
  const closed = engine.close({ graceMs: 1_000 })
  respond(response({}))
  await closed
  assert.equal((await engine.deliveries.get(id))?.state, 'delivered')
})

test('close records what ends within the grace time at once, whatever else is on its way', async () => {
  let respond = (_: IncomingResponse) => {}
  const responded = () =>
    new Promise<IncomingResponse>(resolve => {
      respond = resolve
    })
  const { engine, requests } = setUp([{}, responded, untilAborted])
  await makeKnown(engine)
  const { id } = await engine.send(invoice())
  await engine.send(invoice())
  await engine.start()
  while (requests.length < 3) await new Promise(resolve => engine.on('attempt.started', resolve))
  const recorded = new Promise(resolve => engine.on('attempt.finished', resolve))
  const closed = engine.close({ graceMs: 1_000 })
  respond(response({}))
  await recorded
  assert.equal((await engine.deliveries.get(id))?.state, 'delivered')
  assert.equal((await engine.deliveries.counts()).attempting, 1)
  await engine.close({ graceMs: 0 })
  await closed
})

test('stopClaiming leaves the worker asleep while attempts are on their way', async () => {
  const clock = new ManualClock()
  const { engine } = setUp([untilAborted], { clock })
  await engine.send(invoice())
  await engine.start()
  await new Promise(resolve => engine.on('attempt.started', resolve))
  engine.stopClaiming()
  let timers = 0
  clock.setTimer = () => {
    timers++
    return () => {}
  }
  clock.advance({ seconds: 2 })
  for (let pass = 0; pass < 10; pass++) await new Promise(setImmediate)
  assert.equal(timers, 0)
  await engine.close({ graceMs: 0 })
})

test('close waits for onResponse no longer than the grace time', async () => {
  const { engine, clock, log } = setUp([{}], { onResponse: () => new Promise(() => {}) })
  const { id } = await engine.send(invoice({ hasOnResponse: true }))
  await engine.start()
  await new Promise(resolve => engine.on('delivery.settled', resolve))
  const closed = engine.close({ graceMs: 10_000 })
  for (let pass = 0; pass < 10; pass++) await new Promise(setImmediate)
  clock.advance({ seconds: 10 })
  await closed
  assert.equal((await engine.deliveries.get(id))?.state, 'delivered')
  assert.deepEqual(log.lines, ['onResponse did not end in time; it will run again'])
})

test('close gives back what was being claimed, without an attempt', async () => {
  const inner = memoryStore()
  let claims = () => {}
  const claiming = new Promise<void>(resolve => {
    claims = resolve
  })
  let respond = () => {}
  const responded = new Promise<void>(resolve => {
    respond = resolve
  })
  const store: DeliveryStore = {
    ...inner,
    async claim(request) {
      claims()
      await responded
      return inner.claim(request)
    },
  }
  const { engine, requests } = setUp([{}], { store })
  const { id } = await engine.send(invoice())
  await engine.start()
  await claiming
  const closed = engine.close()
  respond()
  await closed
  const delivery = await engine.deliveries.get(id)
  assert.deepEqual([requests.length, delivery?.state, delivery?.attemptCount], [0, 'scheduled', 0])
})

test('the end of an attempt whose delivery was cancelled meanwhile is told, and not recorded', async () => {
  let respond = (_: IncomingResponse) => {}
  const responded = new Promise<IncomingResponse>(resolve => {
    respond = resolve
  })
  const { engine, log } = setUp([() => responded])
  const { id } = await engine.send(invoice())
  await engine.start()
  await new Promise(resolve => engine.on('attempt.started', resolve))
  await engine.deliveries.cancel(id)
  respond(response({}))
  await engine.close()
  const delivery = await engine.deliveries.get(id)
  assert.deepEqual([delivery?.state, delivery?.attempts[0]?.outcome], ['cancelled', 'abandoned'])
  assert.deepEqual(log.lines, ['The end of an attempt was not recorded: it was cancelled or had lost its lease'])
})

test('an attempt whose lease has passed before it connects is not made', async () => {
  const { engine, clock, requests } = setUp([{}])
  engine.on('attempt.started', () => clock.advance({ seconds: 11 }))
  const { id } = await engine.send(invoice())
  const stopped = engine.deliverDue()
  await new Promise(resolve => engine.on('attempt.finished', resolve))
  const delivery = await engine.deliveries.get(id)
  assert.deepEqual([requests.length, delivery?.attempts[0]?.outcome], [0, 'abandoned'])
  assert.match(delivery?.attempts[0]?.error ?? '', /lease/)
  await engine.deliveries.cancel(id)
  await stopped
})

test('the log tells of deliveries that fail and of destinations that fail and answer again', async () => {
  const { engine, clock, log } = setUp([{ status: 410 }, ...Array<Outcome>(5).fill({ status: 500 }), {}])
  await engine.send(invoice())
  await engine.deliverDue()
  assert.deepEqual(log.lines.splice(0), ['A delivery failed'])
  await engine.send(invoice({ retryDelaysSeconds: Array<number>(8).fill(10) }))
  for (let attempts = 0; attempts < 8; attempts++) {
    clock.advance({ minutes: 1 })
    await engine.deliverDue()
  }
  assert.deepEqual(log.lines, [
    'A destination is failing; until it responds, only probes are sent there',
    'A destination responds again',
  ])
})

test('nothing is sent while the store cannot record, and what ended is recorded when it can', async () => {
  const inner = memoryStore()
  let away = false
  const unavailable = async () => {
    if (away) throw new StoreUnavailableError('it is away')
  }
  const store: DeliveryStore = {
    ...inner,
    claim: request => unavailable().then(() => inner.claim(request)),
    endAttempts: request => unavailable().then(() => inner.endAttempts(request)),
  }
  const { engine, clock, requests, log } = setUp([{}], { store })
  const { id } = await engine.send(invoice())
  await engine.send(invoice({ at: clock.now() + 50 }))
  const started = new Promise<void>(resolve => {
    engine.on('attempt.started', () => {
      away = true
      resolve()
    })
  })
  await engine.start()
  await started
  let failures = 0
  engine.on('worker.error', () => {
    failures++
  })
  const passUntil = async (happened: () => boolean) => {
    while (!happened()) {
      clock.advance({ seconds: 1 })
      await new Promise(resolve => setImmediate(resolve))
    }
  }
  await passUntil(() => failures === 5)
  assert.equal(requests.length, 1)
  assert.equal((await engine.deliveries.get(id))?.state, 'attempting')
  away = false
  let settled = false
  engine.on('delivery.settled', () => {
    settled = true
  })
  await passUntil(() => settled)
  assert.equal((await engine.deliveries.get(id))?.state, 'delivered')
  await engine.close({ graceMs: 0 })
  assert.equal(log.lines.at(-1), 'The delivery store answers again')
})

test('deliverDue rejects where the store fails', async () => {
  const store = { ...memoryStore(), claim: () => Promise.reject(new StoreUnavailableError('it is away')) }
  const { engine } = setUp([{}], { store })
  await assert.rejects(engine.deliverDue(), { code: 'ERR_STORE_UNAVAILABLE' })
})

test('close leaves a transport that was given to whoever gave it', async () => {
  let closed = false
  const transport: Transport = {
    send: async () => response({}),
    async close() {
      closed = true
    },
  }
  const { engine } = setUp([], { transport })
  await engine.start()
  await engine.close()
  assert.equal(closed, false)
})

test('start does not send where worker is false', async () => {
  const { engine, requests } = setUp([{}], { worker: false })
  await engine.start()
  await engine.send(invoice())
  await new Promise(resolve => setImmediate(resolve))
  assert.equal(requests.length, 0)
  await engine.close({ graceMs: 0 })
})

test('call sends one request now and stores nothing', async () => {
  const { engine, requests } = setUp([{ status: 200 }, { status: 201 }])
  const responses = { '200': { schema: { required: ['ok'] } } }
  const received = await engine.call(invoice({ responses }))
  assert.deepEqual([received.status, received.valid, String.fromCharCode(...received.body)], [200, true, '{"ok":true}'])
  assert.equal((await engine.call(invoice({ responses }))).valid, false)
  assert.ok(requests.every(({ headers }) => headers['webhook-signature'] !== undefined))
  assert.deepEqual((await engine.deliveries.list()).items, [])
})

test('deliveries.replay sends again under the same id or a new one, replayAll the failed ones', async () => {
  const { engine, clock, requests } = setUp([{ status: 410 }, {}])
  const { id } = await engine.send(invoice())
  await engine.deliverDue()
  const copy = await engine.deliveries.replay(id, { newId: true })
  assert.notEqual(copy.id, id)
  assert.equal((await (await engine.deliveries.replayAll()).finished()).replayed, 1)
  clock.advance({ minutes: 1 })
  await engine.deliverDue()
  assert.deepEqual([requests.length, (await engine.deliveries.counts()).delivered], [3, 2])
  await assert.rejects(engine.deliveries.replay('msg_none'), { code: 'ERR_REPLAY', reason: 'missing' })
})

test('replayAll goes on in the background, with new ids where they are asked for, and tells how many it sent', async () => {
  const { engine, requests } = setUp([{ status: 410 }, { status: 410 }, { status: 410 }, {}])
  for (const orderingKey of ['a', 'b', 'c']) await engine.send(invoice({ orderingKey }))
  await engine.deliverDue()
  const { id } = await engine.deliveries.replayAll({}, { newId: true })
  assert.equal((await engine.deliveries.replays.get(id))?.finishedAt, undefined)
  await engine.deliverDue()
  const progress = await engine.deliveries.replays.get(id)
  assert.notEqual(progress?.finishedAt, undefined)
  assert.deepEqual([progress?.replayed, progress?.withoutBytes], [3, 0])
  assert.equal(new Set(requests.map(({ headers }) => headers['webhook-id'])).size, 6)
  assert.equal(await engine.deliveries.replays.get('none'), undefined)
})

test('a replay that one engine began is finished by another on the same store', async () => {
  const store = memoryStore()
  const first = setUp([{ status: 410 }], { store })
  await first.engine.store(Array.from({ length: 230 }, () => first.engine.prepare(invoice())))
  for (const { id } of (await first.engine.deliveries.list({ limit: 500 })).items)
    await first.engine.deliveries.cancel(id)
  const { id } = await first.engine.deliveries.replayAll({ state: ['cancelled', 'failed'] })
  const second = setUp([{}], { store })
  await second.engine.deliverDue()
  assert.equal((await first.engine.deliveries.replays.get(id))?.replayed, 230)
  assert.equal(second.requests.length, 230)
})

test('deliveries.list refuses text that no store could hold, and takes any spelling of a destination', async () => {
  const { engine } = setUp()
  const { id } = await engine.send(invoice({ recipient: 'A', idempotencyKey: 'order 17' }))
  for (const filter of [{ recipient: '\ud800' }, { idempotencyKey: 'a\0' }, { id: '\udc00' }])
    await assert.rejects(engine.deliveries.list(filter), RangeError)
  const { destination } = invoice()
  const spelled = destination.replace('https://', 'HTTPS://').replace(/(?<=:..[^/]*)(?=\/|$)/, ':443')
  for (const filter of [
    { destination: spelled },
    { recipient: 'A' },
    { id: id.slice(0, 9) },
    { idempotencyKey: 'ord' },
  ])
    assert.equal((await engine.deliveries.list(filter)).items[0]?.id, id, JSON.stringify(filter))
})

test('deliveries.sendNow makes a scheduled delivery due, and says false of any other', async () => {
  const { engine, requests, clock } = setUp()
  const { id } = await engine.send(invoice({ at: clock.now() + 1e6 }))
  await engine.deliverDue()
  assert.equal(requests.length, 0)
  assert.equal(await engine.deliveries.sendNow(id), true)
  await engine.deliverDue()
  assert.equal(requests.length, 1)
  assert.equal(await engine.deliveries.sendNow(id), false)
})

test('deliveries.erase removes every match, however many', async () => {
  const { engine } = setUp()
  await engine.store(Array.from({ length: 1_001 }, () => engine.prepare(invoice())))
  assert.equal(await engine.deliveries.erase({ callback: 'invoiceNotification' }), 1_001)
  assert.deepEqual((await engine.deliveries.list()).items, [])
})

test('createDelivery opens with any of its master secrets what it sealed, and signs with all of them', async () => {
  const store = memoryStore()
  const before = setUp([{}], { store })
  await before.engine.send(invoice({ headers: { authorization: 'Bearer x' } }))
  const masterSecret = ['n'.repeat(32), 'm'.repeat(32)]
  const { engine, requests, clock } = setUp([{}], { store, signing: { masterSecret } })
  await engine.deliverDue()
  assert.equal(requests[0]?.headers.authorization, 'Bearer x')
  const message = { headers: requests[0]?.headers ?? {}, body: requests[0]?.body ?? '' }
  for (const { secretFor } of [engine, before.engine])
    verify(message, { secrets: [await secretFor(invoice().destination)], now: clock.now() })
})
