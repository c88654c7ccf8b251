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

  it('makes a path of each callback, and of each webhook', () => {
    const routes = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
      Object.entries(item).map(([method, { operationId }]) => `${method} ${path} ${operationId}`),
    )
    assert.deepEqual(routes, [
      'post /invoices/{id} createInvoicePaid',
      'post /closed createInvoiceClosedPost',
      'post /startJob/invoices/{number} startJobPaidPost',
      'post /invoice.late invoiceLate',
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
    assert.deepEqual(paths({ callback: 'invoice.late' }), ['/invoice.late'])
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
