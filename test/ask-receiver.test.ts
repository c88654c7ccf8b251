import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { createDelivery, memoryStore } from 'ringback/delivery'
import { askReceiver } from '../examples/ask-receiver.ts'
import { RecordingLog } from './support/recording-log.ts'

const sender = 'api.example.com'

/** A receiver that responds to the question in this way, and an engine that asks it. */
async function asking(t: TestContext, respond: (response: ServerResponse) => void) {
  const received: string[] = []
  const receiver = createServer((request, response) => {
    received.push(`${request.method} ${request.url}`)
    if (request.method !== 'OPTIONS') response.end()
    else {
      assert.equal(request.headers['webhook-request-origin'], sender)
      respond(response)
    }
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const allow = ['127.0.0.1']
  const time = { now: 0 }
  const keepMs = { yes: 1_000, no: 100 }
  const engine = createDelivery({
    store: memoryStore(),
    signing: { masterSecret: 'a master secret for receivers' },
    destinations: { allow, check: askReceiver({ sender, allow, keepMs, now: () => time.now }) },
    worker: false,
    log: new RecordingLog(),
  })
  t.after(async () => {
    receiver.closeAllConnections()
    receiver.close()
    await engine.close({ graceMs: 0 })
  })
  const base = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
  const deliver = async (...paths: string[]) => {
    const sent = paths.map(path => ({ url: base + path, destination: base + path }))
    const ids = await Promise.all(
      sent.map(one => engine.send({ ...one, operation: 'pay', callback: 'paid', method: 'POST' })),
    )
    await engine.deliverDue()
    const stored = await Promise.all(ids.map(({ id }) => engine.deliveries.get(id)))
    return stored.map(one => one?.attempts[0]?.outcome)
  }
  return { received, deliver, time }
}

const allowing = (origin: string) => (response: ServerResponse) =>
  response.writeHead(200, { 'WebHook-Allowed-Origin': origin, 'WebHook-Allowed-Rate': '*' }).end()

for (const origin of [sender, '*', `eventemitter.example.com, ${sender.toUpperCase()}`])
  test(`a receiver that allows "${origin}" is asked once, and gets everything`, async t => {
    const { received, deliver, time } = await asking(t, allowing(origin))
    assert.deepEqual(await deliver('/a?token=1'), ['accepted'])
    assert.deepEqual(received, ['OPTIONS /a?token=1', 'POST /a?token=1'])
    assert.deepEqual(await deliver('/b', '/c'), ['accepted', 'accepted'])
    assert.deepEqual(received.slice(2).toSorted(), ['POST /b', 'POST /c'])
    time.now = 1_001
    assert.deepEqual(await deliver('/d'), ['accepted'])
    assert.deepEqual(received.slice(4), ['OPTIONS /d', 'POST /d'])
  })

for (const [words, respond] of [
  ['does not say so', response => response.end()],
  ['allows others', allowing('eventemitter.example.com')],
  ['allows a name that only begins so', allowing(`${sender}.evil.example`)],
  ['has no such method', response => response.writeHead(405, { 'WebHook-Allowed-Origin': '*' }).end()],
  ['sends elsewhere', response => response.writeHead(302, { location: '/b', 'WebHook-Allowed-Origin': '*' }).end()],
  ['breaks off', response => response.destroy()],
] as const satisfies readonly (readonly [string, (response: ServerResponse) => unknown])[])
  test(`a receiver that ${words} is asked once, and gets nothing`, async t => {
    const { received, deliver, time } = await asking(t, respond)
    assert.deepEqual(await deliver('/a', '/b?1', '/b?2'), ['refused', 'refused', 'refused'])
    assert.equal(received.length, 1)
    assert.match(received[0]!, /^OPTIONS \//)
    time.now = 101
    await deliver('/c')
    assert.deepEqual(received.slice(1), ['OPTIONS /c'])
  })
