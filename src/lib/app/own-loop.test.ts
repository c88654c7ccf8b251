import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { ReservedHeaderError } from '../delivery/attempt/reserved-header-error.ts'
import { createDelivery } from '../delivery/create-delivery.ts'
import type { OutgoingRequest, Transport } from '../destination/transport/transport.ts'
import { callback } from '../operation/callback-definition.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { loopId } from '../signature/master-secret.ts'
import { memoryStore } from '../store/memory-store.ts'
import { Ringback } from './ringback.ts'

const ours = 'the master secret of these tests'
const former = 'the master secret of former tests'
const others = 'the master secret of another API'

function createApp(withMiddleware = false) {
  const ran: string[] = []
  const app = new Ringback({
    title: 'Loops',
    version: '1.0.0',
    log: new RecordingLog(),
    delivery: { store: memoryStore(), signing: { masterSecret: [ours, former] } },
  })
  if (withMiddleware) app.use(async (_, next) => next())
  const noted = dependency({}, () => {
    ran.push('dependency')
  })
  const done = callback.post('https://hooks.external.org/done', {
    headers: z.object({ 'CDN-Loop': z.string().optional() }),
  })
  app.post('/x', { dependencies: { noted }, body: z.unknown(), callbacks: { done } }, async () => {
    ran.push('handler')
  })
  app.get('/plain', {}, async () => {
    ran.push('plain')
  })
  app.post('/send', { callbacks: { done } }, async ({ callbacks }) => {
    await callbacks.done.send(undefined, { headers: { 'CDN-Loop': 'x' } })
  })
  return { app, ran }
}

const own = loopId(ours)

/** A test client would use a master secret of its own. */
function clientOf(app: Ringback) {
  const request = (method: string, path: string, { headers, json }: { headers?: HeadersInit; json?: unknown } = {}) => {
    const given = new Headers(headers)
    if (json !== undefined) given.set('content-type', 'application/json')
    const body = json === undefined ? null : JSON.stringify(json)
    return app.fetch(new Request(`https://api.example${path}`, { method, headers: given, body }))
  }
  return { request, post: (path: string, given?: Parameters<typeof request>[2]) => request('POST', path, given) }
}

describe('An application with callbacks', () => {
  for (const [words, value] of [
    ['alone', `ringback; id=${own}`],
    ['of a former master secret', `ringback; id=${loopId(former)}`],
    ['among others', `cdn.example; trace=1, ringback;id=${loopId(others)}, ringback;id=${own}, other`],
    ['behind other parameters', `ringback; a="x, y; id=1"; b; id=${own}; c=d`],
    ['quoted', `Ringback ; ID="${own}"`],
    ['quoted, with escapes', `ringback;id="${own.replaceAll(/(.)/g, '\\$1')}"`],
    ['a second time', `ringback; id=other; id=${own}`],
    ['behind quotes that do not close', `cdn.example; a="b, ringback; id=${own}`],
  ] as const)
    test(`responds with 508 to a request that carries its own id ${words}, and runs nothing`, async () => {
      for (const withMiddleware of [false, true]) {
        const { app, ran } = createApp(withMiddleware)
        const client = clientOf(app)
        for (const [method, path] of [
          ['POST', '/x'],
          ['GET', '/plain'],
        ] as const) {
          const response = await client.request(method, path, {
            headers: { 'cdn-loop': value },
            ...(method === 'POST' && { json: 1 }),
          })
          assert.equal(response.status, 508)
          const { title, detail } = (await response.json()) as Record<string, string>
          assert.deepEqual(
            [response.headers.get('content-type'), title, detail],
            [
              'application/problem+json',
              'Loop Detected',
              'The request is a callback that this API sent to itself: it would loop',
            ],
          )
        }
        assert.deepEqual(ran, [])
      }
    })

  test('reads several headers as one list', async () => {
    const { app, ran } = createApp()
    const client = clientOf(app)
    const headers = new Headers([
      ['cdn-loop', 'cdn.example'],
      ['cdn-loop', `ringback; id=${own}`],
      ['cdn-loop', 'other'],
    ])
    assert.equal((await client.post('/x', { headers, json: 1 })).status, 508)
    assert.deepEqual(ran, [])
  })

  for (const value of [
    'cdn.example',
    'ringback',
    `ringback; id=${loopId(others)}`,
    `ringback; id=${own}x`,
    `ringback; id=${own.toUpperCase() === own ? own.toLowerCase() : own.toUpperCase()}`,
    `ringback; key=${own}`,
    `other; id=${own}`,
    `other; a="ringback; id=${own}"`,
    '',
  ])
    test(`treats "${value}" as nothing special`, async () => {
      const { app, ran } = createApp()
      const client = clientOf(app)
      assert.equal((await client.post('/x', { headers: { 'cdn-loop': value }, json: 1 })).status, 204)
      assert.deepEqual(ran, ['dependency', 'handler'])
    })

  test('does not let anybody set the header', async () => {
    const { app } = createApp()
    const seen: unknown[] = []
    app.onError(ReservedHeaderError, error => {
      seen.push(error.header)
      return new Response(null, { status: 500 })
    })
    const client = clientOf(app)
    assert.equal((await client.post('/send')).status, 500)
    assert.deepEqual(seen, ['CDN-Loop'])
  })
})

test('An application without callbacks makes no engine for the header', async () => {
  const app = new Ringback({
    title: 'Loops',
    version: '1.0.0',
    delivery: {
      get store(): never {
        throw new Error('There is an engine')
      },
    },
  })
  app.get('/plain', { response: z.string() }, async () => 'plain')
  const headers = { 'cdn-loop': `ringback; id=${own}` }
  assert.equal((await app.fetch(new Request('http://localhost/plain', { headers }))).status, 200)
})

test('every attempt and every call says where it comes from', async () => {
  const sent: OutgoingRequest[] = []
  const transport: Transport = {
    async send(request) {
      sent.push(request)
      const status = sent.length < 3 ? 503 : 204
      return { status, headers: {}, body: new Uint8Array(), bodyTruncated: false, address: '192.0.2.1' }
    },
    async close() {},
  }
  const masterSecret = [ours, former]
  const request = {
    operation: 'x',
    callback: 'done',
    method: 'POST',
    url: 'https://hooks.external.org/done',
    destination: 'https://hooks.external.org/done',
    headers: { 'x-tenant': 'a' },
  }
  const engine = createDelivery({
    store: memoryStore(),
    signing: { masterSecret },
    transport,
    retryDelaysSeconds: [0, 0],
    log: new RecordingLog(),
    worker: false,
  })
  await engine.send(request)
  await engine.deliverDue()
  await engine.call(request)
  assert.ok(sent.length >= 2)
  for (const { headers } of sent) {
    assert.equal(headers['cdn-loop'], `ringback; id=${own}`)
    assert.ok(engine.isOwnLoop(headers['cdn-loop']))
  }
  const elsewhere = createDelivery({
    store: memoryStore(),
    signing: { masterSecret: others },
    transport,
    worker: false,
  })
  assert.equal(elsewhere.isOwnLoop(`ringback; id=${own}`), false)
  const formerly = createDelivery({ store: memoryStore(), signing: { masterSecret: former }, transport, worker: false })
  await formerly.call(request)
  assert.ok(engine.isOwnLoop(sent.at(-1)?.headers['cdn-loop'] ?? ''))
  for (const one of [engine, elsewhere, formerly]) await one.close({ graceMs: 0 })
})
