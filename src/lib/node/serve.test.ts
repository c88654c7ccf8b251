import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { Ringback } from '../app/ringback.ts'
import { callback } from '../operation/callback-definition.ts'
import { memoryStore } from '../store/memory-store.ts'
import { serve as serveForGood } from './serve.ts'
import type { ServeOptions } from './serve-options.ts'

function createApp() {
  const log = new RecordingLog()
  const delivery = { store: memoryStore(), signing: { masterSecret: 'm'.repeat(32) } }
  const app = new Ringback({ title: 'Serve', version: '1.0.0', log, delivery })
  const done = callback.post('{$callback_url}', {})
  const query = z.object({ callback_url: z.url() })
  app.post('/x', { query, callbacks: { done } }, async ({ callbacks }) => {
    await callbacks.done.send()
  })
  return { app, log, texts: () => log.messages.map(({ text }) => text) }
}

/** Serves until the test ends. */
async function serve(t: TestContext, app: Ringback, options: ServeOptions) {
  const server = await serveForGood(app, options)
  t.after(() => server.close())
  return server
}

test('allowLoopback lets callbacks go to this machine, which are refused without it', async t => {
  const received: unknown[] = []
  const arrived = Promise.withResolvers<void>()
  const receiver = createServer((request, response) => {
    received.push(request.url)
    response.end(() => arrived.resolve())
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  t.after(() => receiver.close())
  const { port } = receiver.address() as AddressInfo
  for (const [allowLoopback, status] of [
    [undefined, 422],
    [false, 422],
    [true, 204],
  ] as const) {
    const { app, texts } = createApp()
    const options = {
      port: 0,
      host: '127.0.0.1',
      signals: false,
      ...(allowLoopback !== undefined && { allowLoopback }),
    }
    const server = await serve(t, app, options)
    const callbackUrl = encodeURIComponent(`http://127.0.0.1:${port}/${allowLoopback}`)
    const response = await fetch(`${server.url}/x?callback_url=${callbackUrl}`, { method: 'POST' })
    assert.equal(response.status, status)
    // Nothing else of the own network is opened by it.
    const intranet = await fetch(`${server.url}/x?callback_url=http://10.0.0.7/`, { method: 'POST' })
    assert.equal(intranet.status, 422)
    if (allowLoopback && response.ok) await arrived.promise
    assert.equal(
      texts().some(text => text.includes('for development only')),
      allowLoopback === true,
    )
    await server.close()
  }
  assert.deepEqual(received, ['/true'])
})

test('host is the only address that is listened to, and stands in the URL', async t => {
  const { app } = createApp()
  const server = await serve(t, app, { port: 0, host: '127.0.0.2', signals: false })
  assert.equal(server.url, `http://127.0.0.2:${server.port}`)
  assert.equal((await fetch(`${server.url}/openapi.json`)).status, 200)
  await assert.rejects(fetch(`http://127.0.0.1:${server.port}/openapi.json`), { name: 'TypeError' })
  await server.close()
})

test('port is that of the environment where none is given', async t => {
  const earlier = process.env['PORT']
  t.after(() => {
    if (earlier === undefined) delete process.env['PORT']
    else process.env['PORT'] = earlier
  })
  const first = await serve(t, createApp().app, { port: 0, host: '127.0.0.1', signals: false })
  await first.close()
  process.env['PORT'] = String(first.port)
  const server = await serve(t, createApp().app, { host: '127.0.0.1', signals: false })
  assert.equal(server.port, first.port)
  await assert.rejects(serve(t, createApp().app, { host: '127.0.0.1', signals: false }), { code: 'EADDRINUSE' })
  await server.close()
})

test('signals are listened to while an application is served, and not at all where it says false', async t => {
  const listeners = () => process.listenerCount('SIGTERM') + process.listenerCount('SIGINT')
  const before = listeners()
  const quiet = await serve(t, createApp().app, { port: 0, host: '127.0.0.1', signals: false })
  assert.equal(listeners(), before)
  await quiet.close()
  const server = await serve(t, createApp().app, { port: 0, host: '127.0.0.1' })
  assert.equal(listeners(), before + 2)
  await server.close()
  assert.equal(listeners(), before)
})
