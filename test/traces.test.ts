import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { context, metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { MeterProvider, type MetricData, MetricReader } from '@opentelemetry/sdk-metrics'
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { callback, dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { testClient } from 'ringback/testing'
import { z } from 'zod'

const exporter = new InMemorySpanExporter()
/** Collects when it is asked. */
class Reader extends MetricReader {
  protected override async onForceFlush() {}
  protected override async onShutdown() {}
}
let reader = new Reader()

/** What the SDK would send of the metrics of this name. */
async function metricsOf(name: string): Promise<MetricData[]> {
  const { resourceMetrics, errors } = await reader.collect()
  assert.deepEqual(errors, [])
  return resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
    metrics.filter(({ descriptor }) => descriptor.name === name),
  )
}

before(() => {
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }))
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
})
beforeEach(() => {
  exporter.reset()
  metrics.disable()
  reader = new Reader()
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
})
after(() => {
  trace.disable()
  context.disable()
  metrics.disable()
})

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

function createApp(propagate = false): Ringback {
  const app = new Ringback({ title: 'Traces', version: '1.0.0', log: silent })
  const paid = callback.post('{$callback_url}/paid', { propagate })
  const query = z.object({ callback_url: z.url() })
  app.post('/invoices/{invoice_id}', { query, callbacks: { paid } }, async function pay({ callbacks }) {
    await callbacks.paid.send()
  })
  app.post('/called', { query, callbacks: { paid } }, async ({ callbacks }) => {
    await callbacks.paid.call()
  })
  app.websocket('/rooms/{room}', { query, callbacks: { paid } }, async ({ callbacks }) => {
    await callbacks.paid.send()
  })
  app.get('/fails', {}, async () => {
    throw new RangeError('a bug')
  })
  app.get('/refused', {}, async () => {
    throw new HttpError(409)
  })
  const active = dependency({}, () => trace.getActiveSpan()?.spanContext().spanId)
  app.get('/active', { dependencies: { active }, response: z.any() }, async ({ active }) => [
    active,
    trace.getActiveSpan()?.spanContext().spanId,
  ])
  return app
}

const spans = (kind: SpanKind): ReadableSpan[] => exporter.getFinishedSpans().filter(span => span.kind === kind)
const only = <T>(list: readonly T[]): T => {
  assert.equal(list.length, 1)
  return list[0]!
}

describe('The trace of a request', () => {
  it('is a server span with the route, below the span that the client names', async () => {
    await using client = await testClient(createApp())
    const headers = { traceparent: PARENT, 'user-agent': 'test' }
    await client.post('/invoices/7?callback_url=https://www.external.org/?token=t0ken', { headers })
    const span = only(spans(SpanKind.SERVER))
    assert.equal(span.name, 'POST /invoices/{invoice_id}')
    assert.equal(span.spanContext().traceId, '0af7651916cd43dd8448eb211c80319c')
    assert.equal(span.parentSpanContext?.spanId, 'b7ad6b7169203331')
    assert.deepEqual(span.attributes, {
      'http.request.method': 'POST',
      'url.scheme': 'http',
      'url.path': '/invoices/7',
      'server.address': 'testserver',
      'server.port': 80,
      'user_agent.original': 'test',
      'http.route': '/invoices/{invoice_id}',
      'http.response.status_code': 204,
    })
    assert.equal(span.status.code, SpanStatusCode.UNSET)
  })

  it('is linked to the attempt of its callback, also when that comes days later', async () => {
    await using client = await testClient(createApp())
    let received: string | null = 'none'
    let responds = false
    client.externalApi('https://www.external.org', request => {
      received = request.headers.get('traceparent')
      return new Response(null, { status: responds ? 204 : 503 })
    })
    await client.post('/invoices/7?callback_url=https://www.external.org')
    const server = only(spans(SpanKind.SERVER)).spanContext()
    await client.deliver()
    client.clock.advance({ days: 2 })
    responds = true
    await client.deliver()
    const attempts = spans(SpanKind.CLIENT)
    assert.equal(attempts.length, 2)
    for (const attempt of attempts) {
      assert.equal(attempt.name, 'POST paid')
      assert.notEqual(attempt.spanContext().traceId, server.traceId)
      const { traceId, spanId } = only(attempt.links).context
      assert.deepEqual([traceId, spanId], [server.traceId, server.spanId])
    }
    assert.equal(received, null)
  })

  it('goes on at a receiver that a callback tells of it', async () => {
    await using client = await testClient(createApp(true))
    const received: (string | null)[] = []
    client.externalApi('https://www.external.org', request => {
      received.push(request.headers.get('traceparent'))
      return new Response(null, { status: 204 })
    })
    await client.post('/invoices/7?callback_url=https://www.external.org')
    await client.deliver()
    const { traceId, spanId } = only(spans(SpanKind.CLIENT)).spanContext()
    assert.deepEqual(received, [`00-${traceId}-${spanId}-01`])
    await client.post('/called?callback_url=https://www.external.org')
    const server = spans(SpanKind.SERVER)[1]!.spanContext()
    assert.equal(received[1], `00-${server.traceId}-${server.spanId}-01`)
  })

  it('of a WebSocket is that of its handshake, to which its callbacks are linked', async () => {
    for (const withMiddleware of [false, true]) {
      exporter.reset()
      const app = createApp()
      if (withMiddleware) app.use(async (_, next) => next())
      await using client = await testClient(app)
      client.externalApi('https://www.external.org', () => new Response(null, { status: 204 }))
      const socket = await client.websocket('/rooms/7?callback_url=https://www.external.org')
      const span = only(spans(SpanKind.SERVER))
      assert.equal(span.name, 'GET /rooms/{room}')
      assert.equal(span.attributes['http.response.status_code'], 101)
      await socket.closed
      await client.deliver()
      const { traceId, spanId } = only(only(spans(SpanKind.CLIENT)).links).context
      assert.deepEqual([traceId, spanId], [span.spanContext().traceId, span.spanContext().spanId])
    }
  })

  it('is active in handlers and dependencies', async () => {
    await using client = await testClient(createApp())
    const seen = await (await client.get('/active')).json()
    const { spanId } = only(spans(SpanKind.SERVER)).spanContext()
    assert.deepEqual(seen, [spanId, spanId])
  })

  it('says what went wrong, and takes no mistake of a client for an error', async () => {
    await using client = await testClient(createApp())
    await client.get('/fails')
    await client.get('/refused')
    await client.get('/nothing/here')
    const [fails, refused, nothing] = spans(SpanKind.SERVER)
    assert.equal(fails?.status.code, SpanStatusCode.ERROR)
    assert.equal(fails.attributes['error.type'], '500')
    assert.equal(fails.events[0]?.attributes?.['exception.message'], 'a bug')
    assert.equal(refused?.status.code, SpanStatusCode.UNSET)
    assert.equal(refused.name, 'GET /refused')
    assert.equal(nothing?.name, 'GET')
    assert.equal(nothing.attributes['http.response.status_code'], 404)
    assert.equal(nothing.attributes['http.route'], undefined)
  })

  it('is one span with middleware on the path, which it includes', async () => {
    const app = createApp()
    let inside: string | undefined
    app.use('/active', async (_, next) => {
      inside = trace.getActiveSpan()?.spanContext().spanId
      await next()
    })
    app.use('/refused', async c => c.text('no', 429))
    await using client = await testClient(app)
    await client.get('/active')
    const span = only(spans(SpanKind.SERVER))
    assert.equal(span.spanContext().spanId, inside)
    assert.equal(span.name, 'GET /active')
    await client.get('/refused')
    assert.equal(spans(SpanKind.SERVER)[1]?.attributes['http.response.status_code'], 429)
  })

  it('is the server span of another instrumentation where there is one', async () => {
    const app = createApp()
    const outer = trace.getTracer('other').startSpan('GET', { kind: SpanKind.SERVER })
    await context.with(trace.setSpan(context.active(), outer), () => app.fetch(new Request('http://localhost/refused')))
    outer.end()
    const span = only(spans(SpanKind.SERVER))
    assert.equal(span.attributes['http.route'], '/refused')
    assert.deepEqual(await metricsOf('http.server.request.duration'), [])
  })

  it('knows a client over a socket, and no method that a client makes up', async () => {
    const server = await serve(createApp(), { port: 0, host: '127.0.0.1' })
    try {
      await (await fetch(`${server.url}/refused`)).text()
      await (await fetch(`${server.url}/refused`, { method: 'BREW' }).catch(() => new Response())).text()
    } finally {
      await server.close()
    }
    const [first] = spans(SpanKind.SERVER)
    assert.equal(first?.attributes['client.address'], '127.0.0.1')
    assert.equal(first.attributes['server.port'], server.port)
    const app = createApp()
    await app.fetch(new Request('http://localhost/refused', { method: 'BREW' }))
    const odd = spans(SpanKind.SERVER).at(-1)
    assert.equal(odd?.name, 'HTTP')
    assert.equal(odd.attributes['http.request.method'], '_OTHER')
    assert.equal(odd.attributes['http.request.method_original'], 'BREW')
  })
})

describe('The metrics of requests', () => {
  const base = { 'http.request.method': 'GET', 'url.scheme': 'http' }

  it('are a histogram of durations in seconds, by route and status', async () => {
    await using client = await testClient(createApp())
    await client.get('/fails')
    await client.get('/refused')
    await client.get('/refused?b')
    await client.post('/invoices/7?callback_url=https://www.external.org')
    const histogram = only(await metricsOf('http.server.request.duration'))
    assert.equal(histogram.descriptor.unit, 's')
    assert.deepEqual(
      histogram.dataPoints.map(({ attributes, value }) => [attributes, (value as { count: number }).count]),
      [
        [{ ...base, 'http.response.status_code': 500, 'http.route': '/fails', 'error.type': '500' }, 1],
        [{ ...base, 'http.response.status_code': 409, 'http.route': '/refused' }, 2],
        [
          {
            ...{ ...base, 'http.request.method': 'POST' },
            ...{ 'http.response.status_code': 204, 'http.route': '/invoices/{invoice_id}' },
          },
          1,
        ],
      ],
    )
    for (const { value } of histogram.dataPoints) {
      const { sum = 0, buckets } = value as { sum?: number; buckets: { boundaries: number[] } }
      assert.ok(sum > 0 && sum < 60)
      // As the semantic conventions advise.
      assert.deepEqual(buckets.boundaries, [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10])
    }
  })

  it('have a bounded number of attributes, whatever clients send', async () => {
    const app = createApp()
    app.use('/middle/*', async c => c.text('no', 404))
    for (let number = 0; number < 30; number++) {
      const headers = { host: `h${number}.example`, 'user-agent': `a${number}`, 'x-request-id': `r${number}` }
      for (const [path, method] of [
        [`/nothing/${number}`, 'GET'],
        [`/middle/${number}`, 'GET'],
        [`/invoices/${number}`, 'POST'],
        ['/refused', `BREW${number}`],
        ['/refused', `get`],
      ] as const)
        await app.fetch(new Request(`http://h${number}.example${path}?n=${number}`, { method, headers }))
    }
    const { dataPoints } = only(await metricsOf('http.server.request.duration'))
    const kinds = dataPoints.map(({ attributes }) => [
      ...['http.request.method', 'http.route', 'http.response.status_code'].map(name => attributes[name]),
    ])
    assert.deepEqual(kinds, [
      ['GET', undefined, 404],
      ['POST', '/invoices/{invoice_id}', 422],
      ['_OTHER', undefined, 405],
      ['GET', '/refused', 409],
    ])
  })

  it('of attempts and deliveries name no URL, tenant or id', async () => {
    await using client = await testClient(createApp())
    client.externalApi('https://www.external.org', () => new Response(null, { status: 410 }))
    for (let number = 0; number < 5; number++)
      await client.post(`/invoices/${number}?callback_url=https://www.external.org/${number}`)
    await client.deliver()
    const attempts = only(await metricsOf('ringback.attempt.duration'))
    assert.equal(attempts.descriptor.unit, 's')
    assert.deepEqual(only<{ attributes: object }>(attempts.dataPoints).attributes, {
      'http.request.method': 'POST',
      'ringback.attempt.outcome': 'rejected',
      'http.response.status_code': 410,
      'error.type': '410',
    })
    const settled = only(await metricsOf('ringback.delivery.settled'))
    assert.deepEqual(only<{ value: unknown }>(settled.dataPoints).value, 5)
    const waiting = only(await metricsOf('ringback.delivery.waiting'))
    assert.ok(
      waiting.dataPoints.every(({ attributes }) => Object.keys(attributes).join() === 'ringback.delivery.state'),
    )
  })
})
