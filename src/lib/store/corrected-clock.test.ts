import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { systemClock } from '../clock.ts'
import { createDelivery } from '../delivery/create-delivery.ts'
import type { DeliveryStore } from '../delivery/delivery-store.ts'
import { memoryStore } from './memory-store.ts'
import { sqliteStore } from './sqlite/sqlite-store.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const minute = 60_000
const day = 86_400_000

/** A receiver, and engines whose clock is wrong by so much until the test puts it right. */
async function setUp(t: TestContext, wrongByMs: number) {
  const received: (string | undefined)[] = []
  const statuses = new Map<string | undefined, number>()
  const receiver = createServer((request, response) => {
    received.push(request.url)
    response.statusCode = statuses.get(request.url) ?? 200
    response.end('{}')
  })
  await once(receiver.listen(0, '127.0.0.1'), 'listening')
  const { port } = receiver.address() as AddressInfo
  t.after(() => receiver.close())
  const time = { wrongByMs }
  const startEngine = (store: DeliveryStore) => {
    const engine = createDelivery({
      store,
      signing: { masterSecret: 'm'.repeat(32) },
      destinations: { allow: ['127.0.0.1'] },
      clock: { now: () => systemClock.now() + time.wrongByMs, setTimer: systemClock.setTimer },
      random: () => 0,
      log,
    })
    t.after(() => engine.close({ graceMs: 0 }))
    const send = (path: string, given: { readonly orderingKey?: string; readonly delayMs?: number } = {}) => {
      const url = `http://127.0.0.1:${port}${path}`
      return engine.send({ operation: 'o', callback: 'c', method: 'POST', url, destination: url, ...given })
    }
    return { engine, send }
  }
  return { received, statuses, time, startEngine }
}

function temporaryPath(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return join(folder, 'd.sqlite')
}

for (const [words, ms] of [
  ['a minute', minute],
  ['a day', day],
  ['four years', 4 * 365 * day],
] as const)
  test(`after a restart nothing waits because the clock was ahead by ${words}`, async t => {
    const { received, statuses, time, startEngine } = await setUp(t, ms)
    const path = temporaryPath(t)
    const before = startEngine(sqliteStore({ path }))
    statuses.set('/slowed', 429)
    await before.send('/slowed')
    await before.engine.deliverDue()
    for (const number of [1, 2, 3]) await before.send(`/${number}`, { orderingKey: 'k' })
    await before.send('/slowed')
    const { id } = await before.send('/waits', { delayMs: 10_000 })
    await before.engine.close({ graceMs: 0 })

    time.wrongByMs = 0
    statuses.clear()
    const after = startEngine(sqliteStore({ path }))
    await after.engine.deliverDue()
    assert.deepEqual(received.toSorted(), ['/1', '/2', '/3', '/slowed', '/slowed'])
    const { nextAttemptAt = 0 } = (await after.engine.deliveries.get(id)) ?? {}
    assert.ok(nextAttemptAt <= systemClock.now() + 10_000)
  })

test('an attempt that is on its way when the clock is put right is not made again', async t => {
  const { received, time, startEngine } = await setUp(t, day)
  const { engine, send } = startEngine(memoryStore())
  const slow = createServer((_, response) => void asked.resolve(response))
  const asked = Promise.withResolvers<{ end(text: string): unknown }>()
  await once(slow.listen(0, '127.0.0.1'), 'listening')
  t.after(() => slow.close())
  const url = `http://127.0.0.1:${(slow.address() as AddressInfo).port}/`
  const { id } = await engine.send({ operation: 'o', callback: 'c', method: 'POST', url, destination: url })
  await engine.start()
  const response = await asked.promise
  time.wrongByMs = 0
  const other = new Promise(resolve => engine.on('delivery.settled', resolve))
  await send('/other')
  await other
  const settled = new Promise(resolve => engine.on('delivery.settled', resolve))
  response.end('{}')
  await settled
  const delivery = await engine.deliveries.get(id)
  assert.deepEqual([delivery?.state, delivery?.attemptCount, received.length], ['delivered', 1, 1])
})

test('after a clock that was behind everything that waits goes out', async t => {
  const { received, time, startEngine } = await setUp(t, -4 * 365 * day)
  const path = temporaryPath(t)
  const before = startEngine(sqliteStore({ path }))
  await before.send('/1', { orderingKey: 'k' })
  await before.send('/waits', { delayMs: 10_000 })
  await before.engine.close({ graceMs: 0 })
  time.wrongByMs = 0
  await startEngine(sqliteStore({ path })).engine.deliverDue()
  assert.deepEqual(received.toSorted(), ['/1', '/waits'])
})
