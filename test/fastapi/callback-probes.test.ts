import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { callback, Ringback, Router, webhook } from 'ringback'
import { DefinitionError } from 'ringback/errors'
import type { CallbackObject, OpenApiDocument, OperationObject } from 'ringback/openapi'
import { httpBearer } from 'ringback/security'
import { testClient } from 'ringback/testing'
import { z } from 'zod'
import { assertLinted, assertValid } from '../support/check-document.ts'

// What users of FastAPI do with callbacks and webhooks, one intention after the other: each is possible here, and its
// document is valid for two validators.

const documents: Record<string, OpenApiDocument> = {}

async function documentOf(name: string, app: Ringback): Promise<OpenApiDocument> {
  const document = app.openapi()
  documents[name] = document
  await assertValid(document)
  return document
}

const createApp = () => new Ringback({ title: 'Probe', version: '1.0.0' })
const query = z.object({ callback_url: z.url() })
const Event = z.object({ paid: z.boolean() }).meta({ id: 'Event' })

function operationOf(document: OpenApiDocument, path: string, method: 'get' | 'post' = 'post'): OperationObject {
  const operation = document.paths?.[path]?.[method]
  assert.ok(operation, `${method} ${path}`)
  return operation
}

const callbacksOf = (document: OpenApiDocument, path: string, method?: 'get' | 'post') =>
  operationOf(document, path, method).callbacks ?? {}

function onlyOperation(object: CallbackObject | undefined): OperationObject {
  const [item] = Object.values(object ?? {})
  const [operation] = Object.values(item ?? {})
  assert.ok(operation)
  return operation
}

describe('Intentions of FastAPI users with callbacks', () => {
  after(() => assertLinted(documents))

  it('p01: the operation has no body, the callback has', async () => {
    const app = createApp()
    const note = callback.post('https://www.external.org/events', { body: Event })
    app.post('/ping', { callbacks: { note } }, async () => {})
    const document = await documentOf('p01', app)
    assert.ok(onlyOperation(callbacksOf(document, '/ping').note).requestBody)
  })

  it('p02: a security scheme that only the callback has', async () => {
    const app = createApp()
    const note = callback.post('{$callback_url}', { body: Event, dependencies: { bearer: httpBearer() } })
    app.post('/a', { query, callbacks: { note } }, async () => {})
    const document = await documentOf('p02', app)
    const [requirement] = onlyOperation(callbacksOf(document, '/a').note).security ?? []
    const [name] = Object.keys(requirement ?? {})
    assert.ok(document.components?.securitySchemes?.[name ?? ''])
  })

  it('p03: one name for two callbacks is an error, not a loss, and two names are two callbacks', async () => {
    const router = new Router({ callbacks: { note: callback.post('{$callback_url}/router', {}) } })
    // @ts-expect-error The compiler refuses it, too.
    router.post('/a', { query, callbacks: { note: callback.post('{$callback_url}/own', {}) } }, async () => {})
    assert.throws(() => createApp().include(router), DefinitionError)
    const named = new Router({ callbacks: { note: callback.post('{$callback_url}/router', {}) } })
    named.post('/a', { query, callbacks: { ownNote: callback.post('{$callback_url}/own', {}) } }, async () => {})
    const app = createApp()
    app.include(named)
    assert.deepEqual(Object.keys(callbacksOf(await documentOf('p03', app), '/a')), ['note', 'ownNote'])
  })

  it('p04: one URL with two methods is two callbacks', async () => {
    const app = createApp()
    const callbacks = {
      created: callback.post('{$callback_url}', { body: Event }),
      removed: callback.delete('{$callback_url}', {}),
    }
    app.post('/a', { query, callbacks }, async () => {})
    assert.deepEqual(Object.keys(callbacksOf(await documentOf('p04', app), '/a')), ['created', 'removed'])
  })

  it('p05: several methods of one thing have operationIds of their own', async () => {
    const app = createApp()
    const callbacks = {
      put: callback.put('{$callback_url}', { body: Event }),
      get: callback.get('{$callback_url}', {}),
    }
    app.post('/a', { query, operationId: 'a', callbacks }, async () => {})
    const documented = callbacksOf(await documentOf('p05', app), '/a')
    assert.deepEqual(
      [documented.put, documented.get].map(one => onlyOperation(one).operationId),
      ['aPut', 'aGet'],
    )
  })

  it('p06: a callback of a callback', async () => {
    const app = createApp()
    const Acknowledged = z.object({ ack_url: z.url() })
    const acknowledge = callback.post('{$request.body#/ack_url}', { body: Event })
    const note = callback.post('{$callback_url}', { body: Acknowledged, callbacks: { acknowledge } })
    app.post('/a', { query, callbacks: { note } }, async () => {})
    const document = app.openapi()
    await assertValid(document)
    // This rule of the linter refuses to look into a callback of a callback.
    await assertLinted({ p06: document }, 'path-parameters-defined')
    const outer = onlyOperation(callbacksOf(document, '/a').note)
    assert.deepEqual(Object.keys(outer.callbacks?.acknowledge ?? {}), ['{$request.body#/ack_url}'])
  })

  it('p07: one set for all operations of a router, with ids of their own', async () => {
    const app = createApp()
    const router = new Router({ callbacks: { note: callback.post('{$callback_url}', { body: Event }) } })
    router.post('/a', { query, operationId: 'a' }, async () => {})
    router.post('/b', { query, operationId: 'b' }, async () => {})
    app.include(router)
    app.get('/without', { operationId: 'without' }, async () => {})
    const document = await documentOf('p07', app)
    const ids = ['/a', '/b'].map(path => onlyOperation(callbacksOf(document, path).note).operationId)
    assert.deepEqual(ids, ['aNote', 'bNote'])
    assert.deepEqual(callbacksOf(document, '/without', 'get'), {})
  })

  it('p08: all metadata, the response description and extensions too', async () => {
    const app = createApp()
    const note = callback.post('{$callback_url}', {
      body: Event,
      response: z.object({ ok: z.boolean() }),
      status: 202,
      responseDescription: 'Taken into the queue',
      responses: { 410: { description: 'Nobody listens any more' } },
      tags: ['events'],
      summary: 'Tell it',
      description: 'What happened',
      operationId: 'tellIt',
      deprecated: true,
      openapi: { 'x-retry': { times: 3 }, responses: { 202: { 'x-slow': true } } },
    })
    app.post('/a', { query, callbacks: { note } }, async () => {})
    const operation = onlyOperation(callbacksOf(await documentOf('p08', app), '/a').note)
    assert.deepEqual(operation.tags, ['events'])
    assert.equal(operation.summary, 'Tell it')
    assert.ok(operation.description?.startsWith('What happened'))
    assert.equal(operation.operationId, 'tellIt')
    assert.equal(operation.deprecated, true)
    assert.deepEqual(operation['x-retry'], { times: 3 })
    const response = { ...operation.responses?.[202] } as Record<string, unknown>
    assert.equal(response.description, 'Taken into the queue')
    assert.equal(response['x-slow'], true)
    assert.ok(response.content)
    assert.deepEqual(operation.responses?.[410], { description: 'Nobody listens any more' })
  })

  it('p09: a set is made of sets', async () => {
    const app = createApp()
    const sub = { started: callback.post('{$callback_url}/started', {}) }
    const callbacks = { ...sub, ended: callback.post('{$callback_url}/ended', {}) }
    app.post('/a', { query, callbacks }, async () => {})
    assert.deepEqual(Object.keys(callbacksOf(await documentOf('p09', app), '/a')), ['started', 'ended'])
  })

  it('p10: routers in routers lose no callback', async () => {
    const app = createApp()
    const inner = new Router({ callbacks: { inner: callback.post('{$callback_url}/inner', {}) } })
    inner.post('/a', { query }, async () => {})
    const outer = new Router({ callbacks: { outer: callback.post('{$callback_url}/outer', {}) } })
    outer.include(inner)
    app.include(outer)
    assert.deepEqual(Object.keys(callbacksOf(await documentOf('p10', app), '/a')), ['outer', 'inner'])
  })

  it('p11: a hidden callback is sent and nowhere in the document', async () => {
    const app = createApp()
    const Hidden = z.object({ paid: z.boolean() }).meta({ id: 'Hidden' })
    const note = callback.post('{$callback_url}', { body: Hidden, documented: false })
    app.post('/a', { query, callbacks: { note } }, async ({ callbacks }) => {
      await callbacks.note.send({ paid: true })
    })
    const document = await documentOf('p11', app)
    assert.equal(operationOf(document, '/a').callbacks, undefined)
    assert.equal(document.components?.schemas?.Hidden, undefined)
    await using client = await testClient(app)
    const received: unknown[] = []
    client.externalApi('https://www.external.org', async request => {
      received.push(await request.json())
      return new Response()
    })
    await client.post('/a', { query: { callback_url: 'https://www.external.org' } })
    await client.deliver()
    assert.deepEqual(received, [{ paid: true }])
  })

  it('p12: headers, query parameters, and a value in the path that only the sender knows', async () => {
    const app = createApp()
    const note = callback.post('{$callback_url}/x/{item_id}', {
      params: z.object({ item_id: z.int().describe('Which item') }),
      headers: z.object({ 'x-tenant': z.string() }),
      query: z.object({ dry: z.boolean().optional() }),
    })
    app.post('/a', { query, callbacks: { note } }, async ({ callbacks }) => {
      await callbacks.note.send(undefined, { path: { item_id: 7 }, headers: { 'x-tenant': 'acme' } })
    })
    const document = await documentOf('p12', app)
    const { note: object } = callbacksOf(document, '/a')
    assert.deepEqual(Object.keys(object ?? {}), ['{$request.query.callback_url}/x/{item_id}'])
    const parameters = onlyOperation(object).parameters ?? []
    const [path, header] = ['path', 'header'].map(place => parameters.find(one => 'in' in one && one.in === place))
    assert.deepEqual(path, {
      name: 'item_id',
      in: 'path',
      required: true,
      description: 'Which item',
      schema: { type: 'integer', format: 'int64' },
    })
    assert.ok(header)
    await using client = await testClient(app)
    await client.post('/a', { query: { callback_url: 'https://www.external.org/hook' } })
    assert.equal(client.deliveries[0]?.url, 'https://www.external.org/hook/x/7')
  })

  it('p13: a set on two operations', async () => {
    const app = createApp()
    const callbacks = { note: callback.post('{$callback_url}', { body: Event }) }
    app.post('/a', { query, operationId: 'a1', callbacks }, async () => {})
    app.post('/b', { query, operationId: 'b1', callbacks }, async () => {})
    const document = await documentOf('p13', app)
    const ids = ['/a', '/b'].map(path => onlyOperation(callbacksOf(document, path).note).operationId)
    assert.deepEqual(ids, ['a1Note', 'b1Note'])
  })

  it('p14: responses and dependencies of the app are not those of a receiver', async () => {
    const app = new Ringback({ title: 'P14', version: '1.0.0', responses: { 418: { description: 'Teapot' } } })
    app.post('/a', { query, callbacks: { note: callback.post('{$callback_url}', {}) } }, async () => {})
    const document = await documentOf('p14', app)
    assert.ok(operationOf(document, '/a').responses?.[418])
    assert.deepEqual(Object.keys(onlyOperation(callbacksOf(document, '/a').note).responses ?? {}), ['410', '2XX'])
  })

  it('p15: one model for the operation and its callback', async () => {
    const app = createApp()
    const Same = z.object({ id: z.string(), times: z.int().default(1) }).meta({ id: 'Same' })
    app.post(
      '/a',
      { query, body: Same, callbacks: { note: callback.post('{$callback_url}', { body: Same }) } },
      async () => {},
    )
    const document = await documentOf('p15', app)
    assert.deepEqual(
      Object.keys(document.components?.schemas ?? {}).filter(name => name.startsWith('Same')),
      ['Same', 'SameOutput'],
    )
  })

  it('p16: two models with one name are an error, and two names are two models', async () => {
    const app = createApp()
    const other = z.object({ other: z.string() }).meta({ id: 'Event' })
    assert.throws(() => {
      app.post(
        '/a',
        { query, body: Event, callbacks: { note: callback.post('{$callback_url}', { body: other }) } },
        async () => {},
      )
      app.openapi()
    }, /"Event"/)
    const renamed = createApp()
    const note = callback.post('{$callback_url}', { body: z.object({ other: z.string() }).meta({ id: 'OtherEvent' }) })
    renamed.post('/a', { query, body: Event, callbacks: { note } }, async () => {})
    const { Event: one, OtherEvent: two } = (await documentOf('p16', renamed)).components?.schemas ?? {}
    assert.ok(one && two)
  })

  it('p17: a webhook in the document', async () => {
    const app = new Ringback({
      title: 'P17',
      version: '1.0.0',
      webhooks: { 'new-subscription': webhook.post({ body: Event, description: 'Somebody subscribes' }) },
    })
    const { post } = (await documentOf('p17', app)).webhooks?.['new-subscription'] ?? {}
    assert.equal(post?.operationId, 'newSubscription')
    assert.match(post.description ?? '', /^Somebody subscribes\n\n/)
    assert.deepEqual(post.requestBody?.content['application/json']?.schema, { $ref: '#/components/schemas/Event' })
  })

  it('p18: webhooks of an API that has no operation', async () => {
    const webhooks = { 'invoice.paid': webhook.post({ data: Event }) }
    const document = await documentOf('p18', new Ringback({ title: 'P18', version: '1.0.0', webhooks }))
    assert.deepEqual(Object.keys(document.webhooks ?? {}), ['invoice.paid'])
  })

  it('p19: no prefix changes the name of a webhook', async () => {
    const webhooks = { 'invoice.paid': webhook.post({ data: Event }) }
    const app = new Ringback({ title: 'P19', version: '1.0.0', basePath: '/v1', webhooks })
    app.get('/ping', {}, async () => {})
    assert.deepEqual(Object.keys((await documentOf('p19', app)).webhooks ?? {}), ['invoice.paid'])
  })

  it('p20: an expression of the standard stands in the document as it is written', async () => {
    const app = createApp()
    const url = '{$request.query.callback_url}/invoices/{$request.body#/id}'
    app.post(
      '/a',
      { query, body: z.object({ id: z.string() }), callbacks: { note: callback.post(url, {}) } },
      async () => {},
    )
    assert.deepEqual(Object.keys(callbacksOf(await documentOf('p20', app), '/a').note ?? {}), [url])
  })

  it('p21: what is received and what is sent may differ', async () => {
    const app = createApp()
    const Body = z.object({ id: z.string(), note: z.string().default('') }).meta({ id: 'Body' })
    const note = callback.post('{$callback_url}', { body: Body, response: Body })
    app.post('/a', { query, callbacks: { note } }, async () => {})
    const document = await documentOf('p21', app)
    assert.ok(document.components?.schemas?.Body && document.components.schemas.BodyOutput)
  })

  it('p22: a callback of a GET', async () => {
    const app = createApp()
    app.get('/a', { query, callbacks: { note: callback.post('{$callback_url}', {}) } }, async () => {})
    assert.ok(callbacksOf(await documentOf('p22', app), '/a', 'get').note)
  })

  it('p23: an expression that reads the response', async () => {
    const app = createApp()
    const response = z.object({ id: z.string() })
    const created = callback.post('{$callback_url}/{$response.body#/id}', {})
    app.post('/a', { query, response, callbacks: { created } }, async () => ({ id: '1' }))
    const keys = Object.keys(callbacksOf(await documentOf('p23', app), '/a').created ?? {})
    assert.deepEqual(keys, ['{$request.query.callback_url}/{$response.body#/id}'])
  })
})
