import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import { Receiver } from '../../../../test/support/receiver.ts'
import { RecordingLog } from '../../../../test/support/recording-log.ts'
import { everyone } from '../../delivery/endpoints/owner.ts'
import { HttpError } from '../../http/http-error.ts'
import { dependency } from '../../operation/dependency-definition.ts'
import { endpointEvents } from '../../operation/webhook/endpoint-events.ts'
import { webhook } from '../../operation/webhook-definition.ts'
import { verify } from '../../signature/verify.ts'
import { sqliteStore } from '../../store/sqlite/sqlite-store.ts'
import { testClient } from '../../testing/test-client.ts'
import { Ringback } from '../ringback.ts'
import { Router } from '../router.ts'

const Paid = z.object({ id: z.string() })
const paid = webhook.post({ data: Paid, example: { id: '1' } })
const late = webhook.post({ data: Paid })
const owner = 'customer-17'
const url = 'https://www.external.org/hooks'
const info = { title: 'Invoices', version: '1.0.0' }

function createApp(options: object = {}) {
  const log = new RecordingLog()
  const app = new Ringback({ ...info, log, webhooks: { 'invoice.paid': paid }, ...options })
  app.post('/pay/{id}', { params: Paid }, async ({ params, webhooks }) => {
    await webhooks['invoice.paid'].send(params, { owner })
  })
  return { app, log }
}

/** What endpoints were sent, in that order. */
const listening = (client: Awaited<ReturnType<typeof testClient>>) => {
  const received: { readonly path: string; readonly body: unknown }[] = []
  client.externalApi(url, async request => {
    received.push({ path: new URL(request.url).pathname, body: await request.json() })
    return Response.json({ ok: true })
  })
  return received
}
const idsIn = (received: readonly { readonly body: unknown }[]) =>
  received.map(({ body }) => (body as { data: { id: string } }).data.id)

test('What a handler sends reaches a registered endpoint, signed with its secret', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-'))
  await using receiver = new Receiver()
  await receiver.start()
  const { app } = createApp({
    delivery: {
      store: sqliteStore({ path: join(folder, 'deliveries.db') }),
      signing: { masterSecret: 'm'.repeat(32) },
      destinations: { allow: ['127.0.0.1'] },
    },
  })
  await app.start()
  t.after(async () => {
    await app.close({ graceMs: 0 })
    rmSync(folder, { recursive: true })
  })
  const { secret } = await app.endpoints.create({ owner, url: `${receiver.url}/hooks`, events: ['*'] })
  await app.endpoints.create({ owner: 'customer-18', url: `${receiver.url}/others`, events: ['*'] })
  assert.equal((await app.fetch(new Request('http://localhost/pay/7', { method: 'POST' }))).status, 204)
  await receiver.until(() => receiver.received.length === 1)
  const [{ headers, body, url: path, method } = assert.fail()] = receiver.received
  assert.deepEqual([method, path, headers['content-type']], ['POST', '/hooks', 'application/json'])
  const { type, timestamp, data } = JSON.parse(String(body))
  assert.deepEqual([type, data], ['invoice.paid', { id: '7' }])
  assert.equal(new Date(timestamp).toISOString(), timestamp)
  verify({ headers, body }, { secrets: [secret] })
  const { items } = await app.messages.list({ owner })
  assert.deepEqual(
    items.map(({ event, owner }) => [event, owner]),
    [['invoice.paid', owner]],
  )
  assert.ok(String(headers['webhook-id']).startsWith(`${items[0]?.id}_`))
})

describe('A webhook that is sent during a request', () => {
  it('is stored with everything else of it, and lost with it', async () => {
    const { app } = createApp()
    app.post('/fails', {}, async ({ webhooks }) => {
      await webhooks['invoice.paid'].send({ id: 'lost' }, { owner })
      void app.webhooks['invoice.paid'].send({ id: 'lost, too' }, { owner })
      throw new HttpError(409, 'No')
    })
    app.post('/forgets', {}, async ({ webhooks }) => {
      void webhooks['invoice.paid'].send({ id: 'handler' }, { owner })
      void app.webhooks['invoice.paid'].send({ id: 'app' }, { owner })
      assert.deepEqual(client.deliveries, [])
    })
    app.post('/late', {}, ({ webhooks, background }) => {
      background(async () => {
        await setImmediate()
        await webhooks['invoice.paid'].send({ id: 'late' }, { owner })
      })
    })
    await using client = await testClient(app)
    await client.endpoints.create({ owner, url, events: ['invoice.paid'] })
    const received = listening(client)
    assert.equal((await client.post('/fails')).status, 409)
    assert.equal((await client.post('/forgets')).status, 204)
    assert.equal((await client.post('/late')).status, 204)
    await client.deliver()
    assert.deepEqual(idsIn(received).sort(), ['app', 'handler', 'late'])
    assert.deepEqual(
      client.deliveries.map(({ operation, callback, owner, url }) => [operation, callback, owner, url]),
      Array(3).fill(['', 'invoice.paid', owner, '']),
    )
  })

  it('waits for the end of a dependency with the scope of the handler', async () => {
    const { app } = createApp()
    const failing = dependency({ scope: 'handler' }, async function* () {
      yield 7
      throw new HttpError(409, 'Not committed')
    })
    const committed = dependency({ scope: 'handler' }, async function* () {
      yield 7
      assert.equal(client.deliveries.length, 1)
    })
    for (const [path, held] of [
      ['/fails', failing],
      ['/commits', committed],
    ] as const)
      app.post(path, { dependencies: { held } }, async ({ webhooks }) => {
        await webhooks['invoice.paid'].send({ id: path }, { owner })
      })
    await using client = await testClient(app)
    await client.endpoints.create({ owner, url, events: ['*'] })
    const received = listening(client)
    assert.equal((await client.post('/fails')).status, 409)
    assert.equal((await client.post('/commits')).status, 204)
    await client.deliver()
    assert.deepEqual(idsIn(received), ['/commits'])
  })

  it('has one message for one key, webhook and owner', async () => {
    const app = new Ringback({ ...info, log: new RecordingLog(), webhooks: { 'invoice.paid': paid, late } })
    const ids: string[] = []
    app.post('/twice', {}, async ({ webhooks: all }) => {
      const key = { idempotencyKey: 'k' }
      for (const [send, to] of [
        [all.late.send, owner],
        [all.late.send, owner],
        [all.late.send, 'customer-18'],
        [all['invoice.paid'].send, owner],
        [all.late.send, everyone],
      ] as const)
        ids.push((await send({ id: '7' }, { owner: to, ...key })).id)
      await all.late.send({ id: '8' }, { owner, ...key })
    })
    app.post('/again', {}, async () => {
      ids.push((await app.webhooks.late.send({ id: '7' }, { owner, idempotencyKey: 'k' })).id)
    })
    await using client = await testClient(app)
    await client.endpoints.create({ owner, url, events: ['*'] })
    assert.equal((await client.post('/twice')).status, 409)
    const [first, second, ...others] = ids
    assert.equal(first, second)
    assert.equal(new Set(ids).size, 4)
    assert.equal(others.length, 3)
    await client.post('/again')
    client.clock.advance({ minutes: 1 })
    // The time of the envelope is another one, and what was sent is the same.
    await client.post('/again')
    assert.equal(new Set(ids.slice(5)).size, 1)
  })

  it('may be seen by handlers of routers and WebSockets, under the same name wherever they are mounted', async () => {
    const { app } = createApp()
    const router = new Router({ webhooks: { late } })
    router.post('/late', {}, async ({ webhooks }) => {
      assert.deepEqual(Object.keys(webhooks).sort(), ['included', 'invoice.paid', 'late'])
      await webhooks.late.send({ id: 'router' }, { owner })
    })
    router.websocket('/socket', {}, async ({ webhooks, socket }) => {
      await webhooks.late.send({ id: 'socket' }, { owner })
      socket.close()
    })
    app.include(router, { prefix: '/v1', webhooks: { included: late } })
    const inner = new Ringback({ ...info, title: 'Inner', webhooks: { inner: late } })
    inner.post('/inner', {}, async ({ webhooks }) => {
      await webhooks.inner.send({ id: 'inner' }, { owner })
      await inner.webhooks.inner.send({ id: 'inner, by its application' }, { owner })
    })
    app.mount('/mounted', inner)
    await using client = await testClient(app)
    await client.endpoints.create({ owner, url, events: ['late', 'inner'] })
    const received = listening(client)
    assert.equal((await client.post('/v1/late')).status, 204)
    assert.equal((await client.post('/mounted/inner')).status, 204)
    await (await client.websocket('/v1/socket')).closed
    await client.deliver()
    assert.deepEqual(received.map(({ body }) => (body as { type: string }).type).sort(), [
      'inner',
      'inner',
      'late',
      'late',
    ])
    assert.deepEqual(Object.keys(app.openapi().webhooks ?? {}), ['invoice.paid', 'included', 'late'])
    assert.deepEqual(Object.keys(inner.openapi().webhooks ?? {}), ['inner'])
  })
})

test('A webhook that is sent outside of a request is stored at once, or in the transaction that it is given', async () => {
  const database = new DatabaseSync(':memory:')
  const { app } = createApp()
  await using client = await testClient(app, { store: sqliteStore({ database }) })
  await client.endpoints.create({ owner, url, events: ['*'] })
  const received = listening(client)
  const { send } = app.webhooks['invoice.paid']
  assert.deepEqual(Object.keys(await send({ id: 'now' }, { owner })), ['id'])
  database.exec('begin')
  await send({ id: 'undone' }, { owner, transaction: database })
  database.exec('rollback')
  database.exec('begin')
  await send({ id: 'kept' }, { owner, transaction: database })
  database.exec('commit')
  await assert.rejects(send({ id: 'outside' }, { owner, transaction: database }), { code: 'ERR_NOT_IN_TRANSACTION' })
  await client.deliver()
  assert.deepEqual(idsIn(received).sort(), ['kept', 'now'])
})

test('An owner without endpoints is skipped, which a test can see', async () => {
  const { app } = createApp()
  await using client = await testClient(app)
  await client.post('/pay/7')
  assert.deepEqual(client.deliveries, [])
  assert.deepEqual(client.skipped, [{ operation: '', callback: 'invoice.paid', expression: '', owner }])
})

describe('An event that has another form now', () => {
  const first = webhook.post({ data: z.object({ cents: z.int() }) })
  const second = webhook.post({
    data: z.object({ amount: z.number() }),
    replaces: { webhook: first, since: '2026-01-01T00:01:00Z', as: ({ amount }) => ({ cents: amount * 100 }) },
  })

  it('reaches each endpoint once, in the form that it wants', async () => {
    const app = new Ringback({ ...info, webhooks: { first, second } })
    await using client = await testClient(app)
    const received = listening(client)
    const create = (name: string, events: readonly ('first' | 'second' | '*')[]) =>
      client.endpoints.create({ owner, url: `${url}/${name}`, events })
    const each = async (when: string) => {
      await create(`${when}/first`, ['first'])
      await create(`${when}/second`, ['second'])
      await create(`${when}/both`, ['first', 'second'])
      await create(`${when}/all`, ['*'])
      await create(`${when}/first-and-all`, ['*', 'first'])
    }
    await each('before')
    client.clock.advance({ minutes: 1 })
    await each('since')
    client.clock.advance({ seconds: 1 })
    await app.webhooks.second.send({ amount: 7 }, { owner })
    await client.deliver()
    const forms = received.map(({ path, body }) => [path.slice('/hooks/'.length), (body as { type: string }).type])
    assert.deepEqual(Object.fromEntries(forms), {
      ...{ 'before/first': 'first', 'before/second': 'second', 'before/both': 'second' },
      ...{ 'before/all': 'first', 'before/first-and-all': 'first' },
      ...{ 'since/first': 'first', 'since/second': 'second', 'since/both': 'second' },
      ...{ 'since/all': 'second', 'since/first-and-all': 'first' },
    })
    assert.equal(forms.length, 10)
    await assert.rejects(app.webhooks.first.send({ cents: 1 }, { owner }), { code: 'ERR_WEBHOOK_REPLACED' })
  })

  it('is stored in both forms by one commit, and lost in both', async () => {
    const app = new Ringback({ ...info, log: new RecordingLog(), webhooks: { first, second } })
    const committing = dependency(
      { scope: 'handler', query: z.object({ fails: z.boolean() }) },
      async function* (context) {
        yield 7
        if (context.query.fails) throw new HttpError(409, 'Not committed')
      },
    )
    app.post('/pay', { dependencies: { committing } }, async ({ webhooks }) => {
      await webhooks.second.send({ amount: 7 }, { owner, idempotencyKey: 'k' })
    })
    await using client = await testClient(app)
    await client.endpoints.create({ owner, url, events: ['first'] })
    const received = listening(client)
    assert.equal((await client.post('/pay?fails=true')).status, 409)
    client.clock.advance({ minutes: 2 })
    await client.deliver()
    assert.deepEqual([client.deliveries, received], [[], []])
    for (const _ of [1, 2]) assert.equal((await client.post('/pay?fails=false')).status, 204)
    await client.deliver()
    assert.deepEqual(
      client.deliveries.map(({ callback, body }) => [callback, (body as { data: unknown }).data]),
      [
        ['second', { amount: 7 }],
        ['first', { cents: 700 }],
      ],
    )
    assert.equal(received.length, 1)
  })

  it('is refused at the start where the earlier form has no name', async () => {
    const app = new Ringback({ ...info, webhooks: { second } })
    await assert.rejects(app.start(), /"second" replaces one that is not among the webhooks/)
    const whole = new Ringback({ ...info, webhooks: { second } })
    const router = new Router({ webhooks: { first } })
    router.get('/', {}, () => {})
    whole.include(router)
    assert.equal(Object.keys(whole.openapi().webhooks ?? {}).length, 2)
  })
})

test('"onResponse" gets the response, and which endpoint of whom has given it', async () => {
  const responses: unknown[] = []
  const asked = webhook.post({
    data: Paid,
    response: z.object({ ok: z.boolean() }),
    onResponse: ({ status, body }, delivery) => void responses.push([status, body, delivery]),
  })
  const app = new Ringback({ ...info, webhooks: { asked } })
  await using client = await testClient(app)
  const { id: endpoint } = await client.endpoints.create({ owner, url, events: ['asked'] })
  listening(client)
  const { id } = await app.webhooks.asked.send({ id: '7' }, { owner })
  await client.deliver()
  const [[status, body, delivery] = []] = responses as [number, unknown, { readonly id: string }][]
  assert.deepEqual([status, body, responses.length], [200, { ok: true }, 1])
  assert.ok(delivery?.id.startsWith(`${id}_`))
  assert.deepEqual(delivery, { id: delivery?.id, endpoint, owner })
})

test('The health of an endpoint is told to the other endpoints that ask for it, and to the application', async () => {
  const told: unknown[] = []
  const log = new RecordingLog()
  const app = new Ringback({
    ...info,
    webhooks: { 'invoice.paid': paid, ...endpointEvents },
    log,
    endpoints: { onDisabled: ({ endpoint, lastStatus }) => void told.push([endpoint.id, lastStatus]) },
  })
  await using client = await testClient(app)
  const gone = await client.endpoints.create({
    owner,
    url: 'https://gone.external.org/',
    events: ['*', 'endpoint.disabled'],
  })
  await client.endpoints.create({
    owner,
    url,
    events: ['endpoint.disabled'],
    headers: { authorization: 'Bearer hidden' },
  })
  await client.endpoints.create({ owner, url: `${url}/all`, events: ['*'] })
  await client.endpoints.create({ owner: 'customer-18', url: `${url}/other`, events: ['endpoint.disabled'] })
  client.externalApi('https://gone.external.org', () => new Response(null, { status: 410 }))
  const received = listening(client)
  await app.webhooks['invoice.paid'].send({ id: '7' }, { owner })
  await client.deliver()
  client.clock.advance({ minutes: 1 })
  await client.deliver()
  const [notice, another] = received.filter(({ body }) => (body as { type: string }).type === 'endpoint.disabled')
  assert.ok(notice)
  assert.equal(notice.path, '/hooks')
  assert.equal(another, undefined)
  const { data } = notice.body as { readonly data: { readonly endpoint: object } }
  assert.partialDeepStrictEqual(data, {
    endpoint: {
      ...{ id: gone.id, owner, status: 'disabled', disabledReason: 'gone' },
      url: 'https://gone.external.org/',
    },
    ...{ failedAttempts: 1, lastStatus: 410 },
  })
  assert.equal('secrets' in data.endpoint, false)
  assert.deepEqual(told, [[gone.id, 410]])
  // What no handler was given for ends as well.
  let status = 500
  client.externalApi('https://flaky.external.org', () => new Response(null, { status }))
  const flaky = await client.endpoints.create({ owner: 'flaky', url: 'https://flaky.external.org/', events: ['*'] })
  const heard: string[] = []
  for (const kind of ['endpoint.failing', 'endpoint.recovered'] as const)
    app.on(kind, ({ endpoint }) => void heard.push(`${kind} ${endpoint === flaky.id}`))
  for (let index = 0; index < 8; index++) {
    if (index === 6) status = 200
    await app.webhooks['invoice.paid'].send({ id: `${index}` }, { owner: 'flaky' })
    await client.deliver()
    client.clock.advance({ hours: 10 })
  }
  assert.deepEqual(heard, ['endpoint.failing true', 'endpoint.recovered true'])
  assert.deepEqual(
    log.messages.filter(({ fields }) => fields['error'] instanceof TypeError),
    [],
  )
})

test('A test of an endpoint sends the example of an event', async () => {
  const own = webhook.post({ data: Paid.meta({ examples: [{ id: 'of the schema' }] }) })
  const app = new Ringback({ ...info, webhooks: { 'invoice.paid': paid, own, none: late } })
  await using client = await testClient(app)
  const received = listening(client)
  const { id } = await client.endpoints.create({ owner, url, events: ['own'] })
  assert.equal((await app.endpoints.test(id, { owner, event: 'invoice.paid' })).outcome, 'accepted')
  await app.endpoints.test(id, { owner, event: 'own' })
  assert.deepEqual(idsIn(received), ['1', 'of the schema'])
  await assert.rejects(app.endpoints.test(id, { owner, event: 'none' }), { code: 'ERR_INVALID_ENDPOINT' })
})

test('An operation that declares webhooks says what may go wrong with them', () => {
  const { app } = createApp()
  app.post('/late', { webhooks: { late } }, () => {})
  app.get('/none', {}, () => {})
  const { paths = {} } = app.openapi()
  assert.deepEqual(Object.keys(paths['/late']?.post?.responses ?? {}), ['409', '503', '2XX', 'default'])
  assert.deepEqual(Object.keys(paths['/none']?.get?.responses ?? {}), ['2XX', 'default'])
})

describe('Webhooks that cannot stand together', () => {
  const other = webhook.post({ data: z.object({ other: z.string() }) })
  const { app } = createApp()
  const included = new Router()
  included.get('/included', {}, () => {})
  const mounted = new Ringback({ ...info, title: 'Inner', webhooks: { 'invoice.paid': other } })
  const ways: Readonly<Record<string, () => unknown>> = {
    'an operation': () => app.post('/a', { webhooks: { 'invoice.paid': other } }, () => {}),
    'a router': () => {
      const router = new Router({ webhooks: { 'invoice.paid': other } })
      router.get('/b', {}, () => {})
      app.include(router)
    },
    'an include': () => app.include(included, { webhooks: { 'invoice.paid': other } }),
    'a mounted application': () => app.mount('/inner', mounted),
    'another operation': () => {
      app.post('/c', { webhooks: { late } }, () => {})
      app.post('/d', { webhooks: { late: other } }, () => {})
    },
  }
  for (const [place, declare] of Object.entries(ways))
    it(`are refused on ${place}`, () => {
      assert.throws(declare, { code: 'ERR_DEFINITION', message: /Two different webhook definitions are called "/ })
    })

  it('are refused under a name of the framework', () => {
    const make = (webhooks: object) => () => new Ringback({ ...info, webhooks: webhooks as {} })
    assert.throws(make({ 'endpoint.created': late }), /"endpoint\." begins the names of "endpointEvents"/)
    assert.throws(make({ 'endpoint.failing': endpointEvents['endpoint.disabled'] }), /"endpoint\." begins the names/)
  })
})

test('What endpoints refuse is told to the client, and nothing of what others have', async () => {
  const { app } = createApp()
  const body = z.object({ url: z.string(), events: z.array(z.string()) })
  app.get('/endpoints/{id}', { params: Paid, response: z.unknown() }, ({ params }) =>
    app.endpoints.get(params.id, { owner }),
  )
  app.post('/endpoints', { body, response: z.unknown() }, ({ body }) =>
    app.endpoints.create({ ...body, events: body.events as '*'[], owner }),
  )
  app.post('/endpoints/{id}/recover', { params: Paid, response: z.unknown() }, ({ params }) =>
    app.endpoints.recover(params.id, { owner, since: new Date(client.clock.now()) }),
  )
  await using client = await testClient(app)
  const { id } = await client.endpoints.create({ owner: 'customer-18', url, events: ['*'] })
  const [foreign, invented] = [await client.get(`/endpoints/${id}`), await client.get('/endpoints/ep_none')]
  assert.deepEqual([foreign.status, invented.status], [404, 404])
  const [one, two] = [await foreign.json(), await invented.json()]
  assert.deepEqual({ ...one, request_id: '' }, { ...two, request_id: '' })
  const wrong = await client.post('/endpoints', { json: { url, events: ['invoice.payed'] } })
  assert.equal(wrong.status, 422)
  assert.partialDeepStrictEqual((await wrong.json()).errors, [
    { in: 'body', pointer: '#/events/0', detail: 'there is no such event; did you mean "invoice.paid"?' },
  ])
  const own = await client.endpoints.create({ owner, url, events: ['*'] })
  await client.endpoints.disable(own.id, { owner })
  assert.equal((await client.post(`/endpoints/${own.id}/recover`)).status, 409)
  const busy = await client.endpoints.create({ owner, url, events: ['*'] })
  const recover = async () => (await client.post(`/endpoints/${busy.id}/recover`)).status
  assert.deepEqual([await recover(), await recover()], [200, 409])
  const first = createApp({ endpoints: { maxPerOwner: 1 } }).app
  first.post('/endpoints', { response: z.unknown() }, () => first.endpoints.create({ owner, url, events: ['*'] }))
  await using other = await testClient(first)
  assert.deepEqual([(await other.post('/endpoints')).status, (await other.post('/endpoints')).status], [200, 409])
})
