import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createDelivery } from '../delivery/create-delivery.ts'
import type { DeliveryOptions } from '../delivery/delivery-options.ts'
import type { DeliveryRequest } from '../delivery/delivery-request.ts'
import { ManualClock } from '../manual-clock.ts'
import { sqliteStore } from './sqlite/sqlite-store.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const who = { reason: 'Their deployment', by: 'ada' }

/** A receiver, and engines over one file: as many as the test makes are as many processes. */
async function setUp(t: TestContext) {
  const received: (string | undefined)[] = []
  const statuses = new Map<string | undefined, number>()
  const receiver = createServer((request, response) => {
    received.push(request.url)
    response.statusCode = statuses.get(request.url) ?? 200
    response.end('{}')
  })
  await once(receiver.listen(0, '127.0.0.1'), 'listening')
  const folder = mkdtempSync(join(tmpdir(), 'ringback-'))
  t.after(() => {
    receiver.close()
    rmSync(folder, { recursive: true })
  })
  const clock = new ManualClock()
  const makeEngine = (given: Partial<DeliveryOptions> = {}) => {
    const engine = createDelivery({
      store: sqliteStore({ path: join(folder, 'd.sqlite') }),
      signing: { masterSecret: 'm'.repeat(32) },
      destinations: { allow: ['127.0.0.1'] },
      random: () => 0,
      clock,
      log,
      ...given,
    })
    t.after(() => engine.close({ graceMs: 0 }))
    return engine
  }
  const base = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
  const to = (path: string, given: Partial<DeliveryRequest> = {}): DeliveryRequest => {
    return {
      operation: 'o',
      callback: 'c',
      method: 'POST',
      url: `${base}${path}`,
      destination: `${base}${path}`,
      ...given,
    }
  }
  return { received, statuses, clock, base, to, makeEngine }
}

test('a destination that one process pauses is paused for the others and after a restart, and only that one', async t => {
  const { received, base, to, makeEngine } = await setUp(t)
  const first = makeEngine()
  await first.send(to('/known'))
  await first.deliverDue()
  for (const path of ['/a', '/b']) await first.send(to(path))
  assert.equal(await first.destinations.pause(`${base}/a`, who), 1)
  await first.close({ graceMs: 0 })

  const second = makeEngine()
  await second.deliverDue()
  assert.deepEqual(received, ['/known', '/b'])
  const { items } = await second.destinations.list({ state: 'paused' })
  assert.deepEqual(
    items.map(({ url, reason, pausedBy, waiting }) => ({ url, reason, pausedBy, waiting })),
    [{ url: `${base}/a`, reason: 'Their deployment', pausedBy: 'ada', waiting: 1 }],
  )
  assert.equal((await second.call(to('/a'))).status, 200)
  assert.equal(await makeEngine().destinations.resume(`${base}/a`), 1)
  await second.deliverDue()
  assert.deepEqual(received, ['/known', '/b', '/a', '/a'])
})

test('a destination with a query is shown masked, and found by what is shown', async t => {
  const { received, base, to, makeEngine } = await setUp(t)
  const engine = makeEngine()
  await engine.send(to('/a?token=hidden'))
  const { items } = await engine.destinations.list()
  const [shown] = items
  assert.equal(shown?.url, `${base}/a?***`)
  assert.equal(await engine.destinations.pause(shown.url, who), 1)
  await engine.deliverDue()
  assert.deepEqual(received, [])
  assert.equal(await engine.destinations.resume(shown.url), 1)
  await engine.deliverDue()
  assert.deepEqual(received, ['/a?token=hidden'])
})

test('a resume sends at once where the breaker held up, and says in words why it did', async t => {
  const { received, statuses, clock, base, to, makeEngine } = await setUp(t)
  const engine = makeEngine({ retryDelaysSeconds: [0, 0, 0, 0, 0, 0, 0, 0] })
  statuses.set('/a', 503)
  await engine.send(to('/a'))
  await engine.deliverDue()
  const [slowed] = (await engine.destinations.list()).items
  assert.deepEqual(
    [slowed?.state, slowed?.reason, slowed?.failures, slowed?.pausedUntil],
    ['slowed', 'The last attempt was not accepted', 1, clock.now() + 1_000],
  )
  statuses.clear()
  await engine.destinations.resume(`${base}/a`)
  await engine.deliverDue()
  assert.equal(received.length, 2)
  const [healthy] = (await engine.destinations.list()).items
  assert.deepEqual([healthy?.state, healthy?.reason, healthy?.lastSuccessAt], ['healthy', undefined, clock.now()])
})

test('all sending is paused for every process and after a restart, while send stores and call sends', async t => {
  const { received, to, makeEngine } = await setUp(t)
  const first = makeEngine()
  assert.equal(await first.deliveries.paused(), undefined)
  await first.deliveries.pause({ reason: 'Restored', by: 'ada' })
  await first.send(to('/a'))
  await first.close({ graceMs: 0 })

  const second = makeEngine()
  await second.deliverDue()
  assert.equal((await second.call(to('/called'))).status, 200)
  const { reason, by } = (await second.deliveries.paused()) ?? {}
  assert.deepEqual([received, reason, by], [['/called'], 'Restored', 'ada'])
  await makeEngine().deliveries.resume()
  await second.deliverDue()
  assert.deepEqual(received, ['/called', '/a'])
})

test('a worker that is running notices a pause, lets what is on its way end, and goes on by itself', async t => {
  const { received, base, to, makeEngine } = await setUp(t)
  const { systemClock: clock } = await import('../clock.ts')
  const [worker, other] = [makeEngine({ clock }), makeEngine({ clock, worker: false })]
  const settled = () => new Promise(resolve => worker.on('delivery.settled', resolve))
  await worker.start()
  const first = settled()
  await other.send(to('/1'))
  await first
  await other.destinations.pause(`${base}/2`, who)
  await other.send(to('/2'))
  const third = settled()
  await other.send(to('/3'))
  await third
  assert.deepEqual(received, ['/1', '/3'])
  const second = settled()
  await other.destinations.resume(`${base}/2`)
  await second
  assert.deepEqual(received, ['/1', '/3', '/2'])
})

test('ratePerSecond lets so many attempts start in a second at each destination, and a destination may have its own', async t => {
  const { received, clock, base, to, makeEngine } = await setUp(t)
  const engine = makeEngine({ ratePerSecond: 2 })
  for (const path of ['/a', '/b']) await engine.send(to(path))
  await engine.deliverDue()
  await engine.destinations.update(`${base}/b`, { ratePerSecond: 4 })
  for (let times = 0; times < 10; times++) for (const path of ['/a', '/b']) await engine.send(to(path))
  for (let ms = 0; ms < 1_000; ms += 50) {
    clock.advance(50)
    await engine.deliverDue()
  }
  const counts = ['/a', '/b'].map(path => received.filter(url => url === path).length - 1)
  assert.deepEqual(counts, [2, 3])
  const rates = (await engine.destinations.list()).items.map(({ ratePerSecond }) => ratePerSecond)
  assert.deepEqual(rates, [4, 2])
})

for (const [words, refused] of [
  [
    'a pause without a reason',
    ({ destinations }) => destinations.pause('https://a.example', { reason: '', by: 'ada' }),
  ],
  ['a pause by nobody', ({ deliveries }) => deliveries.pause({ reason: 'x' } as never)],
  ['a pause without anything', ({ deliveries }) => deliveries.pause(undefined as never)],
  ['a long reason', ({ deliveries }) => deliveries.pause({ reason: 'x'.repeat(1_025), by: 'ada' })],
  ['what is no URL', ({ destinations }) => destinations.resume('a.example/hooks')],
  ['another scheme', ({ destinations }) => destinations.resume('ftp://a.example/hooks')],
  ['an empty recipient', ({ destinations }) => destinations.resume('https://a.example', { recipient: '' })],
  ['a rate of 0', ({ destinations }) => destinations.update('https://a.example', { ratePerSecond: 0 })],
  ['a rate as text', ({ destinations }) => destinations.update('https://a.example', { ratePerSecond: '5' as never })],
] as const satisfies readonly (readonly [string, (engine: ReturnType<typeof createDelivery>) => Promise<unknown>])[])
  test(`${words} is refused`, async t => {
    const { makeEngine } = await setUp(t)
    await assert.rejects(refused(makeEngine()), { name: 'RangeError' })
  })
