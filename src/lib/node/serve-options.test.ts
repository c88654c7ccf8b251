import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { Ringback } from '../app/ringback.ts'
import type { DeliveryStore } from '../delivery/delivery-store.ts'
import { callback } from '../operation/callback-definition.ts'
import { memoryStore } from '../store/memory-store.ts'
import { sqliteStore } from '../store/sqlite/sqlite-store.ts'
import { serve } from './serve.ts'
import { checkedServeOptions } from './serve-options.ts'

function createApp(store: DeliveryStore = memoryStore(), signing: object | null = { masterSecret: 'm'.repeat(32) }) {
  const log = new RecordingLog()
  const delivery = { store, ...(signing && { signing }) }
  const app = new Ringback({ title: 'Serve', version: '1.0.0', log, delivery: delivery as { store: DeliveryStore } })
  const done = callback.post('{$callback_url}', {})
  app.post('/x', { query: z.object({ callback_url: z.url() }), callbacks: { done } }, async () => {})
  return { app, log, texts: () => log.messages.map(({ text }) => text) }
}

function setEnvironment(t: TestContext, name: string, value: string): void {
  const earlier = process.env[name]
  t.after(() => {
    if (earlier === undefined) delete process.env[name]
    else process.env[name] = earlier
  })
  process.env[name] = value
}

for (const text of ['abc', '-1', '70000', '', '80x', ' ', '8e3', '0x50', '80.0', '65536', '123456', '8000 '])
  test(`PORT=${JSON.stringify(text)} refuses the start, by the variable's name`, async t => {
    setEnvironment(t, 'PORT', text)
    let begun = false
    const lifespan = async function* () {
      begun = true
      yield
    }
    const app = new Ringback({ title: 'Serve', version: '1.0.0', log: new RecordingLog(), lifespan })
    await assert.rejects(serve(app, { signals: false }), {
      name: 'DefinitionError',
      message: new RegExp(`PORT is "${text}"`),
    })
    assert.equal(begun, false)
  })

test('PORT is read where it is a port, and not asked for where "port" is given', t => {
  for (const [text, port] of [
    ['0', 0],
    ['8080', 8080],
    ['65535', 65535],
    ['080', 80],
  ] as const) {
    setEnvironment(t, 'PORT', text)
    assert.equal(checkedServeOptions({}).port, port)
  }
  setEnvironment(t, 'PORT', 'abc')
  assert.equal(checkedServeOptions({ port: 0 }).port, 0)
})

for (const [options, words] of [
  [{ prt: 80 }, /"prt".*Did you mean "port"\?/],
  [{ allowLoopBack: true }, /Did you mean "allowLoopback"\?/],
  [{ gracefulMs: 5 }, /"gracefulMs".*Did you mean "graceMs"\?/],
  [{ port: -1 }, /"port" is -1/],
  [{ port: 70_000 }, /"port" is 70000/],
  [{ port: '80' }, /"port" is "80"/],
  [{ port: Number.NaN }, /"port" is NaN/],
  [{ port: 1.5 }, /"port" is 1\.5/],
  [{ host: '' }, /"host" is ""/],
  [{ graceMs: -1 }, /"graceMs" is -1/],
  [{ closeTimeoutMs: '5' }, /"closeTimeoutMs" is "5"/],
  [{ signals: 'no' }, /"signals" is "no"/],
  [{ allowLoopback: 1 }, /"allowLoopback" is 1/],
] as const)
  test(`serve refuses ${JSON.stringify(options)}`, async () => {
    await assert.rejects(serve(createApp().app, options as never), { name: 'DefinitionError', message: words })
  })

for (const [text, words] of [
  ['', /RINGBACK_MASTER_SECRET is empty.*ringback keys new/],
  [' \n', /RINGBACK_MASTER_SECRET is empty/],
  ['short', /RINGBACK_MASTER_SECRET is too short.*ringback keys new/],
  [`${'a'.repeat(32)},`, /RINGBACK_MASTER_SECRET, number 2 of its list, is empty/],
  [`,${'a'.repeat(32)}`, /number 1 of its list, is empty/],
  [`${'a'.repeat(32)}, b`, /number 2 of its list, is too short/],
] as const)
  test(`RINGBACK_MASTER_SECRET=${JSON.stringify(text)} refuses the start, by the variable's name`, async t => {
    setEnvironment(t, 'RINGBACK_MASTER_SECRET', text)
    const { app } = createApp(memoryStore(), null)
    await assert.rejects(serve(app, { port: 0, signals: false }), { name: 'SigningKeyError', message: words })
    const server = await serve(createApp().app, { port: 0, host: '127.0.0.1', signals: false })
    await server.close()
  })

test('serve prints where every store is, and nothing of one that no callback needs', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-'))
  t.after(() => rm(folder, { recursive: true }))
  const own = new DatabaseSync(join(folder, 'own.sqlite'))
  t.after(() => own.close())
  const custom = { ...memoryStore(), location: 'postgres://db.example/app' }
  for (const [store, location] of [
    [sqliteStore({ path: join(folder, 'given.sqlite') }), join(folder, 'given.sqlite')],
    [sqliteStore({ database: own }), join(folder, 'own.sqlite')],
    [memoryStore(), 'memory'],
    [custom, 'postgres://db.example/app'],
  ] as const) {
    const { app, texts } = createApp(store)
    const server = await serve(app, { port: 0, host: '127.0.0.1', signals: false })
    await server.close()
    assert.deepEqual(
      texts().filter(text => text.startsWith('Deliveries')),
      [`Deliveries stored in ${location}`],
    )
  }
  const log = new RecordingLog()
  const server = await serve(new Ringback({ title: 'None', version: '1', log }), { port: 0, signals: false })
  await server.close()
  assert.equal(
    log.messages.some(({ text }) => text.includes('Deliveries')),
    false,
  )
})

test('close of a server abandons what hangs, requests among it', async () => {
  const asked = Promise.withResolvers<void>()
  const log = new RecordingLog()
  const lifespan = async function* () {
    yield
    await new Promise(() => {})
  }
  const app = new Ringback({ title: 'Hangs', version: '1.0.0', log, lifespan })
  app.get('/x', {}, async () => {
    asked.resolve()
    await new Promise(() => {})
  })
  const server = await serve(app, { port: 0, host: '127.0.0.1', signals: false, closeTimeoutMs: 20 })
  const responded = fetch(`${server.url}/x`).catch((error: Error) => error.name)
  await asked.promise
  await server.close()
  assert.equal(await responded, 'TypeError')
  assert.match(log.messages.at(-1)?.text ?? '', /The lifespan .*abandoned/)
})
