import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { DefinitionError } from '../definition/definition-error.ts'
import { webhook } from '../operation/webhook-definition.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'
import type { RingbackOptions } from './ringback-options.ts'
import { Router } from './router.ts'

const Paid = z.object({ id: z.string(), at: z.string().default('now') }).meta({ id: 'Paid' })
const createApp = (webhooks: RingbackOptions['webhooks']) =>
  new Ringback({ title: 'Webhooks', version: '1.0.0', ...(webhooks && { webhooks }) })

describe('The webhooks of an application', () => {
  it('are described as they are sent, with their envelope', () => {
    const paid = webhook.post({
      data: Paid,
      example: { id: '7' },
      response: z.object({ ok: z.boolean() }),
      status: 202,
      responseDescription: 'Taken',
      responses: { 410: { description: 'Gone' } },
      headers: z.object({ 'x-tenant': z.string() }),
      tags: ['billing'],
      deprecated: true,
      openapi: { 'x-team': 'billing' },
    })
    const { webhooks, components } = createApp({ 'invoice.paid': paid }).openapi()
    const operation = webhooks?.['invoice.paid']?.post
    assert.deepEqual(operation?.requestBody, {
      required: true,
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/InvoicePaidWebhook' },
          example: { type: 'invoice.paid', timestamp: '2026-01-31T12:00:00Z', data: { id: '7' } },
        },
      },
    })
    const { InvoicePaidWebhook: envelope, Paid: data } = components?.schemas ?? {}
    assert.deepEqual(envelope, {
      type: 'object',
      properties: {
        type: { type: 'string', enum: ['invoice.paid'], description: 'Which event it is' },
        timestamp: { type: 'string', format: 'date-time', description: 'When it happened' },
        data: { $ref: '#/components/schemas/Paid' },
      },
      required: ['type', 'timestamp', 'data'],
      deprecated: true,
    })
    assert.deepEqual(data?.required, ['id', 'at'])
    assert.equal(operation?.operationId, 'invoicePaid')
    assert.equal(operation.summary, 'Invoice paid')
    assert.deepEqual(operation.tags, ['billing'])
    assert.equal(operation.deprecated, true)
    assert.equal(operation['x-team'], 'billing')
    assert.deepEqual(Object.keys(operation.responses ?? {}), ['202', '410', '429', '503', '2XX', 'default'])
    assert.deepEqual(operation.responses?.['410'], { description: 'Gone' })
    assert.deepEqual(operation.parameters?.at(-1), {
      ...{ name: 'x-tenant', in: 'header', required: true },
      schema: { type: 'string' },
    })
  })

  it('have the body that they declare, and leave the document where they are hidden', () => {
    const app = createApp({
      shown: webhook.post({ body: Paid }),
      hidden: webhook.post({ body: Paid, documented: false }),
    })
    const { webhooks } = app.openapi()
    assert.deepEqual(Object.keys(webhooks ?? {}), ['shown'])
    const schema = webhooks?.shown?.post?.requestBody?.content['application/json']?.schema
    assert.deepEqual(schema, { $ref: '#/components/schemas/Paid' })
    assert.equal(createApp({ hidden: webhook.post({ body: Paid, documented: false }) }).openapi().webhooks, undefined)
    assert.equal(createApp(undefined).openapi().webhooks, undefined)
  })

  it('have operationIds of their own, and one that an operation has is an error', () => {
    const { webhooks } = createApp({
      'invoice.paid': webhook.post({ body: Paid }),
      '2nd_notice': webhook.post({ body: Paid }),
      given: webhook.post({ body: Paid, operationId: 'mine' }),
    }).openapi()
    const ids = Object.values(webhooks ?? {}).map(({ post }) => post?.operationId)
    assert.deepEqual(ids, ['invoicePaid', 'webhook2nd_notice', 'mine'])
    const app = createApp({ 'invoice.paid': webhook.post({ body: Paid }) })
    app.get('/', {}, async function invoicePaid() {})
    assert.throws(() => app.openapi(), /"invoicePaid" is used for two operations.*the webhook "invoice.paid"/)
  })

  it('are signed by keys that are published, also where there is no callback', async () => {
    await using client = await testClient(createApp({ paid: webhook.post({ data: Paid }) }))
    const { keys } = await (await client.get('/.well-known/jwks.json')).json()
    assert.equal(keys.length, 1)
    await using without = await testClient(createApp(undefined))
    assert.equal((await without.get('/.well-known/jwks.json')).status, 404)
  })

  const refused: readonly (readonly [what: string, make: () => unknown, message: RegExp])[] = [
    ['neither data nor body', () => webhook.post({} as never), /needs either "data".*or "body"/],
    ['data and body', () => webhook.post({ data: Paid, body: Paid } as never), /needs either "data"/],
    [
      'an unknown key',
      () => webhook.post({ data: Paid, retries: 1 } as never),
      /Unknown key "retries" in webhook\.post/,
    ],
    ['a name with a space', () => createApp({ 'invoice paid': webhook.post({ data: Paid }) }), /cannot be the name/],
    ['a long name', () => createApp({ ['x'.repeat(129)]: webhook.post({ data: Paid }) }), /cannot be the name/],
    ['what is not a webhook', () => createApp({ paid: Paid as never }), /"paid" is not a webhook: make one with/],
    [
      'an example that does not fit',
      () => createApp({ paid: webhook.post({ data: Paid, example: { id: 7 } as never }) }),
      /"example" of the webhook "paid" does not fit its schema, at "#\/id"/,
    ],
  ]
  for (const [what, make, message] of refused)
    it(`refuse ${what}`, () => {
      assert.throws(make, error => error instanceof DefinitionError && message.test(error.message))
    })
})

describe('What leaves the document', () => {
  const router = () => {
    const inner = new Router()
    inner.get('/a', { documented: true }, async () => {})
    return inner
  }

  it('is all of a router that is included with documented: false', async () => {
    const app = createApp(undefined)
    app.include(router(), { prefix: '/hidden', documented: false })
    app.include(router(), { prefix: '/shown' })
    const outer = new Router({ prefix: '/outer', documented: false })
    outer.include(router(), { documented: true })
    app.include(outer)
    assert.deepEqual(Object.keys(app.openapi().paths ?? {}), ['/shown/a'])
    assert.equal((await app.fetch(new Request('http://localhost/hidden/a'))).status, 204)
  })
})

describe('generateOperationId', () => {
  it('gets the tags of the operation, those of its routers first', () => {
    const seen: (readonly string[])[] = []
    const app = new Ringback({
      title: 'Tags',
      version: '1.0.0',
      generateOperationId: ({ tags, handlerName }) => {
        seen.push(tags)
        return `${tags.join('-')}-${handlerName}`
      },
    })
    const items = new Router({ tags: ['items'] })
    items.get('/', { tags: ['read', 'items'] }, async function readItems() {})
    app.include(items, { tags: ['shop'] })
    assert.deepEqual(seen, [['shop', 'items', 'read']])
    assert.equal(app.openapi().paths?.['/']?.get?.operationId, 'shop-items-read-readItems')
  })
})
