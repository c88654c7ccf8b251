import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { bytes } from '../operation/bodies/bytes.ts'
import { serverSentEvent } from '../operation/bodies/event-stream.ts'
import { fileResponse } from '../operation/bodies/file-response.ts'
import { stream } from '../operation/bodies/stream.ts'
import { text } from '../operation/bodies/text.ts'
import { callback } from '../operation/callback-definition.ts'
import { memoryStore } from '../store/memory-store.ts'
import { Ringback } from './ringback.ts'

const masterSecret = 'm'.repeat(32)

const createApp = (delivery: object = {}) =>
  new Ringback({ title: 'Invoices', version: '1.0.0', log: new RecordingLog(), delivery })

const refusals: Readonly<Record<string, readonly [refused: () => unknown, message: RegExp]>> = {
  'an operation without a handler': [
    () => createApp().get('/invoices', {}, undefined as never),
    /^GET \/invoices has no handler: give a path, a definition and a handler, as in \(path, { … }, handler\)$/,
  ],
  'two operations with one id': [
    () => {
      const app = createApp()
      app.get('/invoices', { operationId: 'invoices' }, () => {})
      app.post('/invoices', { operationId: 'invoices' }, () => {})
    },
    /^POST \/invoices and GET \/invoices both have the operationId "invoices"/,
  ],
  'two callbacks with one id': [
    () => {
      const app = createApp()
      for (const name of ['first', 'second'])
        app.post(`/${name}`, { callbacks: { [name]: callback.post('https://a.example/', { id: 'paid' }) } }, () => {})
    },
    /^The callback "second" of POST \/second has the same id "paid" as another definition/,
  ],
  'a callback whose id is not a name': [
    () => createApp().post('/x', { callbacks: { told: callback.post('https://a.example/', { id: '' }) } }, () => {}),
    /^The "id" of the callback "told" of POST \/x is not a name/,
  ],
  'a callback whose id is no text': [
    () =>
      createApp().post(
        '/x',
        { callbacks: { told: callback.post('https://a.example/', { id: 7 as never }) } },
        () => {},
      ),
    /^The "id" of the callback "told" of POST \/x is not a name/,
  ],
  'what is not a router': [
    () => createApp().include({} as never),
    /^Only a Router can be included: make one with new Router\(\{…\}\)$/,
  ],
  'a limit of the default store beside a store': [
    () => createApp({ store: memoryStore(), storeLimitBytes: 1e9, signing: { masterSecret } }).deliveries.counts(),
    /^"delivery.storeLimitBytes" is only for the default store/,
  ],
  'a misspelt key of a response': [
    () => createApp().get('/x', { responses: { 404: { descripton: 'None' } as never } }, () => {}),
    /^Unknown key "descripton" in the response 404 of GET \/x; known keys: description, body, headers\. Did you mean/,
  ],
  'a misspelt key of a response of all operations': [
    () => {
      const app = new Ringback({ title: 'T', version: '1', responses: { 404: { bdy: 1 } as never } })
      app.get('/x', {}, () => {})
    },
    /^Unknown key "bdy" in the response 404 of GET \/x/,
  ],
  "a misspelt key of a callback's response": [
    () =>
      createApp().post(
        '/x',
        { callbacks: { told: callback.post('https://a.example/', { responses: { 410: { headrs: 1 } as never } }) } },
        () => {},
      ),
    /^Unknown key "headrs" in the response 410 of the callback "told" of postX/,
  ],
  'a misspelt key of an example': [
    () => createApp().post('/x', { examples: { one: { vale: 1 } as never } }, () => {}),
    /^Unknown key "vale" in the example "one" of POST \/x; known keys: summary, description, value\. Did you mean/,
  ],
  'text that is of no media type': [
    () => text('plain'),
    /^The media type of "text" is "plain": give a media type, such/,
  ],
  'bytes of no media type': [() => bytes(5 as never), /^The media type of "bytes" is 5: give a media type, such as/],
  'a stream of no media type': [
    () => stream({} as never),
    /^The media type of "stream" is an object: give a media type/,
  ],
  'a file of no media type': [() => fileResponse('png'), /^The media type of "fileResponse" is "png"/],
  'a choice of sealing that is neither': [
    () => createApp({ sealBodies: 'yes' }),
    /^"sealBodies" is "yes"; give true or false$/,
  ],
}

for (const [name, [refused, message]] of Object.entries(refusals))
  test(`Ringback refuses ${name}`, async () => {
    await assert.rejects(async () => refused(), { code: 'ERR_DEFINITION', message })
  })

test('an event and a response refuse misspelt options', async () => {
  const app = createApp()
  assert.throws(() => serverSentEvent(1, { retry: 1 } as never), {
    name: 'TypeError',
    message: /"retry" in the fields/,
  })
  app.get('/x', { response: text() }, ({ respond }) => respond(200, 'x', { header: {} } as never))
  assert.equal((await app.fetch(new Request('http://localhost/x'))).status, 500)
})

test('one callback may have its id on several operations, and several need none', () => {
  const app = createApp()
  const paid = callback.post('https://a.example/', { id: 'paid' })
  app.post('/first', { callbacks: { paid } }, () => {})
  app.post('/second', { callbacks: { paid } }, () => {})
  for (const path of ['/third', '/fourth'])
    app.post(path, { callbacks: { told: callback.post('https://a.example/', {}) } }, () => {})
})

test('Ringback refuses a store of its user without a master secret', async t => {
  const before = process.env['RINGBACK_MASTER_SECRET']
  t.after(() => {
    if (before !== undefined) process.env['RINGBACK_MASTER_SECRET'] = before
  })
  delete process.env['RINGBACK_MASTER_SECRET']
  const app = createApp({ store: memoryStore() })
  await assert.rejects(async () => app.deliveries.counts(), {
    code: 'ERR_DEFINITION',
    message: /^A store of your own needs a master secret/,
  })
})

test('Ringback refuses an empty list of master secrets', async () => {
  const app = createApp({ store: memoryStore(), signing: { masterSecret: [] } })
  await assert.rejects(async () => app.deliveries.counts(), TypeError)
})
