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
  operation: 'createInvoice',
  callback: 'paid',
  method: 'POST',
  url: 'https://a.example/events/1?token=t0ken',
  destination: 'https://a.example/events?token=t0ken',
  hasOnResponse: true,
}
const accepted: IncomingResponse = {
  status: 200,
  headers: {},
  body: new Uint8Array(),
  bodyTruncated: false,
  address: '192.0.2.1',
}

interface SetUp extends Partial<DeliveryOptions> {
  readonly faults?: Partial<DeliveryStore>
  readonly send?: () => Promise<IncomingResponse>
}

/** An engine over a store some of whose methods are at fault. */
function setUp({ faults, send = async () => accepted, ...given }: SetUp = {}) {
  const [clock, log] = [new ManualClock(), new RecordingLog()]
  const transport = { send, async close() {} }
  const store = { ...memoryStore(), ...faults }
  const options = { store, clock, log, transport, random: () => 0, signing: { masterSecret: 'm'.repeat(32) } }
  const engine = createDelivery({ ...options, ...given })
  const told = (level: 'warn' | 'error') =>
    log.messages.filter(message => message.level === level).map(({ text }) => text)
  return { engine, store, clock, log, told }
}

test('a store that does not answer is told each time, but what somebody has to mend only once', async () => {
  const errors = [
    new StoreUnavailableError('it is away'),
    new StoreUnavailableError('it is away'),
    new StoreUnavailableError('the disk is full', { lasting: true }),
    new StoreUnavailableError('the disk is full', { lasting: true }),
    new StoreUnavailableError('it is read-only', { lasting: true }),
  ]
  const inner = memoryStore()
  const claim: DeliveryStore['claim'] = async asked => {
    const error = errors.shift()
    if (error !== undefined) throw error
    return inner.claim(asked)
  }
  const { engine, log } = setUp({ store: { ...inner, claim } })
  const told: unknown[] = []
  engine.on('worker.error', ({ error }) => told.push((error as StoreUnavailableError).reason))
  for (let failures = 0; failures < 5; failures++) await assert.rejects(engine.deliverDue())
  await engine.deliverDue()
  await engine.deliverDue()
  const lines = log.messages.map(({ text, fields }) => (fields['error'] as StoreUnavailableError)?.reason ?? text)
  const away = ['it is away', 'it is away', 'the disk is full']
  assert.deepEqual(lines, [...away, 'it is read-only', 'The delivery store answers again'])
  assert.deepEqual(told, [...away, 'the disk is full', 'it is read-only'])
})

test('the store is tidied until nothing more is left, then once an hour, and a failure of that harms nothing', async () => {
  const results: (boolean | Error)[] = [true, false, new Error('too slow'), false]
  const purge = async () => {
    const result = results.shift()
    if (result instanceof Error) throw result
    return result ?? false
  }
  const { engine, clock, told } = setUp({ faults: { purge } })
  await engine.deliverDue()
  await engine.deliverDue()
  assert.equal(results.length, 2)
  clock.advance({ minutes: 59 })
  await engine.deliverDue()
  assert.equal(results.length, 2)
  clock.advance({ minutes: 1 })
  const { id } = await engine.send(request)
  await engine.deliverDue()
  assert.equal(results.length, 1)
  clock.advance({ seconds: 30 })
  await engine.deliverDue()
  assert.equal(results.length, 0)
  assert.equal((await engine.deliveries.get(id))?.state, 'delivered')
  assert.deepEqual(told('warn'), ['Could not tidy the delivery store'])
})

test('an onResponse whose end could not be recorded runs again when its lease has passed', async () => {
  const inner = memoryStore()
  let failures = 1
  const endHandlers: DeliveryStore['endHandlers'] = async ended => {
    if (failures-- > 0) throw new StoreUnavailableError('it is away')
    return inner.endHandlers(ended)
  }
  const seen: string[] = []
  const { engine, clock, told } = setUp({
    store: { ...inner, endHandlers },
    onResponse: (_, { id }) => void seen.push(id),
  })
  const { id } = await engine.send(request)
  await engine.deliverDue()
  assert.deepEqual(told('warn'), ['Could not record that onResponse of callback "paid" ran; it will run again'])
  await engine.deliverDue()
  assert.deepEqual(seen, [id])
  for (let minute = 0; minute < 3; minute++) {
    clock.advance({ minutes: 1 })
    await engine.deliverDue()
  }
  assert.deepEqual(seen, [id, id])
})

test('a response that cannot be opened waits for its key, and is told', async () => {
  const inner = memoryStore()
  const seen: number[] = []
  const onResponse: DeliveryOptions['onResponse'] = ({ status }) => void seen.push(status)
  const dead = setUp({ store: inner, sealBodies: true, onResponse: () => new Promise(() => {}) })
  await dead.engine.send({ ...request, body: Buffer.from('{}') })
  void dead.engine.deliverDue()
  await new Promise(resolve => dead.engine.on('delivery.settled', resolve))
  dead.clock.advance({ minutes: 1 })
  const useKeys = async () => ({ known: true }) as const
  const withoutKey = setUp({
    store: { ...inner, useKeys },
    clock: dead.clock,
    onResponse,
    signing: { masterSecret: 'n'.repeat(32) },
  })
  await withoutKey.engine.deliverDue()
  assert.deepEqual(withoutKey.told('error'), ['A response cannot be opened, and onResponse waits until it can'])
  dead.clock.advance({ minutes: 1 })
  const withKey = setUp({ store: inner, clock: dead.clock, onResponse })
  await withKey.engine.deliverDue()
  assert.deepEqual(seen, [200])
})

test('all responses that a dead worker left are taken over at once, however many', async () => {
  const store = memoryStore()
  const forgetful = { ...store, endHandlers: async () => {} }
  const dead = setUp({ store: forgetful, onResponse() {} })
  for (let count = 0; count < 40; count++) await dead.engine.send(request)
  await dead.engine.deliverDue()
  dead.clock.advance({ minutes: 1 })
  let handled = 0
  const { engine } = setUp({ store, clock: dead.clock, onResponse: () => void handled++ })
  await engine.start()
  // Each makes a turn, and no time passes between them.
  for (let turn = 0; turn < 1_000 && handled < 40; turn++) {
    await engine.send({ ...request, hasOnResponse: false })
    await new Promise(setImmediate)
  }
  await engine.close({ graceMs: 0 })
  assert.equal(handled, 40)
})

test('onResponse gets no time beyond that of a store which does not answer when the worker stops', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const inner = memoryStore()
  let recorded = 0
  const endAttempts: DeliveryStore['endAttempts'] = (...given) =>
    recorded++ === 0 ? inner.endAttempts(...given) : new Promise(() => {})
  const handling = Promise.withResolvers<void>()
  const onResponse = () => {
    handling.resolve()
    return new Promise<void>(() => {})
  }
  const { engine, clock } = setUp({ faults: { ...inner, endAttempts }, onResponse })
  await engine.start()
  await engine.send(request)
  await handling.promise
  const started = new Promise(resolve => engine.on('attempt.started', resolve))
  await engine.send(request)
  await started
  const limits: number[] = []
  clock.setTimer = (run, delayMs) => {
    limits.push(delayMs)
    setImmediate(run)
    return () => {}
  }
  const closed = engine.close({ graceMs: 0 })
  for (let pass = 0; pass < 20; pass++) await new Promise(setImmediate)
  t.mock.timers.tick(1_000)
  await closed
  assert.equal(limits.at(-1), 0)
})

test('a worker with nothing to do sleeps until its next look at the store', async () => {
  const { engine, clock } = setUp()
  await engine.send(request)
  await engine.start()
  await new Promise(resolve => engine.on('delivery.settled', resolve))
  const passes = async () => {
    for (let pass = 0; pass < 20; pass++) await new Promise(setImmediate)
  }
  await passes()
  let turns = 0
  const now = clock.now.bind(clock)
  clock.now = () => {
    turns++
    return now()
  }
  await passes()
  assert.equal(turns, 0)
  clock.advance({ seconds: 1 })
  await passes()
  assert.ok(turns > 0)
  await engine.close({ graceMs: 0 })
})

test('two who wait for what is due ask the store one after the other', async () => {
  const inner = memoryStore()
  const claims = { running: 0, most: 0 }
  const claim: DeliveryStore['claim'] = async asked => {
    claims.most = Math.max(claims.most, ++claims.running)
    await new Promise(setImmediate)
    claims.running--
    return inner.claim(asked)
  }
  const { engine } = setUp({ store: { ...inner, claim } })
  const { id } = await engine.send(request)
  await Promise.all([engine.deliverDue(), engine.deliverDue(), engine.start()])
  assert.equal(claims.most, 1)
  assert.equal((await engine.deliveries.get(id))?.attemptCount, 1)
  await engine.close({ graceMs: 0 })
})
