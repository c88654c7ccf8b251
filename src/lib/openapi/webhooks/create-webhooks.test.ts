import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import { z } from 'zod'
import { Ringback } from '../../app/ringback.ts'
import type { RingbackOptions } from '../../app/ringback-options.ts'
import { callback } from '../../operation/callback-definition.ts'
import { type CompiledWebhook, compileWebhooks } from '../../operation/compiled/compiled-webhook.ts'
import { webhook } from '../../operation/webhook-definition.ts'
import { createDocument } from '../create-document.ts'
import type { OperationObject } from '../objects/operation-object.ts'
import type { ReceivingOptions } from '../receiving.ts'

const Paid = z.object({ id: z.string() }).meta({ id: 'Paid' })
const info = { title: 'Webhooks', version: '1.0.0' }
const documentOf = (webhooks: RingbackOptions['webhooks'], receiving?: ReceivingOptions) =>
  createDocument([], info, receiving, compileWebhooks(webhooks))
const operationsOf = (webhooks: RingbackOptions['webhooks'], receiving?: ReceivingOptions) =>
  Object.values(documentOf(webhooks, receiving).webhooks ?? {}).map(({ post }) => post as OperationObject)
const statusesOf = ({ responses = {} }: OperationObject) => Object.keys(responses)

describe('A documented webhook', () => {
  it('has the headers of Standard Webhooks, whose id names message and endpoint', () => {
    const headers = z.object({ 'x-tenant': z.string() })
    const { webhooks, components } = documentOf({ paid: webhook.post({ data: Paid, headers }) })
    const references = ['endpoint-webhook-id', 'webhook-timestamp', 'webhook-signature']
    const [id, timestamp, signature, declared] = webhooks?.['paid']?.post?.parameters ?? []
    assert.deepEqual(
      [id, timestamp, signature],
      references.map(name => ({ $ref: `#/components/parameters/${name}` })),
    )
    assert.deepEqual(declared, { name: 'x-tenant', in: 'header', required: true, schema: { type: 'string' } })
    assert.deepEqual(Object.keys(components?.parameters ?? {}), references)
    const text = JSON.stringify(components?.parameters?.['endpoint-webhook-id'])
    for (const words of ['"name":"webhook-id"', '16 characters', 'with the same URL share', 'begins with `test_`'])
      assert.ok(text.includes(words), words)
  })

  it('leaves the headers of callbacks as they are', () => {
    const app = new Ringback({ ...info, webhooks: { paid: webhook.post({ data: Paid }) } })
    app.post('/', { callbacks: { told: callback.post('https://www.external.org/hooks', {}) } }, async () => {})
    const text = JSON.stringify(app.openapi())
    assert.equal(text.split('"#/components/parameters/webhook-id"').length, 2)
    assert.equal(text.split('"#/components/parameters/endpoint-webhook-id"').length, 2)
    assert.equal(Object.keys(app.openapi().components?.parameters ?? {}).length, 4)
  })

  it('says what every response means, in the words of the definition where it has some', () => {
    const [plain, own] = operationsOf({
      plain: webhook.post({ data: Paid }),
      own: webhook.post({
        ...{ data: Paid, response: Paid, status: 202 },
        responses: { 410: { description: 'Sold' }, 503: {} },
      }),
    }) as [OperationObject, OperationObject]
    assert.deepEqual(statusesOf(plain), ['410', '429', '503', '2XX', 'default'])
    const { responses = {} } = plain
    assert.deepEqual(responses['410'], { description: 'Disables this endpoint' })
    assert.deepEqual(responses['default'], { description: 'Counts as failed' })
    for (const status of ['429', '503']) assert.ok('headers' in responses[status]! && responses[status].headers)
    assert.deepEqual(statusesOf(own), ['202', '410', '429', '503', '2XX', 'default'])
    assert.deepEqual(own.responses?.['410'], { description: 'Sold' })
    assert.deepEqual(own.responses?.['503'], { description: 'Service Unavailable' })
    const [final] = operationsOf({ plain: webhook.post({ data: Paid }) }, { finalStatuses: [404, 429] })
    assert.deepEqual(statusesOf(final!), ['404', '410', '429', '503', '2XX', 'default'])
    const ended = { description: 'Ends the delivery: the request is not sent again' }
    assert.deepEqual([final?.responses?.['404'], final?.responses?.['429']], [ended, ended])
  })

  it('tells its receivers all they have to know, after its own description', () => {
    const [one] = operationsOf({ paid: webhook.post({ data: Paid, description: 'It is *paid*.' }) })
    assert.equal(
      one?.description,
      'It is *paid*.\n\n**Verify it first**: `webhook-signature` signs `webhook-id`, `webhook-timestamp` and the bytes of the body (Standard Webhooks); `v1a` by a key of `/.well-known/jwks.json`, `v1` by the secret of the endpoint, which whoever made it has got. It is sent at least once: drop what comes again with the same `webhook-id`. There is no order, unless the sender gives messages an ordering key: those of one key come one after the other. A 2xx within 15 s acknowledges it; a redirect is not followed; after anything else it is sent again at most 9 times: after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, or later where `Retry-After` asks for it. An endpoint is disabled when it answers 410, or when for 5 days, over at least 10 attempts on at least 3 of these days, not one attempt got a 2xx.',
    )
    assert.deepEqual(one['x-webhook-delivery'], {
      retryDelaysSeconds: [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400],
      ...{ timeoutMs: 15_000, disableAfterSeconds: 432_000, signatures: ['v1', 'v1a'] },
    })
  })

  it('names the numbers of the application, and its own before those', () => {
    const receiving = {
      ...{ retryDelaysSeconds: [0, 30], timeoutMs: 2_000, receivers: '/hooks' },
      endpoints: { disableAfterSeconds: 7_200, disableAfterAttempts: 3 },
    }
    const [plain] = operationsOf({ paid: webhook.post({ data: Paid }) }, receiving)
    assert.match(plain?.description ?? '', /within 2 s .* at most once: after 30 s, .*\]\(<\/hooks>\)$/)
    assert.match(plain?.description ?? '', /or when for 2 h, over at least 3 attempts, not one attempt got a 2xx\./)
    assert.partialDeepStrictEqual(plain?.['x-webhook-delivery'], { timeoutMs: 2_000, disableAfterSeconds: 7_200 })
    const own = { retryDelaysSeconds: [0], timeoutMs: 500, retryOnInvalidResponse: true, finalStatuses: [404] }
    const [post] = operationsOf({ paid: webhook.post({ data: Paid, response: Paid, ...own }) }, receiving)
    assert.deepEqual(statusesOf(post!), ['200', '404', '410', '429', '503', 'default'])
    assert.match(
      post?.description ?? '',
      /A 2xx with a body as declared within 500 ms .*, and a 404 ends the delivery; .* not sent again\./,
    )
    assert.partialDeepStrictEqual(post?.['x-webhook-delivery'], { retryDelaysSeconds: [0], timeoutMs: 500 })
    for (const [disableAfterSeconds, words] of [
      [86_400, 'or when for 24 h, over at least 10 attempts on at least 2 different days, not one'],
      [172_800, 'or when for 2 days, over at least 10 attempts on at least 3 different days, not one'],
      [259_200, 'or when for 3 days, over at least 10 attempts on at least 3 of these days, not one'],
    ] as const) {
      const [one] = operationsOf({ paid: webhook.post({ data: Paid }) }, { endpoints: { disableAfterSeconds } })
      assert.ok(one?.description?.includes(words), one?.description)
    }
  })
})

describe('WebhookMessage', () => {
  it('is the union of the events that are in an envelope, told apart by their type', () => {
    const { components } = documentOf({
      'invoice.paid': webhook.post({ data: Paid }),
      'invoice.late': webhook.post({ data: Paid }),
      whole: webhook.post({ body: Paid }),
      hidden: webhook.post({ data: Paid, documented: false }),
    })
    const [late, paid] = ['#/components/schemas/InvoiceLateWebhook', '#/components/schemas/InvoicePaidWebhook']
    assert.deepEqual(components?.schemas?.['WebhookMessage'], {
      description: 'What is sent to an endpoint: `type` says which event it is',
      oneOf: [{ $ref: paid }, { $ref: late }],
      discriminator: { propertyName: 'type', mapping: { 'invoice.paid': paid, 'invoice.late': late } },
    })
  })

  it('is not there for one event', () => {
    const { components } = documentOf({ paid: webhook.post({ data: Paid }), whole: webhook.post({ body: Paid }) })
    assert.deepEqual(Object.keys(components?.schemas ?? {}), ['Paid', 'PaidWebhook'])
  })
})

test('Older and newer forms of an event name each other, unless one is hidden', () => {
  const replacing = (documented: boolean): CompiledWebhook[] => {
    const older = webhook.post({ data: Paid, documented })
    const replaces = { webhook: older, since: '2026-03-01', as: (data: { id: string }) => data }
    return compileWebhooks({ 'a.1': older, 'a.2': webhook.post({ data: Paid, replaces }) })
  }
  const described = (documented: boolean) =>
    Object.values(createDocument([], info, {}, replacing(documented)).webhooks ?? {}).map(
      ({ post }) => post?.description?.split('\n\n**')[0],
    )
  const rule =
    'an endpoint gets one of them, `a.2` if it names that, `a.1` if it names only that; one that takes all events gets `a.1` if it was made before 2026-03-01.'
  assert.deepEqual(described(true), [
    `[\`a.2\`](#/webhooks/a2) replaces it: ${rule}`,
    `It replaces [\`a.1\`](#/webhooks/a1): ${rule}`,
  ])
  assert.ok(described(false)[0]?.startsWith('**Verify it first**'))
})
