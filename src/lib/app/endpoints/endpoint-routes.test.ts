import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { as, invoiceApp, tenant } from '../../../../test/support/endpoint-client.ts'
import { DefinitionError } from '../../definition/definition-error.ts'
import { everyone } from '../../delivery/endpoints/owner.ts'
import { HttpError } from '../../http/http-error.ts'
import { dependency } from '../../operation/dependency-definition.ts'
import { webhook } from '../../operation/webhook-definition.ts'
import { httpBearer } from '../../security/http-bearer.ts'
import { testClient } from '../../testing/test-client.ts'
import { Ringback } from '../ringback.ts'
import { Router } from '../router.ts'
import { endpointRoutes } from './endpoint-routes.ts'

const OPERATIONS = [
  'GET /webhooks/events listWebhookEvents 200',
  'GET /webhooks/endpoints listEndpoints 200',
  'POST /webhooks/endpoints createEndpoint 201 409',
  'GET /webhooks/endpoints/{endpoint_id} getEndpoint 200 404',
  'PATCH /webhooks/endpoints/{endpoint_id} updateEndpoint 200 404',
  'DELETE /webhooks/endpoints/{endpoint_id} deleteEndpoint 204 404',
  'GET /webhooks/endpoints/{endpoint_id}/deliveries listEndpointDeliveries 200 404',
  'GET /webhooks/deliveries/{delivery_id} getWebhookDelivery 200 404',
  'GET /webhooks/messages listWebhookMessages 200',
  'GET /webhooks/messages/{message_id} getWebhookMessage 200 404',
  'POST /webhooks/endpoints/{endpoint_id}/enable enableEndpoint 200 404 409',
  'POST /webhooks/endpoints/{endpoint_id}/disable disableEndpoint 200 404',
  'POST /webhooks/endpoints/{endpoint_id}/rotate-secret rotateEndpointSecret 200 404 409',
  'POST /webhooks/endpoints/{endpoint_id}/test testEndpoint 200 404 429',
  'POST /webhooks/endpoints/{endpoint_id}/recover recoverEndpoint 202 404 409',
  'POST /webhooks/deliveries/{delivery_id}/replay replayWebhookDelivery 202 404 409',
]

const operationsOf = (app: ReturnType<typeof invoiceApp>) =>
  Object.entries(app.openapi().paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )

const enumOf = (app: ReturnType<typeof invoiceApp>, name: string) => app.openapi().components?.schemas?.[name]?.['enum']

describe('The operations of endpointRoutes', () => {
  it('are sixteen, as the document says', () => {
    const listed = operationsOf(invoiceApp()).map(({ method, path, operation }) => {
      const statuses = Object.keys(operation.responses ?? {}).filter(status => /^(20|404|409|429)/.test(status))
      return `${method} ${path} ${operation.operationId} ${statuses.join(' ')}`
    })
    assert.deepEqual(listed.sort(), OPERATIONS.toSorted())
  })

  it('name the offered events, so that clients are typed', () => {
    assert.deepEqual(enumOf(invoiceApp(), 'WebhookEventName'), ['invoice.created', 'invoice.paid'])
    assert.deepEqual(enumOf(invoiceApp(), 'WebhookEventChoice'), ['*', 'invoice.created', 'invoice.paid'])
    const some = invoiceApp({ events: ['invoice.paid'] })
    assert.deepEqual(enumOf(some, 'WebhookEventChoice'), ['invoice.paid'])
    assert.doesNotMatch(JSON.stringify(some.openapi()), /x-ringback/)
    assert.deepEqual(enumOf(invoiceApp({ events: ['*', 'invoice.paid'] }), 'WebhookEventChoice'), ['*', 'invoice.paid'])
  })

  it('take prefix, tags, and dependencies for all or for those that write', () => {
    const app = invoiceApp({
      prefix: '/hooks',
      tags: ['hooks'],
      dependencies: { token: httpBearer() },
      writeDependencies: { admin: httpBearer({ schemeName: 'admin' }) },
    })
    for (const { method, path, operation } of operationsOf(app)) {
      assert.match(path, /^\/hooks\//)
      assert.deepEqual(operation.tags, ['hooks'])
      const names = Object.keys(operation.security?.[0] ?? {})
      assert.equal(names.length, method === 'GET' ? 1 : 2, `${method} ${path}: ${names}`)
    }
  })

  it('take the fields that are allowed, and no others', async () => {
    const app = invoiceApp({ fields: ['channels'] })
    const properties = app.openapi().components?.schemas?.['NewWebhookEndpoint']?.['properties'] as object
    assert.deepEqual(Object.keys(properties), ['url', 'events', 'description', 'metadata', 'channels'])
    await using client = await testClient(app)
    const change = { headers: { 'x-a': 'b' }, ratePerSecond: 1 }
    const { status, body } = await as(client, 'a')('PATCH', '/endpoints/ep_1', change)
    assert.equal(status, 422)
    assert.deepEqual(
      body.errors.map((error: { pointer: string; code: string }) => `${error.pointer} ${error.code}`),
      ['#/headers additionalProperties', '#/ratePerSecond additionalProperties'],
    )
  })

  it('list the events with where the document has them', async () => {
    await using client = await testClient(invoiceApp())
    const { body } = await as(client, 'a')('GET', '/events')
    assert.deepEqual(
      body.items.map(({ name, schema }: { name: string; schema: string }) => [name, schema]),
      [
        ['invoice.created', '#/components/schemas/InvoiceCreatedWebhook'],
        ['invoice.paid', '#/components/schemas/InvoicePaidWebhook'],
      ],
    )
    assert.deepEqual(body.items[0].example.data, { invoice_id: '2expen51ve' })
    assert.deepEqual([body.items[1].summary, body.items[1].description], ['An invoice was paid', null])
  })

  it('name events of routers that are included later, and stand where they are mounted', async () => {
    const inner = new Ringback({ title: 'Invoices', version: '1.0.0' })
    inner.include(endpointRoutes({ owner: tenant }))
    const users = new Router({ webhooks: { 'user.added': webhook.post({ data: z.object({ id: z.string() }) }) } })
    users.get('/users', {}, async () => {})
    inner.include(users)
    assert.deepEqual(inner.openapi().components?.schemas?.['WebhookEventName']?.['enum'], ['user.added'])
    const app = new Ringback({ title: 'All', version: '1.0.0', basePath: '/v1' })
    app.mount('/api', inner)
    await using client = await testClient(app)
    const headers = { 'x-tenant': 'a' }
    const json = { url: 'https://www.external.org/hooks', events: ['user.added'] }
    const { headers: told } = await client.post('/api/endpoints', { headers, json })
    assert.match(told.get('location') ?? '', /^\/v1\/api\/endpoints\/ep_\w+$/)
    const { items } = (await (await client.get('/api/events', { headers })).json()) as { items: { schema: string }[] }
    assert.equal(items[0]?.schema, '#/components/schemas/UserAddedWebhook')
  })

  for (const [what, make, message] of [
    ['no owner', () => endpointRoutes({} as never), /"owner" of endpointRoutes is undefined/],
    ['an owner that is text', () => endpointRoutes({ owner: 'a' as never }), /"owner" of endpointRoutes is "a"/],
    ['an unknown option', () => endpointRoutes({ owner: tenant, event: [] } as never), /Unknown key "event"/],
    ['an unknown field', () => endpointRoutes({ owner: tenant, fields: ['owner' as never] }), /has "owner": choose/],
    ['events that are text', () => endpointRoutes({ owner: tenant, events: 'a' as never }), /must be a list/],
    ['an unknown event', () => invoiceApp({ events: ['invoice.sent'] }).openapi(), /"invoice.sent".*not a documented/],
    ['a hidden event', () => invoiceApp({ events: ['invoice.audited'] }).openapi(), /"invoice.audited".*not a docu/],
  ] as const)
    it(`refuse ${what}`, () => {
      assert.throws(make, error => error instanceof DefinitionError && message.test(error.message))
    })
})

describe('The owner', () => {
  const given: readonly (readonly [what: string, owner: unknown])[] = [
    ['empty', ''],
    ['undefined', undefined],
    ['null', null],
    ['a number', 7],
    ['everyone', everyone],
    ['an object', { toString: () => 'a' }],
    ['a list', ['a']],
    ['text with a control character', 'a\n'],
    ['text of 257 characters', 'x'.repeat(257)],
    ['half a surrogate pair', '\ud800'],
  ]
  it('is a text, or nothing is shown', async () => {
    let owner: unknown
    const lines: string[] = []
    const log = { debug() {}, info() {}, warn() {}, error: (text: string) => void lines.push(text) }
    const app = new Ringback({ title: 'Invoices', version: '1.0.0', log })
    app.include(endpointRoutes({ owner: dependency({}, () => owner as string) }))
    await using client = await testClient(app)
    for (const [what, value] of given) {
      owner = value
      for (const [method, path] of [
        ['GET', '/endpoints'],
        ['GET', '/events'],
        ['POST', '/endpoints'],
        ['GET', '/messages'],
        ['DELETE', '/endpoints/ep_1'],
      ] as const) {
        const response = await client.request(method, path)
        assert.equal(response.status, 500, `${method} ${path} of ${what}`)
        assert.match(await response.text(), /"The server failed; the error has been logged"/)
      }
    }
    assert.equal(lines.length, 5 * given.length)
  })

  it('is asked for once, beside dependencies of any name', async () => {
    let asked = 0
    const owner = dependency({}, () => {
      asked += 1
      throw new HttpError(401)
    })
    const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
    app.include(endpointRoutes({ owner, dependencies: { owner } }), { dependencies: { owner } })
    await using client = await testClient(app)
    assert.equal((await client.get('/endpoints')).status, 401)
    assert.equal(asked, 1)
  })
})
