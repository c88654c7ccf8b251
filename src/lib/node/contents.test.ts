import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { compress } from 'hono/compress'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { Ringback } from '../app/ringback.ts'
import { bytes } from '../operation/bodies/bytes.ts'
import { eventStream, serverSentEvent } from '../operation/bodies/event-stream.ts'
import { jsonLines } from '../operation/bodies/json-lines.ts'
import { stream } from '../operation/bodies/stream.ts'
import { html, text } from '../operation/bodies/text.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { serve } from './serve.ts'

const title = { title: 'Contents', version: '1.0.0' }
const Tick = z.object({ tick: z.number() })

async function served(t: TestContext, app: Ringback) {
  const server = await serve(app, { port: 0, host: '127.0.0.1', signals: false, graceMs: 200 })
  t.after(() => server.close())
  return server
}

const quiet = () => new RecordingLog()

const logged = ({ messages }: RecordingLog) =>
  messages.map(({ text, fields }) => `${text}: ${fields['error']}`).join('\n')

const documented = (app: Ringback, path: string, method: 'get' | 'post') =>
  JSON.parse(JSON.stringify(app.openapi().paths))[path][method]

const post = (url: string, contentType: string, body: string | Uint8Array<ArrayBuffer>) =>
  fetch(url, { method: 'POST', headers: { 'content-type': contentType }, body })

describe('text and bytes', () => {
  it('are read and sent as they are', async t => {
    const app = new Ringback({ ...title, log: quiet() })
    app.post('/text', { body: text(), response: html() }, ({ body }) => `<p>${body}</p>`)
    app.post('/bytes', { body: bytes('image/png'), response: bytes('image/png') }, ({ body }) => body.toReversed())
    const { url } = await served(t, app)
    const page = await post(`${url}/text`, 'text/plain; charset=utf-8', 'é €')
    assert.deepEqual([page.headers.get('content-type'), await page.text()], ['text/html; charset=utf-8', '<p>é €</p>'])
    const empty = await post(`${url}/text`, 'text/plain', '')
    assert.equal(await empty.text(), '<p></p>')
    const image = await post(`${url}/bytes`, 'image/png', new Uint8Array([1, 255, 0]))
    assert.deepEqual(await image.bytes(), new Uint8Array([0, 255, 1]))
    assert.equal(image.headers.get('content-type'), 'image/png')
    assert.equal((await post(`${url}/text`, 'application/json', '"a"')).status, 415)
    assert.equal((await post(`${url}/text`, 'text/plain', new Uint8Array([0xff]))).status, 400)
    assert.deepEqual(documented(app, '/text', 'post').requestBody, {
      required: true,
      content: { 'text/plain': { schema: { type: 'string' } } },
    })
    assert.deepEqual(Object.keys(documented(app, '/bytes', 'post').responses['200'].content), ['image/png'])
  })

  it('of another kind than declared is a 500 that tells nothing', async t => {
    const log = new RecordingLog()
    const app = new Ringback({ ...title, log })
    app.get('/number', { response: text() }, () => 7 as never)
    const { url } = await served(t, app)
    const response = await fetch(`${url}/number`)
    assert.equal(response.status, 500)
    assert.doesNotMatch(await response.text(), /text/)
    assert.match(logged(log), /It must be text/)
  })
})

describe('streams of items', () => {
  it('send each item validated and pruned, with its name, id and time', async t => {
    const app = new Ringback({ ...title, log: quiet() })
    app.get('/events', { response: eventStream(Tick) }, async function* () {
      yield { tick: 1, password: 'secret' } as { tick: number }
      yield serverSentEvent({ tick: 2 }, { event: 'late', id: '7', retryMs: 50 })
    })
    app.get('/lines', { response: jsonLines(Tick) }, () => [{ tick: 1, password: 'secret' } as { tick: number }])
    app.get('/csv', { response: stream('text/csv') }, function* () {
      yield 'a,b\n'
      yield new Uint8Array([49, 10])
    })
    const { url } = await served(t, app)
    const events = await fetch(`${url}/events`)
    assert.equal(await events.text(), 'data: {"tick":1}\n\nevent: late\nid: 7\nretry: 50\ndata: {"tick":2}\n\n')
    assert.deepEqual(
      ['content-type', 'cache-control', 'x-accel-buffering'].map(name => events.headers.get(name)),
      ['text/event-stream', 'no-store', 'no'],
    )
    const lines = await fetch(`${url}/lines`)
    assert.deepEqual([lines.headers.get('content-type'), await lines.text()], ['application/jsonl', '{"tick":1}\n'])
    assert.equal(await (await fetch(`${url}/csv`)).text(), 'a,b\n1\n')
    assert.deepEqual(documented(app, '/events', 'get').responses['200'].content, {
      'text/event-stream': {
        schema: { type: 'string' },
        'x-itemSchema': { $ref: '#/components/schemas/GetEventsItem200' },
      },
    })
  })

  it('end where an item breaks its schema, and the log says which', async t => {
    const log = new RecordingLog()
    const app = new Ringback({ ...title, log })
    let cleanedUp = false
    const sent = Promise.withResolvers<void>()
    app.get('/events', { response: eventStream(Tick) }, async function* () {
      try {
        yield { tick: 1 }
        await sent.promise
        yield { tick: 'secret' } as never
        yield { tick: 3 }
      } finally {
        cleanedUp = true
      }
    })
    const { url } = await served(t, app)
    const reader = (await fetch(`${url}/events`)).body!.getReader()
    const read = async () => {
      let all = Buffer.from((await reader.read()).value!).toString()
      sent.resolve()
      for (let next = await reader.read(); !next.done; next = await reader.read()) all += Buffer.from(next.value)
      return all
    }
    await assert.rejects(read())
    assert.ok(cleanedUp)
    assert.match(logged(log), /an item at/)
  })

  it('end with their client, also while they wait, and clean up what lives for them', async t => {
    const app = new Ringback({ ...title, log: quiet() })
    const ended = Promise.withResolvers<string[]>()
    const order: string[] = []
    const pool = dependency({}, async function* () {
      yield 1
      order.push('dependency')
      ended.resolve(order)
    })
    app.get('/events', { response: eventStream(Tick), dependencies: { pool } }, async function* ({ signal }) {
      try {
        yield { tick: 1 }
        await once(signal, 'abort')
      } finally {
        order.push('generator')
      }
    })
    const { url } = await served(t, app)
    const stop = new AbortController()
    const response = await fetch(`${url}/events`, { signal: stop.signal })
    await response.body!.getReader().read()
    stop.abort()
    assert.deepEqual(await ended.promise, ['generator', 'dependency'])
  })

  it('wait for a client that does not read', async t => {
    const app = new Ringback({ ...title, log: quiet() })
    let made = 0
    app.get('/events', { response: eventStream(z.string()) }, async function* () {
      for (;;) {
        made += 1
        yield 'x'.repeat(10_000)
      }
    })
    const { port } = await served(t, app)
    const socket = connect(port, '127.0.0.1')
    socket.pause()
    socket.write('GET /events HTTP/1.1\r\nhost: localhost\r\n\r\n')
    // Until nothing more is made for some turns of the loop.
    for (let still = 0, last = -1; still < 200; still = made === last ? still + 1 : 0) {
      last = made
      await new Promise(resolve => setImmediate(resolve))
    }
    assert.ok(made > 0 && made < 2_000, `${made} items`)
    socket.destroy()
  })

  it('say that they live while nothing comes, and tell when to come back where the server ends', async t => {
    const app = new Ringback({ ...title, log: quiet() })
    app.get('/events', { response: eventStream(Tick, { keepAliveMs: 5 }) }, async function* ({ signal }) {
      await once(signal, 'abort')
      yield { tick: 1 }
    })
    const server = await serve(app, { port: 0, host: '127.0.0.1', signals: false, graceMs: 5_000 })
    const reader = (await fetch(`${server.url}/events`)).body!.getReader()
    assert.equal(Buffer.from((await reader.read()).value!).toString(), ': \n\n')
    const closed = server.close()
    let rest = ''
    for (let next = await reader.read(); !next.done; next = await reader.read()) rest += Buffer.from(next.value)
    assert.match(rest, /retry: 1000\n\n$/)
    await closed
    t.after(() => {})
  })

  it('are left alone by compression, which would hold them back', async t => {
    const app = new Ringback({ ...title, log: quiet() })
    app.use(compress())
    app.get('/events', { response: eventStream(Tick) }, async function* () {
      for (let tick = 0; tick < 500; tick++) yield { tick }
    })
    const { url } = await served(t, app)
    const response = await fetch(`${url}/events`, { headers: { 'accept-encoding': 'gzip' } })
    assert.equal(response.headers.get('content-encoding'), null)
    assert.match(await response.text(), /"tick":499/)
  })

  it('are refused as bodies, and where the handler returns no items', async t => {
    const app = new Ringback({ ...title, log: quiet() })
    assert.throws(
      () => app.post('/in', { body: eventStream(Tick) as never }, () => {}),
      /"body" of POST \/in is a stream/,
    )
    app.get('/nothing', { response: jsonLines(Tick) }, () => undefined as never)
    const { url } = await served(t, app)
    assert.equal((await fetch(`${url}/nothing`)).status, 500)
  })
})
