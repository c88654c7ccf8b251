import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { callback, Ringback, Router } from 'ringback'
import { DefinitionError } from 'ringback/errors'
import type { OpenApiDocument, OperationObject } from 'ringback/openapi'
import { httpBearer } from 'ringback/security'
import { testClient } from 'ringback/testing'
import { z } from 'zod'
import { app as invoices } from '../examples/invoices.ts'
import { assertLinted, assertValid } from './support/check-document.ts'

const documents: Record<string, OpenApiDocument> = {}

/** Every document that these tests make is validated at once, and linted together at the end. */
async function documentOf(name: string, app: Ringback): Promise<OpenApiDocument> {
  const document = app.openapi()
  documents[name] = document
  await assertValid(document)
  return document
}
const createApp = () => new Ringback({ title: 'Callbacks', version: '1.0.0' })

const query = z.object({ callback_url: z.url() })
const Event = z.object({ paid: z.boolean() }).meta({ id: 'Event' })
const Problem = z.object({ type: z.string(), title: z.string() }).meta({ id: 'ReceiverProblem' })

interface Callbacks {
  readonly [name: string]: { readonly [url: string]: { readonly [method: string]: OperationObject } }
}
const operationOf = (document: OpenApiDocument, path: string, method: 'get' | 'post' = 'post'): OperationObject => {
  const operation = document.paths?.[path]?.[method]
  assert.ok(operation, `${method} ${path}`)
  return operation
}
const callbacksOf = (document: OpenApiDocument, path: string): Callbacks =>
  (operationOf(document, path).callbacks ?? {}) as Callbacks
const operationIds = (value: unknown): string[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([key, inner]) =>
        key === 'operationId' && typeof inner === 'string' ? [inner] : operationIds(inner),
      )

describe('The document of an application with callbacks', () => {
  after(() => assertLinted(documents))

  it('describes the invoice application: URL in standard form, body, responses, signature headers', async () => {
    const document = await documentOf('invoices', invoices)
    const key = '{$request.query.callback_url}/invoices/{$request.body#/id}'
    const notification = callbacksOf(document, '/invoices/').invoiceNotification?.[key]?.post
    assert.equal(notification?.operationId, 'createInvoiceInvoiceNotification')
    assert.ok(JSON.stringify(notification.requestBody).includes('#/components/schemas/InvoiceEvent'))
    assert.ok(JSON.stringify(notification.responses).includes('#/components/schemas/InvoiceEventReceived'))
    const parameters = JSON.stringify(notification.parameters) + JSON.stringify(document.components?.parameters)
    for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) assert.ok(parameters.includes(name))
  })

  it('contains a schema that only a callback uses', async () => {
    const app = createApp()
    const paid = callback.post('{$callback_url}', { body: Event, responses: { 409: { body: Problem } } })
    app.post('/pay', { query, callbacks: { paid } }, async () => {})
    const { components } = await documentOf('schema-of-a-callback', app)
    assert.ok(components?.schemas?.ReceiverProblem)
    assert.ok(components.schemas.Event)
  })

  it('contains a security scheme that only a callback uses', async () => {
    const app = createApp()
    const receiver = httpBearer({ schemeName: 'receiverToken' })
    const paid = callback.post('{$callback_url}', { body: Event, dependencies: { receiver } })
    app.post('/pay', { query, callbacks: { paid } }, async () => {})
    const document = await documentOf('security-of-a-callback', app)
    assert.ok(document.components?.securitySchemes?.receiverToken)
    const [item] = Object.values(callbacksOf(document, '/pay').paid ?? {})
    assert.deepEqual(item?.post?.security, [{ receiverToken: [] }])
  })

  it('refuses two callbacks with the same name, and takes the same one twice', async () => {
    const shared = callback.post('{$callback_url}/shared', { body: Event })
    const other = callback.post('{$callback_url}/other', { body: Event })
    const app = createApp()
    const router = new Router({ callbacks: { paid: shared } })
    router.post('/pay', { query }, async () => {})
    assert.throws(() => app.include(router, { callbacks: { paid: other } }), DefinitionError)
    const second = createApp()
    second.include(router, { callbacks: { paid: shared } })
    assert.deepEqual(Object.keys(callbacksOf(await documentOf('one-callback-twice', second), '/pay')), ['paid'])
  })

  it('keeps post and delete on one URL', async () => {
    const app = createApp()
    const callbacks = {
      added: callback.post('{$callback_url}/items', { body: Event }),
      removed: callback.delete('{$callback_url}/items', {}),
    }
    app.post('/watch', { query, callbacks }, async () => {})
    const described = callbacksOf(await documentOf('post-and-delete', app), '/watch')
    const key = '{$request.query.callback_url}/items'
    assert.ok(described.added?.[key]?.post)
    assert.ok(described.removed?.[key]?.delete)
  })

  it('contains the callback sets of every level of included routers, and delivers them', async () => {
    const inner = new Router({ callbacks: { inner: callback.post('{$callback_url}/inner', { body: Event }) } })
    inner.post(
      '/pay',
      { query, callbacks: { own: callback.post('{$callback_url}/own', { body: Event }) } },
      async function pay({ callbacks }) {
        await callbacks.inner.send({ paid: true })
        await callbacks.own.send({ paid: true })
      },
    )
    const outer = new Router({
      prefix: '/v1',
      callbacks: { outer: callback.post('{$callback_url}/outer', { body: Event }) },
    })
    outer.include(inner)
    const app = createApp()
    app.include(outer, { callbacks: { included: callback.post('{$callback_url}/included', { body: Event }) } })
    const names = Object.keys(callbacksOf(await documentOf('included-routers', app), '/v1/pay'))
    assert.deepEqual(names.toSorted(), ['included', 'inner', 'outer', 'own'])
    await using client = await testClient(app)
    await client.post('/v1/pay?callback_url=https://www.external.org')
    assert.deepEqual(
      client.deliveries.map(({ url }) => url),
      ['https://www.external.org/inner', 'https://www.external.org/own'],
    )
  })

  it('gives each use of a set on several operations its own operationId', async () => {
    const app = createApp()
    const callbacks = { paid: callback.post('{$callback_url}', { body: Event }) }
    app.post('/pay', { query, callbacks }, async function pay() {})
    app.post('/refund', { query, callbacks }, async function refund() {})
    const ids = operationIds(await documentOf('one-set-twice', app))
    assert.deepEqual(ids.toSorted(), ['pay', 'payPaid', 'refund', 'refundPaid'])
  })

  it('leaves out an undocumented operation with its callbacks, which are delivered all the same', async () => {
    const app = createApp()
    const callbacks = { paid: callback.post('{$callback_url}', { body: Event }) }
    app.post('/pay', { query, callbacks, documented: false }, async ({ callbacks }) => {
      await callbacks.paid.send({ paid: true })
    })
    app.get('/health', {}, async () => {})
    const document = await documentOf('undocumented', app)
    assert.deepEqual(Object.keys(document.paths ?? {}), ['/health'])
    assert.equal(document.components?.schemas?.Event, undefined)
    await using client = await testClient(app)
    await client.post('/pay?callback_url=https://www.external.org/')
    assert.equal(client.deliveries.length, 1)
  })

  it('refuses a key that is neither an expression nor a URL, with a caret', () => {
    const app = createApp()
    // The compiler refuses it too: see test/types.
    const paid: { readonly kind: 'callback' } = callback.post('invoice-paid', { body: Event })
    assert.throws(
      () => app.post('/pay', { query, callbacks: { paid } }, async () => {}),
      (error: unknown) =>
        error instanceof DefinitionError && error.message.includes('"invoice-paid"') && error.message.includes('\n^'),
    )
  })

  it('joins a base URL that ends with a slash by one slash', async () => {
    const app = createApp()
    app.post(
      '/pay',
      { query, callbacks: { paid: callback.post('{$callback_url}/paid', { body: Event }) } },
      async ({ callbacks }) => {
        await callbacks.paid.send({ paid: true })
      },
    )
    await documentOf('last-slash', app)
    await using client = await testClient(app)
    await client.post('/pay?callback_url=https://www.external.org/events/')
    assert.equal(client.deliveries[0]?.url, 'https://www.external.org/events/paid')
  })
})
