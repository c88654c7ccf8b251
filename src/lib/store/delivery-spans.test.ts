import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { context, type Link, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { createDelivery } from '../delivery/create-delivery.ts'
import { CallbackUnreachableError } from '../destination/transport/callback-unreachable-error.ts'
import type { Transport } from '../destination/transport/transport.ts'
import { ManualClock } from '../manual-clock.ts'
import { sqliteStore } from './sqlite/sqlite-store.ts'

const request = {
  operation: 'createInvoice',
  callback: 'invoiceNotification',
  method: 'POST',
  url: 'https://www.external.org:8443/invoices/1?token=t0ken',
  destination: 'https://www.external.org:8443/?token=t0ken',
}

/** An SDK of OpenTelemetry that keeps its spans, registered for the time of a test. */
function registerSdk(t: TestContext): InMemorySpanExporter {
  const exporter = new InMemorySpanExporter()
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }))
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  t.after(() => {
    trace.disable()
    context.disable()
  })
  return exporter
}

/** An engine whose receiver is away at first, and answers 204 then; `active` are the spans in which it was asked. */
function setUp() {
  const clock = new ManualClock()
  const active: (string | undefined)[] = []
  const transport: Transport = {
    async send() {
      active.push(trace.getActiveSpan()?.spanContext().spanId)
      if (active.length === 1) throw new CallbackUnreachableError('https://www.external.org', 'refused')
      return { status: 204, headers: {}, body: new Uint8Array(), bodyTruncated: false, address: '192.0.2.1' }
    },
    async close() {},
  }
  const store = sqliteStore({ database: new DatabaseSync(':memory:') })
  const signing = { masterSecret: 'm'.repeat(32) }
  const attemptHeaders = () => ({ authorization: 'Bearer s3cret' })
  const options = { store, signing, clock, transport, attemptHeaders, random: () => 0 }
  return { engine: createDelivery(options), clock, active }
}

test('deliverDue runs each attempt in a client span that is linked to the span in which it was sent', async t => {
  const exporter = registerSdk(t)
  const { engine, clock, active } = setUp()
  const cause = trace.getTracer('test').startSpan('POST /invoices/')
  const { id } = await context.with(trace.setSpan(context.active(), cause), () => engine.send(request))
  await engine.deliverDue()
  clock.advance({ seconds: 5 })
  await engine.deliverDue()

  assert.doesNotMatch(JSON.stringify(exporter.getFinishedSpans().map(span => [span.attributes, span.events])), /s3cret/)
  const [first, second, ...more] = exporter.getFinishedSpans()
  assert.deepEqual(more, [])
  assert.ok(first !== undefined && second !== undefined)
  assert.deepEqual(active, [first.spanContext().spanId, second.spanContext().spanId])
  for (const span of [first, second]) {
    assert.equal(span.name, 'POST invoiceNotification')
    assert.equal(span.kind, SpanKind.CLIENT)
    assert.equal(span.parentSpanContext, undefined)
    const { traceId, spanId, traceFlags } = cause.spanContext()
    assert.deepEqual(
      span.links.map((link: Link) => link.context),
      [{ traceId, spanId, traceFlags, isRemote: true }],
    )
  }
  const attributes = {
    'http.request.method': 'POST',
    'url.full': 'https://www.external.org:8443/invoices/1?***',
    'server.address': 'www.external.org',
    'server.port': 8443,
    'ringback.delivery.id': id,
    'ringback.operation': 'createInvoice',
    'ringback.callback': 'invoiceNotification',
  }
  const failed = { 'ringback.attempt.outcome': 'unreachable', 'error.type': 'unreachable' }
  assert.deepEqual(first.attributes, { ...attributes, ...failed })
  assert.equal(first.status.code, SpanStatusCode.ERROR)
  const accepted = { 'ringback.attempt.outcome': 'accepted', 'http.response.status_code': 204 }
  assert.deepEqual(second.attributes, { ...attributes, ...accepted, 'http.request.resend_count': 1 })
  assert.equal(second.status.code, SpanStatusCode.UNSET)
})

test('deliverDue names the port of the scheme where a URL has none', async t => {
  const exporter = registerSdk(t)
  const { engine } = setUp()
  for (const url of ['https://a.example/events', 'http://b.example/events'])
    await engine.send({ ...request, url, destination: url })
  await engine.deliverDue()
  const ports = exporter
    .getFinishedSpans()
    .map(({ attributes }) => [attributes['server.address'], attributes['server.port']])
  assert.deepEqual(Object.fromEntries(ports), { 'a.example': 443, 'b.example': 80 })
})

test('deliverDue gives an attempt no link where nothing was active when it was sent', async t => {
  const exporter = registerSdk(t)
  const { engine } = setUp()
  await engine.send(request)
  await engine.deliverDue()
  assert.deepEqual(exporter.getFinishedSpans()[0]?.links, [])
})

test('deliverDue makes no spans where no SDK is registered', async () => {
  const { engine, active } = setUp()
  await engine.send(request)
  await engine.deliverDue()
  assert.deepEqual(active, [undefined])
})
