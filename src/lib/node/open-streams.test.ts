import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { EventEmitter, on, once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { compress } from 'hono/compress'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { Ringback } from '../app/ringback.ts'
import { eventStream, serverSentEvent } from '../operation/bodies/event-stream.ts'
import { jsonLines } from '../operation/bodies/json-lines.ts'
import { stream } from '../operation/bodies/stream.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { OpenStreams } from '../request/open-streams.ts'
import { serve } from './serve.ts'

const Tick = z.object({ tick: z.number() })
const KIB = 1024

const newApp = (log = new RecordingLog()) => new Ringback({ title: 'Streams', version: '1.0.0', log })

async function served(t: TestContext, app: Ringback) {
  const server = await serve(app, { port: 0, host: '127.0.0.1', signals: false, graceMs: 2_000 })
  t.after(() => server.close())
  return server
}

/** Resolves once a count has stood still for some turns of the loop. */
async function still(count: () => number): Promise<number> {
  for (let turns = 0, last = -1; turns < 200; turns = count() === last ? turns + 1 : 0) {
    last = count()
    await new Promise(resolve => setImmediate(resolve))
  }
  return count()
}

/** The responses that Node's server makes from now on. */
function responsesOf(t: TestContext): ServerResponse[] {
  const responses: ServerResponse[] = []
  const onStart = (message: unknown) => void responses.push((message as { response: ServerResponse }).response)
  subscribe('http.server.request.start', onStart)
  t.after(() => unsubscribe('http.server.request.start', onStart))
  return responses
}

async function* textOf(response: Response): AsyncGenerator<string> {
  for await (const chunk of response.body!) yield Buffer.from(chunk).toString()
}

describe('a client that does not read', () => {
  const ITEM = 10_000
  for (const [name, response] of [
    ['events', eventStream(z.string())],
    ['lines', jsonLines(z.string())],
    ['text', stream('text/plain')],
  ] as const)
    it(`stops the generator of ${name}: at most 64 KiB wait for it`, async t => {
      const app = newApp()
      let made = 0
      app.get('/', { response: response as typeof response & ReturnType<typeof stream> }, async function* () {
        for (;;) {
          made += 1
          yield 'x'.repeat(ITEM)
        }
      })
      const responses = responsesOf(t)
      const { port } = await served(t, app)
      const socket = connect(port, '127.0.0.1')
      socket.pause()
      socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n')
      await once(socket, 'connect')
      while (made === 0) await new Promise(resolve => setImmediate(resolve))
      const stopped = await still(() => made)
      const waiting = responses[0]!.writableLength
      assert.ok(waiting > 0 && waiting <= 64 * KIB + 2 * ITEM, `${waiting} bytes wait`)
      // It goes on where the client reads.
      socket.resume()
      while (made < stopped * 2) await new Promise(resolve => setImmediate(resolve))
      socket.destroy()
    })
})

describe('compression of Hono', () => {
  it('leaves open streams alone, so that each item arrives when it is made', async t => {
    const app = newApp()
    app.use(compress())
    const next = new EventEmitter()
    const paths = { events: eventStream(Tick), lines: jsonLines(Tick) }
    for (const [path, response] of Object.entries(paths))
      app.get(`/${path}`, { response: response as typeof paths.lines }, async function* () {
        yield { tick: 1 }
        await once(next, path)
        yield { tick: 2 }
      })
    app.get('/text', { response: stream('text/plain') }, async function* () {
      yield '{"tick":1}'
      await once(next, 'text')
      yield '{"tick":2}'
    })
    const { url } = await served(t, app)
    for (const path of ['events', 'lines', 'text']) {
      const response = await fetch(`${url}/${path}`, { headers: { 'accept-encoding': 'gzip' } })
      assert.equal(response.headers.get('content-encoding'), null, path)
      const texts = textOf(response)
      assert.match((await texts.next()).value!, /"tick":1/)
      next.emit(path)
      assert.match((await texts.next()).value!, /"tick":2/)
      await texts.return(undefined)
    }
  })
})

describe('a client that comes back', () => {
  it('misses no event, with the id of the last one it got', async () => {
    const log = Array.from({ length: 20 }, (_, index) => index + 1)
    const grown = new EventEmitter()
    const makeApp = () => {
      const app = newApp()
      const headers = z.object({ 'last-event-id': z.coerce.number().default(0) })
      app.get('/log', { headers, response: eventStream(Tick) }, async function* ({ headers, signal }) {
        let last = headers['last-event-id']
        const changes = on(grown, 'grown', { signal })
        for (;;) {
          for (const tick of log.slice(last)) yield serverSentEvent({ tick }, { id: String(tick) })
          last = log.length
          if (log.length === 60) return
          await changes.next()
        }
      })
      return app
    }
    const got: number[] = []
    let lastId: string | undefined
    let retries = 0
    /** Reads until the stream ends, or until so many events are there. */
    const read = async (url: string, until: number, seen?: () => void) => {
      const response = await fetch(`${url}/log`, { headers: lastId === undefined ? {} : { 'last-event-id': lastId } })
      let text = ''
      for await (const chunk of textOf(response)) {
        text += chunk
        const events = text.split('\n\n')
        text = events.pop()!
        for (const event of events) {
          if (event.startsWith('retry: ')) retries += 1
          const [, id] = /^id: (.+)$/m.exec(event) ?? []
          if (id === undefined || got.length >= until) continue
          lastId = id
          got.push(JSON.parse(/^data: (.+)$/m.exec(event)![1]!).tick)
        }
        if (got.length >= until) return
        seen?.()
      }
    }
    // It goes away in the middle, and what came meanwhile is there when it comes back.
    const first = await serve(makeApp(), { port: 0, host: '127.0.0.1', signals: false })
    await read(first.url, 7)
    log.push(...Array.from({ length: 20 }, (_, index) => 21 + index))
    // The server closes while it listens: it is told when to come back.
    let closed: Promise<void> | undefined
    await read(first.url, 60, () => {
      if (got.length === 40) closed ??= first.close()
    })
    await closed
    assert.equal(retries, 1)
    log.push(...Array.from({ length: 20 }, (_, index) => 41 + index))
    const second = await serve(makeApp(), { port: 0, host: '127.0.0.1', signals: false })
    await read(second.url, 60)
    await second.close()
    assert.deepEqual(
      got,
      Array.from({ length: 60 }, (_, index) => index + 1),
    )
  })
})

describe('what lives for a stream', () => {
  /** An application whose stream has a generator and dependencies of both scopes, each of which says when it ends. */
  function orderly(items: (signal: AbortSignal) => AsyncGenerator<{ tick: number }>) {
    const order: string[] = []
    const ended = Promise.withResolvers<void>()
    const outer = dependency({}, async function* () {
      try {
        yield 1
      } finally {
        order.push('outer')
        ended.resolve()
      }
    })
    const inner = dependency({ dependencies: { outer } }, async function* () {
      try {
        yield 2
      } finally {
        order.push('inner')
      }
    })
    const transaction = dependency({ scope: 'handler' }, async function* () {
      yield 3
      order.push('transaction')
    })
    const log = new RecordingLog()
    const app = newApp(log)
    const dependencies = { inner, transaction }
    app.get('/', { response: eventStream(Tick), dependencies }, async function* ({ signal, background }) {
      background(() => void order.push('background'))
      try {
        yield* items(signal)
      } finally {
        order.push('generator')
      }
    })
    return { app, order, ended: ended.promise, log }
  }
  const EXPECTED = ['transaction', 'generator', 'background', 'inner', 'outer']
  // What runs in the background does not wait for dependencies, nor they for it.
  const sorted = (order: readonly string[]) => order.filter(name => name !== 'background')
  const expected = sorted(EXPECTED)

  it('is cleaned up in its order after success', async t => {
    const { app, order, ended } = orderly(async function* () {
      yield { tick: 1 }
    })
    const { url } = await served(t, app)
    assert.equal(await (await fetch(url)).text(), 'data: {"tick":1}\n\n')
    await ended
    assert.deepEqual(sorted(order), expected)
  })

  for (const [what, items, words] of [
    [
      'an error of the generator',
      async function* () {
        yield { tick: 1 }
        throw new Error('no more')
      },
      /no more/,
    ],
    [
      'an item that breaks its schema',
      async function* () {
        yield { tick: 'one' } as never
      },
      /an item at/,
    ],
  ] as const)
    it(`is cleaned up in its order after ${what}`, async t => {
      const { app, order, ended, log } = orderly(items)
      const { url } = await served(t, app)
      const response = await fetch(url)
      // Nothing had been sent yet.
      assert.equal(response.status, 500)
      await response.text()
      await ended
      assert.deepEqual(sorted(order), expected)
      assert.match(log.messages.map(({ fields }) => String(fields['error'])).join(), words)
    })

  it('is cleaned up in its order when the client goes away, and when the server closes', async () => {
    for (const end of ['client', 'server'] as const) {
      const { app, order, ended } = orderly(async function* (signal) {
        yield { tick: 1 }
        await once(signal, 'abort')
      })
      const server = await serve(app, { port: 0, host: '127.0.0.1', signals: false, graceMs: 2_000 })
      const stop = new AbortController()
      const reader = (await fetch(server.url, { signal: stop.signal })).body!.getReader()
      await reader.read()
      if (end === 'client') stop.abort()
      const closed = end === 'server' ? server.close() : undefined
      await ended
      assert.deepEqual(sorted(order), expected, end)
      await reader.cancel().catch(() => {})
      await (closed ?? server.close())
    }
  })
})

it('a limit of open streams is a 503 in words, and one that ends leaves its place', async () => {
  const streams = new OpenStreams(2)
  const format = { mediaType: 'text/plain', headers: {}, encode: async (item: unknown) => String(item) }
  const begin = () => streams.begin(['a'], format, item => item)
  const [first] = [begin(), begin()]
  assert.throws(begin, { status: 503, message: 'Too many streams are open: try again later' })
  await first!.return()
  begin()
})
