import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HttpError, RequestValidationError, Ringback, Router, webhook } from 'ringback'
import { testClient } from 'ringback/testing'
import { z } from 'zod'
import { assertValid } from '../support/check-document.ts'

// The requests of chapters of FastAPI's tutorial, made to the same applications.

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const createApp = () => new Ringback({ title: 'Chapters', version: '1.0.0', log: silent })

describe('Query parameters: the conversion of booleans', () => {
  const app = createApp()
  const query = z.object({ short: z.boolean().default(false) })
  app.get('/items/{item_id}', { query, response: z.any() }, async ({ query }) => query.short)

  for (const [text, value] of Object.entries({ 1: true, True: true, true: true, on: true, yes: true, YES: true }))
    it(`takes short=${text}`, async () => {
      await using client = await testClient(app)
      assert.equal(await (await client.get(`/items/foo?short=${text}`)).json(), value)
    })
})

describe('Handling errors', () => {
  class UnicornError extends Error {
    override readonly name: string
    constructor(name: string) {
      super('a unicorn')
      this.name = name
    }
  }

  it('installs a handler of an exception of one own, which reads the request', async () => {
    const app = createApp()
    app.get('/unicorns/{name}', { response: z.any() }, async ({ params }) => {
      if (params.name === 'yolo') throw new UnicornError(params.name)
      return { unicorn_name: params.name }
    })
    app.onError(UnicornError, (error, { request, operation }) => {
      const { pathname } = new URL(request.url)
      return Response.json({ message: `Oops! ${error.name} did something`, pathname, operation }, { status: 418 })
    })
    await using client = await testClient(app)
    const response = await client.get('/unicorns/yolo')
    assert.equal(response.status, 418)
    assert.deepEqual(await response.json(), {
      message: 'Oops! yolo did something',
      pathname: '/unicorns/yolo',
      operation: 'getUnicornsByName',
    })
    assert.deepEqual(await (await client.get('/unicorns/ann')).json(), { unicorn_name: 'ann' })
  })

  const items = () => {
    const app = createApp()
    app.get('/items/{item_id}', { params: z.object({ item_id: z.int() }), response: z.any() }, async ({ params }) => {
      if (params.item_id === 3) throw new HttpError(418, "Nope! I don't like 3.")
      return { item_id: params.item_id }
    })
    return app
  }

  it('overrides the response to invalid requests and to HTTP errors by plain text', async () => {
    const app = items()
    app.onError(HttpError, error => new Response(error.message, { status: error.status }))
    app.onError(RequestValidationError, error => {
      const lines = error.errors.map(({ in: place, pointer, detail }) => `Field: ${place}${pointer}, Error: ${detail}`)
      return new Response(['Validation errors:', ...lines].join('\n'), { status: 400 })
    })
    await using client = await testClient(app)
    const invalid = await client.get('/items/foo')
    assert.equal(invalid.status, 400)
    assert.match(await invalid.text(), /^Validation errors:\nField: path#\/item_id, Error: .*number/)
    const nope = await client.get('/items/3')
    assert.deepEqual([nope.status, await nope.text()], [418, "Nope! I don't like 3."])
  })

  it('responds with the body that was sent', async () => {
    const app = createApp()
    app.post('/items/', { body: z.object({ title: z.string(), size: z.int() }) }, async () => {})
    app.onError(RequestValidationError, ({ errors }) =>
      Response.json({ errors: errors.map(({ pointer, code, value }) => ({ pointer, code, value })) }, { status: 422 }),
    )
    await using client = await testClient(app)
    const response = await client.post('/items/', { json: { title: 'towel', size: 'XL' } })
    assert.deepEqual(await response.json(), { errors: [{ pointer: '#/size', code: 'type', value: 'XL' }] })
  })
})

describe('Generating clients: operationIds of tag and name', () => {
  it('is the recipe of FastAPI', async () => {
    const app = new Ringback({
      title: 'Clients',
      version: '1.0.0',
      generateOperationId: ({ tags, handlerName }) => `${tags[0]}-${handlerName}`,
    })
    app.post('/items/', { tags: ['items'], response: z.any() }, async function create_item() {})
    app.post('/users/', { tags: ['users'], response: z.any() }, async function create_user() {})
    const document = app.openapi()
    await assertValid(document)
    assert.equal(document.paths?.['/items/']?.post?.operationId, 'items-create_item')
    assert.equal(document.paths?.['/users/']?.post?.operationId, 'users-create_user')
  })
})

describe('Declaring examples, hiding a router, declaring webhooks', () => {
  it('shows each example with its description', async () => {
    const app = createApp()
    const Item = z.object({ name: z.string(), price: z.number() })
    const normal = {
      summary: 'A normal example',
      description: 'A **normal** item.',
      value: { name: 'Foo', price: 35.4 },
    }
    app.put('/items/{item_id}', { body: Item, examples: { normal } }, async () => {})
    const document = app.openapi()
    await assertValid(document)
    const content = document.paths?.['/items/{item_id}']?.put?.requestBody?.content
    assert.deepEqual(content?.['application/json']?.examples, { normal })
  })

  it('leaves a router that is included without documentation out of the document', async () => {
    const app = createApp()
    const admin = new Router({ tags: ['admin'] })
    admin.post('/', { response: z.any() }, async () => ({ message: 'Admin getting schwifty' }))
    app.include(admin, { prefix: '/admin', documented: false })
    assert.deepEqual(app.openapi().paths, {})
    await using client = await testClient(app)
    assert.deepEqual(await (await client.post('/admin/')).json(), { message: 'Admin getting schwifty' })
  })

  it('shows a webhook of the application', async () => {
    const Subscription = z.object({ username: z.string(), monthly_fee: z.number(), start_date: z.iso.datetime() })
    const app = new Ringback({
      title: 'Subscriptions',
      version: '1.0.0',
      webhooks: { 'new-subscription': webhook.post({ body: Subscription.meta({ id: 'Subscription' }) }) },
    })
    app.get('/users/', { response: z.array(z.string()) }, async () => ['Rick', 'Morty'])
    const document = app.openapi()
    await assertValid(document)
    assert.deepEqual(Object.keys(document.webhooks ?? {}), ['new-subscription'])
  })
})
