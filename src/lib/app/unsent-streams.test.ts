import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { StoreUnavailableError } from '../delivery/store-unavailable-error.ts'
import { eventStream } from '../operation/bodies/event-stream.ts'
import { jsonLines } from '../operation/bodies/json-lines.ts'
import { callback } from '../operation/callback-definition.ts'
import { memoryStore } from '../store/memory-store.ts'
import { appInternals, Ringback } from './ringback.ts'

const title = { title: 'Streams', version: '1.0.0' }

test('a stream whose response is not sent is ended, and leaves its place to others', async () => {
  const failing = { ...memoryStore(), add: () => Promise.reject(new StoreUnavailableError('not today')) }
  const app = new Ringback({
    ...title,
    log: new RecordingLog(),
    delivery: { store: failing, signing: { masterSecret: 'a master secret of this test' }, worker: false },
  })
  const paid = callback.post('{$callback_url}', { body: z.object({ n: z.number() }) })
  const query = z.object({ callback_url: z.url() })
  let ended = 0
  const items = {
    [Symbol.asyncIterator]: () => ({
      next: async () => ({ done: false, value: { n: 1 } }),
      async return() {
        ended += 1
        return { done: true, value: undefined }
      },
    }),
  } as AsyncIterable<{ n: number }>
  const response = jsonLines(z.object({ n: z.number() }))
  app.post('/lines', { query, response, callbacks: { paid } }, async ({ callbacks }) => {
    await callbacks.paid.send({ n: 1 })
    return items
  })
  const request = new Request('http://localhost/lines?callback_url=https://a.example/x', { method: 'POST' })
  assert.equal((await app.fetch(request)).status, 503)
  assert.deepEqual([appInternals(app).streams.count, ended], [0, 1])

  app.get('/headers', { response, responseHeaders: z.object({ 'x-n': z.number().optional() }) }, ({ respond }) =>
    respond(200, items, { headers: { 'x-n': 'no number' as never } }),
  )
  assert.equal((await app.fetch(new Request('http://localhost/headers'))).status, 500)
  assert.deepEqual([appInternals(app).streams.count, ended], [0, 2])
})

test('a stream refuses settings that cannot be meant', () => {
  for (const keepAliveMs of [0, -1, Number.NaN, '5' as never])
    assert.throws(() => eventStream(z.string(), { keepAliveMs }), {
      code: 'ERR_DEFINITION',
      message: /"keepAliveMs" is/,
    })
  assert.throws(() => eventStream(z.string(), { keepalive: 5 } as never), { code: 'ERR_DEFINITION' })
})

test('an item that would be undefined ends its stream, since JSON does not have it', async () => {
  const log = new RecordingLog()
  const app = new Ringback({ ...title, log })
  const nothing = z.unknown() as z.ZodType<string>
  app.get('/lines', { response: jsonLines(nothing) }, () => [undefined as never])
  app.get('/events', { response: eventStream(nothing) }, () => [undefined as never])
  for (const path of ['/lines', '/events'])
    await assert.rejects((await app.fetch(new Request(`http://localhost${path}`))).text(), /undefined, which JSON/)
})
