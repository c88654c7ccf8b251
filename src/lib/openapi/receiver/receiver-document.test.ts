import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { OpenApiDocument } from '../create-document.ts'
import { receiverDocument } from './receiver-document.ts'

const paidBody = { content: { 'application/json': { schema: { $ref: '#/components/schemas/Event' } } } }
const ok = { 200: { $ref: '#/components/responses/Ok' } }
const source = {
  openapi: '3.1.1',
  info: {
    title: 'Invoices',
    version: '2.0',
    description: 'Ours',
    license: { name: 'MIT', url: 'https://mit.example' },
  },
  servers: [{ url: 'https://api.example' }],
  security: [{ ours: [] }],
  tags: [{ name: 'a' }, { name: 'b' }],
  'x-ours': 1,
  paths: {
    '/invoices': {
      parameters: [{ name: 'tenant', in: 'query', schema: { type: ['integer', 'null'] } }],
      post: {
        operationId: 'createInvoice',
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Invoice' } } } },
        responses: { 200: { description: 'ok', content: { 'text/plain': { schema: { type: 'string' } } } } },
        callbacks: {
          paid: {
            '{$request.query.callback_url}/invoices/{$request.body#/id}?tenant={$request.query.tenant}': {
              post: {
                tags: ['b'],
                operationId: 'createInvoicePaid',
                description: 'Told',
                parameters: [{ $ref: '#/components/parameters/webhook-id' }],
                requestBody: paidBody,
                responses: ok,
                security: [{ theirs: [] }],
                callbacks: {
                  seen: {
                    '{$request.body#/seen_url}': {
                      put: {
                        operationId: 'seen',
                        requestBody: { $ref: '#/components/requestBodies/Seen' },
                        responses: ok,
                      },
                    },
                  },
                },
              },
            },
          },
          closed: { $ref: '#/components/callbacks/Closed' },
        },
      },
    },
    '/jobs': {
      put: {
        operationId: 'startJob',
        responses: ok,
        callbacks: {
          closed: { $ref: '#/components/callbacks/Closed' },
          paid: {
            '{$callback_url}/invoices/{$request.body#/number}': { post: { requestBody: paidBody, responses: {} } },
          },
        },
      },
    },
  },
  webhooks: { 'invoice.late': { post: { operationId: 'invoiceLate', requestBody: paidBody, responses: ok } } },
  components: {
    schemas: {
      Unused: { type: 'string' },
      Invoice: {
        type: 'object',
        allOf: [{ $ref: '#/components/schemas/Base' }],
        properties: { seen_url: { type: 'string' } },
      },
      Base: { properties: { id: { type: 'string', format: 'uuid', description: 'long' } } },
      Event: {
        type: 'object',
        properties: { next: { $ref: '#/components/schemas/Event' }, default: { $ref: '#/components/schemas/Inner' } },
        example: { $ref: '#/components/schemas/Unused' },
      },
      Inner: { enum: [{ $ref: '#/components/schemas/Unused' }] },
    },
    requestBodies: {
      Seen: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Event/properties/default' } } } },
    },
    responses: { Ok: { description: 'ok' }, Unused: { description: 'unused' } },
    parameters: { 'webhook-id': { name: 'webhook-id', in: 'header', required: true, schema: { type: 'string' } } },
    callbacks: { Closed: { '{$request.body#/sink}': { post: { responses: { 204: { description: 'ok' } } } } } },
    securitySchemes: { ours: { type: 'http', scheme: 'bearer' }, theirs: { type: 'http', scheme: 'basic' } },
  },
}

const made = (document: object, options = {}) =>
  receiverDocument(document, options) as OpenApiDocument & Record<string, unknown>

describe('receiverDocument', () => {
  const document = made(source)

  it('makes a path of each callback, and one of all webhooks', () => {
    const routes = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
      Object.entries(item).map(([method, { operationId }]) => `${method} ${path} ${operationId}`),
    )
    assert.deepEqual(routes, [
      'post /invoices/{id} createInvoicePaid',
      'post /closed createInvoiceClosedPost',
      'post /startJob/invoices/{number} startJobPaidPost',
      'post / receiveWebhook',
    ])
    assert.deepEqual(document.servers?.[0]?.variables?.['baseUrl']?.default, 'https://receiver.example')
    assert.equal(document.info.title, 'Receiver of Invoices')
    assert.deepEqual(document.security, [])
    for (const member of ['x-ours', 'webhooks']) assert.ok(!(member in document))
    assert.deepEqual(document.tags, [{ name: 'b' }])
  })

  it('writes parameters out, with the schema of what the expression reads', () => {
    const { parameters, description, callbacks } = document.paths?.['/invoices/{id}']?.post ?? {}
    assert.deepEqual(parameters, [
      source.components.parameters['webhook-id'],
      {
        name: 'id',
        in: 'path',
        description: 'What `$request.body#/id` was in the request that caused this one',
        required: true,
        schema: { type: 'string', format: 'uuid' },
      },
      {
        name: 'tenant',
        in: 'query',
        description: 'What `$request.query.tenant` was in the request that caused this one',
        required: true,
        schema: { type: 'integer' },
      },
    ])
    assert.equal(description, 'Told')
    assert.deepEqual(Object.keys(callbacks ?? {}), ['seen'])
    assert.match(document.paths?.['/closed']?.post?.description ?? '', /`\{baseUrl\}\/closed`/)
    assert.deepEqual(document.paths?.['/startJob/invoices/{number}']?.post?.responses, {
      default: { description: 'Any response' },
    })
  })

  it('keeps the components that are used, and no other', () => {
    const { schemas, responses, requestBodies, securitySchemes, parameters, callbacks } = (document.components ??
      {}) as Record<string, object>
    assert.deepEqual(Object.keys(schemas ?? {}), ['Event', 'Inner'])
    assert.deepEqual(Object.keys(responses ?? {}), ['Ok'])
    assert.deepEqual(Object.keys(requestBodies ?? {}), ['Seen'])
    assert.deepEqual(Object.keys(securitySchemes ?? {}), ['theirs'])
    assert.deepEqual([parameters, callbacks], [undefined, undefined])
  })

  it('changes nothing of what it was given, and shares nothing with it', () => {
    const before = JSON.stringify(source)
    const copy = made(source)
    copy.components!.schemas!['Event']!['changed'] = true
    copy.info.title = 'x'
    assert.equal(JSON.stringify(source), before)
  })

  it('gives the same as webhooks, without path parameters', () => {
    const { paths, webhooks = {}, servers } = made(source, { as: 'webhooks' })
    assert.deepEqual([paths, servers], [undefined, undefined])
    assert.deepEqual(Object.keys(webhooks), ['paid', 'closed', 'startJobPaidPost', 'invoice.late'])
    assert.deepEqual(
      webhooks['paid']?.post?.parameters?.map(parameter => 'name' in parameter && parameter.name),
      ['webhook-id', 'tenant'],
    )
    assert.throws(() => made({ ...source, openapi: '3.0.3' }, { as: 'webhooks' }), { code: 'ERR_DEFINITION' })
  })

  it('takes one operation or one callback, and names those there are', () => {
    const paths = (options: object) => Object.keys(made(source, options).paths ?? {})
    assert.deepEqual(paths({ operationId: 'startJob' }), ['/closed', '/invoices/{number}'])
    assert.deepEqual(paths({ callback: 'invoice.late' }), ['/'])
    assert.deepEqual(paths({ callback: 'paid', operationId: 'createInvoice' }), ['/invoices/{id}'])
    assert.throws(
      () => made(source, { callback: 'piad' }),
      /no callback "piad"; it has paid of createInvoice, closed of createInvoice, /,
    )
    assert.throws(() => made(source, { call: 'paid' }), { code: 'ERR_DEFINITION' })
  })

  it('keeps what stands elsewhere in the document', () => {
    const elsewhere = '#/paths/~1a/post/requestBody/content/application~1json/schema'
    const { paths, components } = made({
      openapi: '3.0.0',
      info: { title: 'A', version: '1' },
      paths: {
        '/a': {
          post: {
            requestBody: {
              content: {
                'application/json': { schema: { type: 'object', properties: { again: { $ref: elsewhere } } } },
              },
            },
            responses: { 200: { description: 'ok' } },
            callbacks: {
              done: {
                '$request.body#/url': {
                  post: {
                    requestBody: { content: { 'application/json': { schema: { $ref: elsewhere } } } },
                    responses: { 200: { $ref: '#/paths/~1a/post/responses/200' } },
                  },
                },
              },
            },
          },
        },
      },
    })
    const schema = { $ref: '#/components/schemas/A1aPostRequestBodyApplication1json' }
    const { requestBody, responses } = paths?.['/done']?.post ?? {}
    const name = Object.keys(components?.schemas ?? {})[0]!
    assert.match(name, /^\w+$/)
    assert.deepEqual(requestBody?.content['application/json']?.schema, {
      ...schema,
      $ref: `#/components/schemas/${name}`,
    })
    assert.deepEqual(components?.schemas?.[name]?.['properties'], { again: { $ref: `#/components/schemas/${name}` } })
    assert.deepEqual(responses, { 200: { description: 'ok' } })
  })

  it('keeps a callback that calls itself back', () => {
    const Done = { '{$url}': { post: { callbacks: { again: { $ref: '#/components/callbacks/Done' } } } } }
    const paths = { '/a': { post: { callbacks: { done: { $ref: '#/components/callbacks/Done' } } } } }
    const document = made({ openapi: '3.1.0', paths, components: { callbacks: { Done } } })
    assert.deepEqual(document.paths?.['/done']?.post?.callbacks, Done['{$url}'].post.callbacks)
    assert.deepEqual(document.components, { callbacks: { Done } })
  })

  it('refuses what is not a whole document, and survives a malformed one', () => {
    const sends = (callback: unknown) => ({
      openapi: '3.1.0',
      paths: { '/a': { post: { callbacks: { done: callback } } } },
    })
    const operation = { requestBody: { $ref: 'common.yaml#/components/requestBodies/Event' } }
    assert.throws(() => made(sends({ '{$url}': { post: operation } })), /refers to "common.yaml/)
    const circle: Record<string, unknown> = {}
    circle['properties'] = { circle }
    assert.throws(() => made(sends({ '{$url}': { post: { requestBody: circle } } })), /contains itself/)
    for (const document of [{}, { swagger: '2.0' }, [], { openapi: 3.1 }])
      assert.throws(() => made(document), { code: 'ERR_DEFINITION' })
    for (const callback of [
      null,
      7,
      { '{$url}': null },
      { x: { post: null } },
      { $ref: '#/nowhere' },
      { '{$url}': { $ref: '#/paths/~1a/post/callbacks/done/{$url}' } },
      { 'x-a': {} },
      { y: { post: { parameters: [null, {}], responses: null, security: 7 } } },
    ])
      assert.equal(made(sends(callback)).openapi, '3.1.0')
    const odd = JSON.parse(
      '{"openapi":"3.1.0","webhooks":{"__proto__":{"post":{"requestBody":{"$ref":"#/components/requestBodies/__proto__"}}}},"components":{"requestBodies":{"__proto__":{"content":{}}}}}',
    )
    for (const as of ['paths', 'webhooks'])
      assert.match(JSON.stringify(made(odd, { as })), /"requestBodies":\{"__proto__"/)
    assert.ok(Object.hasOwn(made(odd, { as: 'webhooks' }).webhooks ?? {}, '__proto__'))
    for (const paths of [undefined, null, 7, { '/a': null }, { '/a': { post: null } }])
      assert.deepEqual(made({ openapi: '3.1.0', paths }).paths, {})
  })
})

describe('The webhooks in a receiver document', () => {
  const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
  const event = (type: string) => ({
    type: 'object',
    properties: { type: { type: 'string', enum: [type] } },
    required: ['type'],
  })
  const sent = (schema: unknown, more: object = {}) => ({
    post: { requestBody: { required: true, content: { 'application/json': { schema } } }, ...more },
  })
  const made_ = (webhooks: object, schemas: object = {}) =>
    made({ openapi: '3.1.0', info: { title: 'A', version: '1' }, webhooks, components: { schemas } })
  const bodyOf = (document: OpenApiDocument) =>
    document.paths?.['/']?.post?.requestBody?.content['application/json']?.schema

  it('are one operation, whose body is told apart by a property of all', () => {
    const document = made_(
      {
        paid: sent(ref('Paid'), {
          ...{
            summary: 'Paid',
            description: 'Own.\n\nVerify it.',
            tags: ['a'],
            'x-webhook-delivery': { timeoutMs: 1 },
          },
          responses: { 200: { description: 'Taken' }, 410: { description: 'Gone' } },
          parameters: [{ name: 'x-a', in: 'header', required: true, schema: { type: 'string' } }],
        }),
        late: sent(ref('Late'), {
          ...{ deprecated: true, description: 'Verify it.', tags: ['b'], 'x-webhook-delivery': { timeoutMs: 1 } },
          responses: { 200: { description: 'Heard' }, 410: { description: 'Gone' } },
        }),
      },
      { Paid: event('invoice.paid'), Late: event('invoice.late') },
    )
    assert.deepEqual(Object.keys(document.paths ?? {}), ['/'])
    assert.deepEqual(bodyOf(document), ref('WebhookMessage'))
    assert.deepEqual(document.components?.schemas?.['WebhookMessage'], {
      description: 'What is sent to an endpoint: `type` says which event it is',
      oneOf: [ref('Paid'), ref('Late')],
      discriminator: {
        propertyName: 'type',
        mapping: { 'invoice.paid': ref('Paid').$ref, 'invoice.late': ref('Late').$ref },
      },
    })
    assert.deepEqual(Object.keys(document.components?.schemas ?? {}).toSorted(), ['Late', 'Paid', 'WebhookMessage'])
    const { operationId, description, responses, parameters, tags, deprecated, ...more } = document.paths!['/']!.post!
    assert.deepEqual([operationId, tags, deprecated], ['receiveWebhook', ['a', 'b'], undefined])
    assert.equal(
      description,
      'One URL gets all of these events:\n\n- `paid`: Paid\n\n  Own.\n- `late` (deprecated)\n\nVerify it.\n\nThe URL to register is that of this path, `{baseUrl}/`.',
    )
    assert.deepEqual(responses, { 200: { description: 'Taken; Heard' }, 410: { description: 'Gone' } })
    assert.deepEqual(parameters, [{ name: 'x-a', in: 'header', schema: { type: 'string' } }])
    assert.deepEqual(more['x-webhook-delivery'], { timeoutMs: 1 })
  })

  it('are any of their bodies where nothing tells all of these apart', () => {
    const whole = { type: 'object', properties: { celsius: { type: 'number' } } }
    const schemas = { Paid: event('invoice.paid'), Late: event('invoice.late'), Whole: whole }
    const mixed = made_({ a: sent(ref('Paid')), b: sent(ref('Whole')), c: sent(ref('Late')) }, schemas)
    assert.deepEqual(bodyOf(mixed), { anyOf: [ref('WebhookMessage'), ref('Whole')] })
    const more = { anyOf: [{ type: 'string' }, ref('Whole'), whole] }
    const inline = made_({ a: sent(whole), b: sent(more) }, schemas)
    assert.deepEqual(bodyOf(inline), { anyOf: [whole, { type: 'string' }, ref('Whole')] })
    const kinds = { A: { ...event('x'), required: [] }, B: event('y') }
    assert.deepEqual(bodyOf(made_({ a: sent(ref('A')), b: sent(ref('B')) }, kinds)), { anyOf: [ref('A'), ref('B')] })
    const taken = made_({ a: sent(ref('Paid')), b: sent(ref('Late')) }, { ...schemas, WebhookMessage: whole })
    assert.deepEqual(bodyOf(taken), ref('WebhookMessage2'))
  })

  it('are told apart in the same time, however their schemas are nested', () => {
    const schemas: Record<string, object> = { Paid: event('paid') }
    const inner = (number: number) => ({
      type: 'object',
      required: ['type'],
      allOf: [ref(`S${number}`), ref(`S${number}`)],
    })
    for (let number = 0; number < 100; number++) schemas[`S${number}`] = inner(number + 1)
    const deep = made_({ a: sent(ref('S0')), b: sent(ref('Paid')) }, schemas)
    assert.deepEqual(bodyOf(deep), { anyOf: [ref('S0'), ref('Paid')] })
    const Base = { type: 'object', required: ['type'], properties: { id: { type: 'string' } } }
    const Late = { allOf: [ref('Base'), { properties: { type: ref('LateType') } }] }
    const shallow = { Base, Late, LateType: { const: 'late' }, Paid: event('paid') }
    const { components } = made_({ a: sent(ref('Late')), b: sent(ref('Paid')) }, shallow)
    assert.deepEqual(components?.schemas?.['WebhookMessage']?.['discriminator'], {
      propertyName: 'type',
      mapping: { late: ref('Late').$ref, paid: ref('Paid').$ref },
    })
  })

  it('are one body if there is one, which has the same name and place', () => {
    const { paths, components } = made_({ a: sent(ref('Paid'), { operationId: 'own' }) }, { Paid: event('paid') })
    assert.equal(paths?.['/']?.post?.operationId, 'receiveWebhook')
    assert.deepEqual(paths['/'].post.requestBody?.content, { 'application/json': { schema: ref('Paid') } })
    assert.deepEqual(Object.keys(components?.schemas ?? {}), ['Paid'])
  })

  it('are an operation for each method, beside a callback that has the path', () => {
    const callbacks = { done: { '{$url}/': { post: { responses: {} } } } }
    const { paths = {} } = made({
      ...{ openapi: '3.1.0', paths: { '/a': { post: { callbacks } } } },
      webhooks: { a: { put: {} }, b: { put: {} }, c: sent({}), d: { $ref: '#/components/pathItems/D' } },
      components: { pathItems: { D: { post: {}, parameters: [{ name: 'x', in: 'header', required: true }] } } },
    })
    const routes = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, { operationId }]) => `${method} ${path} ${operationId}`),
    )
    assert.deepEqual(routes, ['post / donePost', 'put / receiveWebhookPut', 'post /webhooks/ receiveWebhook'])
    assert.deepEqual(paths['/webhooks/']?.post?.parameters, [{ name: 'x', in: 'header' }])
  })

  it('survive whatever somebody wrote', () => {
    const odd = [
      null,
      7,
      'x',
      [],
      {},
      { type: 7 },
      { properties: null },
      { required: 7, properties: { type: null } },
      { properties: { type: { $ref: '#/%zz' } } },
    ]
    const values = [
      ...odd,
      { $ref: 7 },
      ref('Nowhere'),
      ref('Odd0'),
      { anyOf: 7 },
      ref('%zz'),
      { type: 'object', enum: 7 },
    ]
    const schemas = Object.fromEntries(odd.map((schema, index) => [`Odd${index}`, schema]))
    for (const value of values)
      for (const operation of [
        { post: value },
        sent(value),
        sent(ref('Odd7')),
        { post: { requestBody: value, responses: value, parameters: value, security: value, description: value } },
        { post: { requestBody: { content: { 'application/json': value } }, responses: { 200: value } } },
        { post: { parameters: [value, { name: 'a', schema: value }], callbacks: value, tags: value } },
      ])
        assert.equal(made_({ a: operation, b: sent(ref('Odd5')), c: sent(event('c')) }, schemas).openapi, '3.1.0')
  })
})
