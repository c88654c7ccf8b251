import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { DefinitionError } from '../definition/definition-error.ts'
import { createDelivery } from '../delivery/create-delivery.ts'
import type { DeliveryEngine } from '../delivery/delivery-engine.ts'
import type { DeliveryOptions } from '../delivery/delivery-options.ts'
import { memoryStore } from './memory-store.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }

/** An engine, and a receiver on real sockets that keeps each request until it is let go. */
async function setUp(t: TestContext, given: Partial<DeliveryOptions> = {}) {
  const waiting: ServerResponse[] = []
  const told = { most: 0, requests: 0 }
  let wake = (): void => {}
  const server = createServer((request, response) => {
    request.resume()
    told.requests++
    waiting.push(response)
    told.most = Math.max(told.most, waiting.length)
    wake()
  })
  server.listen(0, '0.0.0.0')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const engine = createDelivery({
    store: memoryStore(),
    signing: { masterSecret: 'm'.repeat(32) },
    destinations: { allow: ['127.0.0.0/8'] },
    log,
    ...given,
  })
  t.after(async () => {
    server.closeAllConnections()
    await engine.close({ graceMs: 0 })
    server.close()
  })
  const arrived = async (count: number): Promise<void> => {
    while (waiting.length < count) await new Promise<void>(resolve => (wake = resolve))
  }
  const letGo = (): void => {
    for (const response of waiting.splice(0)) response.end()
  }
  return { engine, port, told, arrived, letGo }
}

function call(engine: DeliveryEngine, host: string, port: number): Promise<number> {
  const url = `http://${host}:${port}/`
  const request = { operation: 'o', callback: 'c', method: 'POST', url, destination: url, body: Buffer.from('{}') }
  return engine.call(request).then(({ status }) => status)
}

for (const [given, most, hosts] of [
  [{}, 64, 20],
  [{}, 8, 1],
  [{ callConcurrency: { total: 5 } }, 5, 20],
  [{ callConcurrency: { perOrigin: 3 } }, 6, 2],
] as const) {
  test(`no more than ${most} of 100 calls to ${hosts} origins are on their way with ${JSON.stringify(given)}`, async t => {
    const { engine, port, told, arrived, letGo } = await setUp(t, given)
    const calls = Array.from({ length: 100 }, (_, index) => call(engine, `127.0.0.${1 + (index % hosts)}`, port))
    let done = false
    const all = Promise.all(calls).finally(() => (done = true))
    await arrived(most)
    letGo()
    while (!done) {
      await new Promise(setImmediate)
      letGo()
    }
    assert.deepEqual(await all, Array(100).fill(200))
    assert.deepEqual([told.requests, told.most], [100, most])
  })
}

test('an engine refuses numbers with which it would never send', () => {
  const options = { store: memoryStore(), signing: { masterSecret: 'm'.repeat(32) }, log }
  assert.throws(() => createDelivery({ ...options, callConcurrency: { total: 0 } }), DefinitionError)
  assert.throws(() => createDelivery({ ...options, callConcurrency: { perOrigin: 0.5 } }), DefinitionError)
  assert.throws(() => createDelivery({ ...options, concurrency: { total: -1 } }), DefinitionError)
})
