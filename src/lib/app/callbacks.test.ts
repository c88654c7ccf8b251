import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import type { DeliveryStore } from '../delivery/delivery-store.ts'
import { IdempotencyConflictError } from '../delivery/idempotency-conflict-error.ts'
import { StoreUnavailableError } from '../delivery/store-unavailable-error.ts'
import { CallbackTimeoutError } from '../destination/transport/callback-timeout-error.ts'
import { callback } from '../operation/callback-definition.ts'
import { memoryStore } from '../store/memory-store.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'

function createApp(options: object = {}) {
  const log = new RecordingLog()
  return { log, app: new Ringback({ title: 'Callbacks', version: '1.0.0', log, ...options }) }
}

const errorsIn = ({ messages }: RecordingLog) => messages.filter(({ level }) => level === 'error' || level === 'warn')
const external = 'https://www.external.org'
const where = `?callback_url=${external}`
const query = z.object({ callback_url: z.url() })
const body = z.object({ n: z.number() })
const response = z.unknown()
const done = callback.post('{$callback_url}/done', { body })
const failed = callback.post('{$callback_url}/failed', { body })

test('send of several callbacks, one of them on several operations, stores them in their order', async () => {
  const { app } = createApp()
  app.post('/a', { query, callbacks: { done, failed } }, async function first({ callbacks }) {
    await callbacks.failed.send({ n: 1 })
    await callbacks.done.send({ n: 2 })
    await callbacks.failed.send({ n: 3 })
  })
  app.post('/b', { query, callbacks: { done } }, async function second({ callbacks }) {
    await callbacks.done.send({ n: 4 })
  })
  await using client = await testClient(app)
  assert.equal((await client.post(`/a${where}`)).status, 204)
  assert.equal((await client.post(`/b${where}`)).status, 204)
  assert.deepEqual(
    client.deliveries.map(({ operation, callback, body }) => [operation, callback, body]),
    [
      ['first', 'failed', { n: 1 }],
      ['first', 'done', { n: 2 }],
      ['first', 'failed', { n: 3 }],
      ['second', 'done', { n: 4 }],
    ],
  )
})

test('send is stored before the response, in one commit, even without an await', async () => {
  const added: number[] = []
  const store = storeWith(memoryStore(), { add: rows => added.push(rows) })
  const { app } = createApp()
  app.post('/x', { query, callbacks: { done, failed }, response }, async ({ callbacks }) => {
    void callbacks.done.send({ n: 1 })
    const sent = await callbacks.failed.send({ n: 2 })
    void callbacks.done.send({ n: 3 })
    assert.deepEqual(added, [])
    return sent
  })
  await using client = await testClient(app, { store })
  const sent = (await (await client.post(`/x${where}`)).json()) as { id: string; url: string }
  assert.deepEqual(added, [3])
  assert.equal(sent.url, `${external}/failed`)
  assert.ok(client.deliveries.some(({ id }) => id === sent.id))
})

test('send is discarded when the handler throws or its response is invalid, and kept with any response', async () => {
  const { app, log } = createApp()
  const responses = { 409: { description: 'Taken', body: z.string() } }
  app.post(
    '/x/{how}',
    { query, callbacks: { done }, response: z.number(), responses },
    async ({ params, callbacks, respond }) => {
      await callbacks.done.send({ n: 1 })
      if (params.how === 'throw') throw new Error('no')
      if (params.how === 'invalid') return 'x' as unknown as number
      if (params.how === 'undeclared') return respond(418 as 409, 'x')
      return respond(409, 'taken')
    },
  )
  await using client = await testClient(app)
  for (const how of ['throw', 'invalid', 'undeclared'])
    assert.equal((await client.post(`/x/${how}${where}`)).status, 500)
  assert.deepEqual(client.deliveries, [])
  assert.deepEqual(
    errorsIn(log).map(({ fields }) => String(fields['error']).replace(/at "#": .*/, 'at "#"')),
    [
      'Error: no',
      'ResponseInvalidError: The response of operation "postXByHow" is not as declared: the body at "#"',
      'ResponseInvalidError: The response of operation "postXByHow" is not as declared: status 418 is not declared in "responses"',
    ],
  )
  assert.equal((await client.post(`/x/409${where}`)).status, 409)
  assert.equal(client.deliveries.length, 1)
})

test('send after the handler is stored at once', async () => {
  const { app } = createApp()
  const responded = Promise.withResolvers<void>()
  const stored = Promise.withResolvers<void>()
  app.post('/x', { query, callbacks: { done } }, async ({ callbacks, background }) => {
    background(async () => {
      await responded.promise
      await callbacks.done.send({ n: 1 })
      stored.resolve()
    })
  })
  await using client = await testClient(app)
  await client.post(`/x${where}`)
  assert.deepEqual(client.deliveries, [])
  responded.resolve()
  await stored.promise
  assert.equal(client.deliveries.length, 1)
})

test('send with a wrong body is a 500 that tells the log in words what is wrong', async () => {
  const { app, log } = createApp()
  app.post('/x', { query, callbacks: { done } }, async ({ callbacks }) => {
    await callbacks.done.send({ n: 'one' as unknown as number })
  })
  await using client = await testClient(app)
  const response = await client.post(`/x${where}`)
  assert.equal(response.status, 500)
  assert.doesNotMatch(await response.text(), /done|number/)
  assert.match(String(errorsIn(log)[0]?.fields['error']), /The callback "done" cannot be sent: body at "#\/n": /)
  assert.deepEqual(client.deliveries, [])
})

test('send that fails while nobody waits for it is logged, and does not end the process', async () => {
  const { app, log } = createApp()
  const wrong = { n: 'one' as unknown as number }
  app.post('/x/{how}', { query, callbacks: { done }, response }, async ({ params, callbacks, background }) => {
    void callbacks.done.send(wrong)
    await new Promise(resolve => setImmediate(resolve))
    background(() => void callbacks.done.send(wrong))
    if (params.how === 'throw') throw new Error('no')
    await callbacks.done.send({ n: 1 })
  })
  await using client = await testClient(app)
  assert.equal((await client.post(`/x/return${where}`)).status, 200)
  assert.equal((await client.post(`/x/throw${where}`)).status, 500)
  await client.close()
  const lost = errorsIn(log).filter(({ text }) => text.includes('could not be sent'))
  assert.equal(lost.length, 3)
  assert.equal(client.deliveries.length, 1)
})

test('send leads to a 503 where the store fails, and nothing is stored', async () => {
  const store = storeWith(memoryStore(), {
    add() {
      throw new StoreUnavailableError('the disk of db.internal is full')
    },
  })
  const { app, log } = createApp()
  app.post('/x', { query, callbacks: { done }, response }, async ({ callbacks }) => callbacks.done.send({ n: 1 }))
  await using client = await testClient(app, { store })
  const received = await client.post(`/x${where}`)
  assert.equal(received.status, 503)
  assert.equal(received.headers.get('retry-after'), '1')
  assert.doesNotMatch(await received.text(), /db\.internal/)
  assert.deepEqual(client.deliveries, [])
  assert.equal(errorsIn(log)[0]?.text, 'A request got a response with status 503')
  assert.match(String(errorsIn(log)[0]?.fields['error']), /db\.internal/)
})

test('send with an idempotency key gives the first delivery for the same bytes, and 409 for others', async () => {
  const { app } = createApp()
  app.post(
    '/x/{n}',
    { params: z.object({ n: z.number() }), query, callbacks: { done }, response },
    async ({ params, callbacks }) => {
      const { id } = await callbacks.done.send({ n: params.n }, { idempotencyKey: 'k' })
      return id
    },
  )
  app.post(
    '/twice/{n}',
    { params: z.object({ n: z.number() }), query, callbacks: { done }, response },
    async ({ params, callbacks }) => {
      const sent = [{ n: 7 }, { n: params.n }].map(body => callbacks.done.send(body, { idempotencyKey: 'twice' }))
      return (await Promise.all(sent)).map(({ id }) => id)
    },
  )
  app.post('/caught', { query, callbacks: { done }, response: z.string() }, async ({ callbacks }) => {
    await callbacks.done.send({ n: 1 }, { idempotencyKey: 'caught' })
    return callbacks.done.send({ n: 2 }, { idempotencyKey: 'caught' }).then(
      () => 'sent',
      error => (error instanceof IdempotencyConflictError ? 'conflict' : 'another'),
    )
  })
  await using client = await testClient(app)
  const first = await (await client.post(`/x/1${where}`)).json()
  assert.equal(await (await client.post(`/x/1${where}`)).json(), first)
  assert.equal((await client.post(`/x/2${where}`)).status, 409)
  assert.notEqual(await (await client.post('/x/1?callback_url=https://other.example')).json(), first)
  assert.equal((await client.post(`/twice/8${where}`)).status, 409)
  const [one, two] = (await (await client.post(`/twice/7${where}`)).json()) as string[]
  assert.equal(one, two)
  assert.equal(await (await client.post(`/caught${where}`)).json(), 'conflict')
  assert.equal(client.deliveries.length, 4)
})

test('send takes a time after which nothing is sent any more', async () => {
  const { app } = createApp()
  app.post('/x', { query, callbacks: { done }, response }, async ({ callbacks }) => {
    const later = { at: new Date('2026-01-01T00:10:00Z') }
    await callbacks.done.send({ n: 1 }, { ...later, expiresAt: new Date('2026-01-01T00:10:01Z') })
  })
  await using client = await testClient(app)
  assert.equal((await client.post(`/x${where}`)).status, 200)
  client.clock.advance({ minutes: 10, seconds: 1 })
  await client.deliver()
  const [delivery] = (await app.deliveries.list()).items
  assert.deepEqual([delivery?.state, delivery?.reason, delivery?.attemptCount], ['failed', 'expired', 0])
})

test('send takes time, order, recipient, headers and query', async () => {
  const { app, log } = createApp()
  const full = callback.put('{$callback_url}/full?fixed=1', {
    body,
    headers: z.object({ 'x-event': z.string() }),
    query: z.object({ page: z.number(), text: z.string().optional() }),
  })
  app.post('/x', { query, callbacks: { full, done }, response }, async ({ callbacks }) => {
    const options = { headers: { 'x-event': 'made' }, query: { page: 7, text: 'a&b' } }
    await callbacks.full.send({ n: 1 }, { ...options, at: new Date('2026-01-01T00:10:00Z'), recipient: 'user-7' })
    await callbacks.done.send({ n: 2 }, { delayMs: 60_000, orderingKey: 'o' })
  })
  app.post('/wrong/{what}', { query, callbacks: { full, done } }, async ({ params, callbacks }) => {
    if (params.what === 'reserved') await callbacks.done.send({ n: 1 }, { headers: { 'webhook-id': 'x' } })
    await callbacks.full.send({ n: 1 }, { headers: {} as { 'x-event': string }, query: { page: 1 } })
  })
  await using client = await testClient(app)
  const received: string[] = []
  client.externalApi(external, async request => {
    received.push(`${request.method} ${request.url} ${request.headers.get('x-event')} ${await request.text()}`)
    return new Response(null, { status: 204 })
  })
  assert.equal((await client.post(`/x${where}?token=t`)).status, 200)
  assert.deepEqual(
    client.deliveries.map(({ recipient, orderingKey, url }) => [recipient, orderingKey, url]),
    [
      ['user-7', undefined, `${external}/full?token=t&fixed=1&page=7&text=a%26b`],
      [undefined, 'o', `${external}/done?token=t`],
    ],
  )
  await client.deliver()
  assert.deepEqual(received, [])
  client.clock.advance({ minutes: 1 })
  await client.deliver()
  assert.deepEqual(received, [`POST ${external}/done?token=t null {"n":2}`])
  client.clock.advance({ minutes: 9 })
  await client.deliver()
  assert.deepEqual(received.slice(1), [`PUT ${external}/full?token=t&fixed=1&page=7&text=a%26b made {"n":1}`])
  for (const what of ['reserved', 'missing']) assert.equal((await client.post(`/wrong/${what}${where}`)).status, 500)
  assert.match(String(errorsIn(log)[0]?.fields['error']), /webhook-id/)
  assert.match(String(errorsIn(log)[1]?.fields['error']), /header at "#\/x-event"/)
})

test('callbacks refuse a forbidden URL at the parameter it came from, before the handler runs', async () => {
  const { app } = createApp()
  app.post('/x', { query, callbacks: { done, failed } }, async () => assert.fail('the handler must not run'))
  await using client = await testClient(app)
  for (const url of [
    'http://127.0.0.1/',
    'ftp://www.external.org',
    'https://u:p@www.external.org',
    'https://www.external.org/#a',
  ]) {
    const response = await client.post(`/x?callback_url=${encodeURIComponent(url)}`)
    assert.equal(response.status, 422, url)
    const { errors } = (await response.json()) as { errors: { in: string; pointer: string }[] }
    assert.deepEqual(
      errors.map(error => [error.in, error.pointer]),
      [['query', '#/callback_url']],
    )
  }
})

test('callbacks are undefined where their URL has no value, and the test client knows', async () => {
  const { app } = createApp()
  app.post(
    '/x',
    { query: z.object({ callback_url: z.url().optional() }), callbacks: { done }, response },
    async ({ callbacks }) => {
      await callbacks.done?.send({ n: 1 })
      return callbacks.done === undefined
    },
  )
  await using client = await testClient(app)
  assert.equal(await (await client.post('/x')).json(), true)
  assert.deepEqual(client.skipped, [
    { operation: 'postX', callback: 'done', expression: '$request.query.callback_url' },
  ])
})

test('call gives the response of the receiver, typed and validated, and stores nothing', async () => {
  const { app } = createApp()
  const ask = callback.post('{$callback_url}/ask', {
    body,
    response: z.object({ ok: z.boolean() }),
    responses: { 404: { description: 'unknown' } },
  })
  app.post('/x', { query, callbacks: { ask }, response }, async ({ callbacks }) => {
    const { url } = callbacks.ask
    const response = await callbacks.ask.call({ n: 1 })
    return [url, response.status, response.status === 200 ? response.body.ok : undefined, response.headers.get('x-a')]
  })
  await using client = await testClient(app)
  let sent = Response.json({ ok: true, more: 1 }, { headers: { 'x-a': 'a' } })
  client.externalApi(external, async request => {
    assert.deepEqual(await request.json(), { n: 1 })
    assert.ok(request.headers.has('webhook-signature'))
    return sent
  })
  assert.deepEqual(await (await client.post(`/x${where}`)).json(), [`${external}/ask`, 200, true, 'a'])
  sent = new Response(null, { status: 404 })
  assert.deepEqual(await (await client.post(`/x${where}`)).json(), [`${external}/ask`, 404, null, null])
  assert.deepEqual(client.deliveries, [])
})

test('call and delivery read the bytes of a response in the same way', async () => {
  const { app } = createApp()
  const definition = { response: z.object({ ok: z.unknown() }) }
  const ask = callback.post('{$callback_url}/ask', definition)
  app.post('/call', { query, callbacks: { ask } }, async function call({ callbacks }) {
    await callbacks.ask.call()
  })
  app.post('/send', { query, callbacks: { ask } }, async function send({ callbacks }) {
    await callbacks.ask.send()
  })
  await using client = await testClient(app)
  const responses: readonly (readonly [bytes: Buffer, valid: boolean | undefined])[] = [
    [Buffer.from('\ufeff{"ok":true}'), true],
    [Buffer.from('{"ok":"\xff"}', 'latin1'), false],
    [Buffer.from('{"ok":true}'.padEnd(65_536) + 'and more'), undefined],
  ]
  for (const [bytes, valid] of responses) {
    client.externalApi(external, () => new Response(new Uint8Array(bytes)))
    const called = await client.post(`/call${where}`)
    await client.post(`/send${where}`)
    await client.deliver()
    const { items } = await app.deliveries.list({ limit: 1 })
    assert.deepEqual([called.status, items[0]?.responseValid], [valid ? 204 : 502, valid])
  }
})

test('call that is not caught leads to a 502 that tells the client nothing about the receiver', async () => {
  const { app, log } = createApp()
  const ask = callback.post('{$callback_url}/ask', { response: z.object({ ok: z.boolean() }) })
  app.post('/x', { query, callbacks: { ask } }, async ({ callbacks }) => {
    await callbacks.ask.call()
  })
  await using client = await testClient(app)
  const statuses = [(await client.post(`/x${where}`)).status]
  for (const api of [
    () => Response.json({ ok: 'yes' }),
    () => new Response('no JSON'),
    () => new Response(null, { status: 302, headers: { location: 'http://169.254.169.254/' } }),
    () => {
      throw new CallbackTimeoutError(external, 15_000)
    },
  ]) {
    client.externalApi(external, api)
    const response = await client.post(`/x${where}`)
    statuses.push(response.status)
    const { request_id, ...problem } = (await response.json()) as Record<string, unknown>
    assert.equal(typeof request_id, 'string')
    assert.doesNotMatch(JSON.stringify(problem), /external\.org|JSON|302/)
  }
  assert.deepEqual(statuses, [502, 502, 502, 502, 502])
  assert.equal(errorsIn(log).length, 5)
})

test('onResponse gets the validated response to a delivery once it has come', async () => {
  const { app } = createApp()
  const seen: unknown[] = []
  const asked = callback.post('{$callback_url}/asked', {
    body,
    response: z.object({ ok: z.boolean() }),
    onResponse: ({ status, body, headers }, { id }) => void seen.push([status, body, headers.get('x-a'), id]),
  })
  app.post('/x', { query, callbacks: { asked }, response }, async ({ callbacks }) => callbacks.asked.send({ n: 1 }))
  await using client = await testClient(app)
  client.externalApi(external, () => Response.json({ ok: true }, { headers: { 'x-a': 'a' } }))
  const { id } = (await (await client.post(`/x${where}`)).json()) as { id: string }
  await client.deliver()
  assert.deepEqual(seen, [[200, { ok: true }, 'a', id]])
})

test('restore restores a callback in another application, and refuses any other data', async () => {
  const paid = callback.post('{$callback_url}/{$request.body.id}/{$request.header.x-kind}/{$user}', { body })
  const define = (app: Ringback) =>
    app.post(
      '/users/{user}',
      {
        query,
        headers: z.object({ 'x-kind': z.string(), 'x-secret': z.string().optional() }),
        body: z.object({ id: z.string(), secret: z.string() }),
        callbacks: { paid },
        response,
      },
      async function createInvoice({ callbacks }) {
        return callbacks.paid.toJSON()
      },
    )
  const { app } = createApp()
  define(app)
  await using client = await testClient(app)
  const headers = { 'x-kind': 'k/1', 'x-secret': 's' }
  const made = await client.post(`/users/7${where}`, { headers, json: { id: 'a', secret: 's' } })
  const data = (await made.json()) as Record<string, unknown>
  assert.deepEqual(data['values'], {
    '$request.query.callback_url': external,
    '$request.body#/id': 'a',
    '$request.header.x-kind': 'k/1',
    '$request.path.user': '7',
  })

  const { app: other } = createApp()
  define(other)
  await using otherClient = await testClient(other)
  const restored = other.restore(paid, JSON.parse(JSON.stringify(data)))
  assert.equal(restored.url, `${external}/a/k%2F1/7`)
  assert.deepEqual(restored.toJSON(), data)
  await restored.send({ n: 1 })
  assert.deepEqual(
    otherClient.deliveries.map(({ url, operation }) => [url, operation]),
    [[restored.url, 'createInvoice']],
  )

  const values = data['values'] as Record<string, unknown>
  const refused: readonly [unknown, RegExp][] = [
    [null, /not what "toJSON"/],
    ['text', /not what "toJSON"/],
    [{ ...data, id: 7 }, /not what "toJSON"/],
    [{ ...data, template: '{$request.query.callback_url}/old', values: {} }, /its URL was/],
    [{ ...data, values: {} }, /missing/],
    [{ ...data, values: { ...values, '$request.query.callback_url': 'http://127.0.0.1/' } }, /not allowed/],
    [{ ...data, values: { ...values, '$request.body#/id': '..' } }, /cannot be restored/],
  ]
  for (const [wrong, message] of refused)
    assert.throws(() => other.restore(paid, wrong), { code: 'ERR_CALLBACK_DATA', message })
  assert.throws(() => other.restore(callback.post('{$callback_url}', {}), data), { code: 'ERR_CALLBACK_DATA' })
})

const late = callback.post('{$response.body.next}/{$response.header.x-part}/{$statusCode}', { body })
const lateDefinition = {
  body: z.object({ next: z.string() }),
  response: z.object({ next: z.string(), id: z.string() }),
  responseHeaders: z.object({ 'x-part': z.string() }),
  callbacks: { late },
}

test('send of a callback that reads the response is stored when the handler returns', async () => {
  const { app, log } = createApp()
  app.post('/x', lateDefinition, async ({ body, callbacks, respond }) => {
    void callbacks.late.send({ n: 0 })
    const { id } = await callbacks.late.send({ n: 1 })
    return respond(200, { next: body.next, id }, { headers: { 'x-part': 'p' } })
  })
  await using client = await testClient(app)
  const { id } = (await (await client.post('/x', { json: { next: external } })).json()) as { id: string }
  assert.deepEqual(
    client.deliveries.map(({ id, url, body }) => [id, url, body]),
    [
      [client.deliveries[0]?.id, `${external}/p/200`, { n: 0 }],
      [id, `${external}/p/200`, { n: 1 }],
    ],
  )
  assert.equal((await client.post('/x', { json: { next: 'http://127.0.0.1' } })).status, 200)
  assert.match(errorsIn(log)[0]?.text ?? '', /The callback "late" will be blocked/)
  const blocked = client.deliveries.at(-1)
  assert.equal(client.deliveries.length, 4)
  assert.ok(blocked !== undefined)
})

test('send of a callback that reads the response is refused after the handler, and discarded when it throws', async () => {
  const { app, log } = createApp()
  app.post('/x', lateDefinition, async ({ body, callbacks, background }) => {
    await callbacks.late.send({ n: 1 })
    background(async () => void (await callbacks.late.send({ n: 2 })))
    if (body.next === '') throw new Error('no')
    return new Response('own', { headers: { 'x-part': 'p' } })
  })
  await using client = await testClient(app)
  assert.equal((await client.post('/x', { json: { next: '' } })).status, 500)
  assert.equal((await client.post('/x', { json: { next: external } })).status, 500)
  await client.close()
  assert.deepEqual(client.deliveries, [])
  assert.equal(errorsIn(log).filter(({ fields }) => /must be sent before/.test(String(fields['error']))).length, 2)
})

/** A store that reports how many rows it is given. */
function storeWith(store: DeliveryStore, { add }: { add(rows: number): unknown }): DeliveryStore {
  return {
    ...store,
    async add(request) {
      add(request.rows.length)
      return store.add(request)
    },
  }
}

test('close gives background work and attempts on their way one grace time together', { timeout: 10_000 }, async t => {
  const receiver = createServer(() => {}).listen(0, '127.0.0.1')
  t.after(() => {
    receiver.closeAllConnections()
    receiver.close()
  })
  await once(receiver, 'listening')
  const { port } = receiver.address() as AddressInfo
  const signing = { masterSecret: 'm'.repeat(32) }
  const destinations = { allow: ['127.0.0.1'] }
  const { app } = createApp({ delivery: { store: memoryStore(), signing, destinations } })
  app.post('/x', { query, callbacks: { done } }, async ({ callbacks, background }) => {
    await callbacks.done.send({ n: 1 })
    background(() => new Promise(() => {}))
  })
  await app.start()
  const attempted = once(receiver, 'request')
  await app.fetch(new Request(`http://a/x?callback_url=http://127.0.0.1:${port}`, { method: 'POST' }))
  await attempted
  let passedMs = 0
  t.mock.method(performance, 'now', () => passedMs)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const closed = app.close({ graceMs: 500 })
  passedMs = 500
  t.mock.timers.tick(500)
  await closed
  assert.equal((await app.deliveries.counts()).scheduled, 1)
})

test('a URL that is too long, or whose base is, is a 422 even if the composed URL is shorter', async () => {
  const { app } = createApp()
  const nested = callback.post('{$request.body.url}/{$request.body.id}', { body })
  const made = z.object({ url: z.string(), id: z.string() })
  app.post('/x', { body: made, callbacks: { nested } }, async ({ callbacks }) => {
    await callbacks.nested.send({ n: 1 })
  })
  await using client = await testClient(app)
  const statusOf = async (json: object) => (await client.post('/x', { json })).status
  for (const url of [
    `${external}/${'/'.repeat(9_000)}`,
    `${external}/${'a'.repeat(9_000)}`,
    `${external}/?${'b'.repeat(9_000)}`,
  ])
    assert.equal(await statusOf({ url, id: '1' }), 422, url.slice(0, 40))
  assert.equal(await statusOf({ url: external, id: 'é'.repeat(3_000) }), 422)
  assert.equal(await statusOf({ url: `${external}/${'a'.repeat(8_000)}`, id: '1' }), 204)
  assert.equal(await statusOf({ url: `${external}/${'/'.repeat(8_000)}`, id: '1' }), 204)
})
