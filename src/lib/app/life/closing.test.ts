import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../../test/support/recording-log.ts'
import { createDelivery } from '../../delivery/create-delivery.ts'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import { callback } from '../../operation/callback-definition.ts'
import { dependency } from '../../operation/dependency-definition.ts'
import { memoryStore } from '../../store/memory-store.ts'
import { testClient } from '../../testing/test-client.ts'
import { Ringback } from '../ringback.ts'
import type { RingbackOptions } from '../ringback-options.ts'
import { Closing, closeTimes } from './closing.ts'

const never = () => new Promise<never>(() => {})
const query = z.object({ callback_url: z.url() })
const signing = { masterSecret: 'm'.repeat(32) }

function createApp(options: Partial<RingbackOptions> = {}) {
  const log = new RecordingLog()
  const app = new Ringback({ title: 'Closing', version: '1.0.0', log, ...options })
  return { app, abandoned: () => log.messages.filter(({ text }) => /abandoned|did not end in time/.test(text)) }
}

const named = (messages: readonly { readonly text: string; readonly fields: object }[]) =>
  messages.map(({ text, fields }) => text + JSON.stringify(fields)).join('\n')

test('Closing waits for what ends in time', async () => {
  const log = new RecordingLog()
  let ended = false
  await new Closing(30_000, log).step('A process', async () => {
    await once(spawn(process.execPath, ['--version']), 'exit')
    ended = true
  })
  assert.deepEqual([ended, log.messages], [true, []])
})

test('close abandons a lifespan that never ends, by name', async () => {
  const { app, abandoned } = createApp({
    async *lifespan() {
      yield
      await never()
    },
  })
  await app.start()
  await app.close({ closeTimeoutMs: 5 })
  assert.match(named(abandoned()), /The lifespan/)
  await app.close({ closeTimeoutMs: 5 })
  assert.equal(abandoned().length, 1)
})

test('close abandons a dependency that hangs, by name, and still ends those before it and the lifespan', async () => {
  const order: string[] = []
  const { app, abandoned } = createApp({
    async *lifespan() {
      yield
      order.push('lifespan')
    },
  })
  const pool = dependency({ scope: 'app' }, async function* () {
    yield 1
    order.push('pool')
  })
  const broker = dependency({ scope: 'app', dependencies: { pool } }, async function* () {
    yield 1
    await never()
  })
  app.get('/x', { dependencies: { broker } }, async () => {})
  await app.start()
  await app.close({ closeTimeoutMs: 5 })
  assert.deepEqual(order, ['pool', 'lifespan'])
  assert.match(named(abandoned()), /"broker" of GET \/x/)
  assert.equal(abandoned().length, 1)
})

test('close abandons work after a response that hangs, by the request that it belongs to', async () => {
  const { app, abandoned } = createApp()
  app.post('/orders', {}, async ({ background }) => background(never))
  await app.start()
  await app.fetch(new Request('http://localhost/orders', { method: 'POST' }))
  await app.close({ graceMs: 5 })
  assert.match(named(abandoned()), /POST \/orders/)
  const again = createApp()
  again.app.post('/orders', {}, async ({ background }) => background(never))
  await again.app.fetch(new Request('http://localhost/orders', { method: 'POST' }))
  await again.app.close({ graceMs: 60_000, closeTimeoutMs: 5 })
  assert.match(named(again.abandoned()), /POST \/orders/)
})

function withStore(change: Partial<DeliveryStore>): DeliveryStore {
  return { ...memoryStore(), ...change }
}

for (const [name, store] of Object.entries({
  'never closes': () => withStore({ close: never }),
  'never answers': () => withStore({ claim: never, endAttempts: never, close: never }),
}))
  test(`close abandons a store that ${name}, by name`, async () => {
    const { app, abandoned } = createApp({ delivery: { store: store(), signing } })
    app.post('/x', { query, callbacks: { done: callback.post('{$callback_url}', {}) } }, async () => {})
    await app.start()
    await app.close({ graceMs: 0, closeTimeoutMs: 5 })
    assert.match(named(abandoned()), /deliver/)
  })

test('an engine abandons a store that never closes, by name, and one that fails to, after the transport', async () => {
  const log = new RecordingLog()
  let closed = 0
  const transport = { send: never, close: async () => void closed++ }
  const engine = createDelivery({ store: withStore({ location: 'db.example', close: never }), signing, log, transport })
  await engine.close({ graceMs: 0 })
  assert.match(named(log.messages), /"db\.example".*abandoned/)
  const failing = withStore({ close: () => Promise.reject(new Error('gone')) })
  await assert.rejects(createDelivery({ store: failing, signing, log }).close({ graceMs: 0 }), /gone/)
})

test('listeners that hang do not hold anything up', async () => {
  const { app, abandoned } = createApp()
  app.post('/x', { query, callbacks: { done: callback.post('{$callback_url}', {}) } }, async ({ callbacks }) => {
    await callbacks.done.send()
  })
  for (const event of ['delivery.created', 'attempt.started', 'attempt.finished', 'delivery.settled'] as const)
    app.on(event, never)
  const client = await testClient(app)
  client.externalApi('https://www.external.org', () => new Response(null, { status: 204 }))
  await client.post('/x?callback_url=https://www.external.org')
  await client.deliver()
  await client.close()
  assert.deepEqual(abandoned(), [])
})

test('an onResponse that hangs holds up close no longer than its time, even while the clock stands still', async () => {
  const { app, abandoned } = createApp()
  const done = callback.post('{$callback_url}', { onResponse: never })
  app.post('/x', { query, callbacks: { done } }, async ({ callbacks }) => {
    await callbacks.done.send()
  })
  const client = await testClient(app)
  client.externalApi('https://www.external.org', () => new Response(null, { status: 204 }))
  await client.post('/x?callback_url=https://www.external.org')
  void client.deliver()
  const settled = Promise.withResolvers<void>()
  app.on('delivery.settled', () => settled.resolve())
  await settled.promise
  await app.close({ graceMs: 0, closeTimeoutMs: 5 })
  assert.match(named(abandoned()), /deliver/)
})

test('close has at least 5 s beyond the grace time, and its limit has the last word', () => {
  assert.deepEqual(closeTimes({}), { graceMs: 10_000, closeTimeoutMs: 15_000 })
  assert.deepEqual(closeTimes({ graceMs: 0 }), { graceMs: 0, closeTimeoutMs: 15_000 })
  assert.deepEqual(closeTimes({ graceMs: 100_000 }), { graceMs: 100_000, closeTimeoutMs: 105_000 })
  assert.deepEqual(closeTimes({ closeTimeoutMs: 5 }), { graceMs: 5, closeTimeoutMs: 5 })
  assert.deepEqual(closeTimes({ graceMs: 7, closeTimeoutMs: 9 }), { graceMs: 7, closeTimeoutMs: 9 })
})
