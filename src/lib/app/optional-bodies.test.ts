import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import Type from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { callback } from '../operation/callback-definition.ts'
import { typebox } from '../schema/libraries/typebox.ts'
import type { Schema } from '../schema/schema.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'

const Zod = z.object({ x: z.number() })
const Valibot = v.object({ x: v.number() })
const ArkType = type({ x: 'number' })
const TypeBox = Type.Object({ x: Type.Number() })

/** Schemas of bodies that may be missing, and what the handler gets in that case. */
const OPTIONAL: Readonly<Record<string, readonly [Schema, unknown]>> = {
  'zod optional': [Zod.optional(), undefined],
  'zod nullish': [Zod.nullish(), undefined],
  'zod default': [Zod.default({ x: 1 }), { x: 1 }],
  'zod prefault': [Zod.prefault({ x: 2 }), { x: 2 }],
  'zod preprocess': [z.preprocess(value => value ?? { x: 3 }, Zod), { x: 3 }],
  'zod catch': [Zod.catch({ x: 4 }), { x: 4 }],
  'zod unknown': [z.unknown(), undefined],
  'zod named': [Zod.meta({ id: 'Named' }).optional(), undefined],
  'zod lazy': [z.lazy(() => Zod.optional()), undefined],
  'zod with an asynchronous check': [Zod.refine(async () => true).optional(), undefined],
  'zod with an asynchronous check of nothing': [Zod.optional().refine(async () => true), undefined],
  'valibot optional': [toStandardJsonSchema(v.optional(Valibot)), undefined],
  'valibot nullish': [toStandardJsonSchema(v.nullish(Valibot)), undefined],
  'valibot default': [toStandardJsonSchema(v.optional(Valibot, { x: 1 })), { x: 1 }],
  'arktype union': [ArkType.or('undefined'), undefined],
  'typebox undefined': [typebox(Type.Union([TypeBox, Type.Undefined()])), undefined],
  'typebox default': [typebox(Type.Object({ x: Type.Number() }, { default: { x: 1 } })), { x: 1 }],
}

/** Schemas of required bodies, however the libraries treat undefined. */
const REQUIRED: Readonly<Record<string, Schema>> = {
  zod: Zod,
  'zod nullable': Zod.nullable(),
  'zod with properties that may be missing': Zod.partial(),
  'zod with a check that throws': z.any().refine(value => value.x === 1),
  'zod with a default that does not fit': Zod.extend({ y: z.number() }).prefault({ x: 1 } as never),
  'zod text': z.string(),
  'zod with an asynchronous check': Zod.refine(async () => true),
  valibot: toStandardJsonSchema(Valibot),
  'valibot nullable': toStandardJsonSchema(v.nullable(Valibot)),
  arktype: ArkType,
  'arktype with nothing but null': ArkType.or('null'),
  typebox: typebox(TypeBox),
  'typebox optional outside of an object': typebox(Type.Optional(TypeBox)),
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }

function appWith(body: Schema): { app: Ringback; got: unknown[] } {
  const got: unknown[] = []
  const app = new Ringback({ title: 't', version: '1', log: silent })
  app.post('/o', { body }, function o({ body }) {
    got.push(body)
  })
  return { app, got }
}

const post = (app: Ringback, init: RequestInit = {}) =>
  app.fetch(new Request('http://a/o', { method: 'POST', ...init }))

describe('A body that may be missing', () => {
  for (const [name, [schema, value]] of Object.entries(OPTIONAL))
    test(`is documented as optional, and accepted: ${name}`, async () => {
      const { app, got } = appWith(schema)
      const { requestBody } = app.openapi().paths?.['/o']?.post ?? {}
      assert.deepEqual(Object.keys(requestBody?.content ?? {}), ['application/json'])
      assert.equal(requestBody?.required, undefined)
      assert.equal((await post(app)).status, 204)
      assert.equal((await post(app, { headers: { 'content-type': 'application/json' } })).status, 204)
      assert.deepEqual(got, [value, value])
    })

  test('is checked where it is sent', async () => {
    const { app } = appWith(Zod.optional())
    const response = await post(app, { headers: { 'content-type': 'application/json' }, body: '{"x":"a"}' })
    assert.equal(response.status, 422)
    assert.equal((await response.json()).errors[0].pointer, '#/x')
  })
})

describe('A required body', () => {
  for (const [name, schema] of Object.entries(REQUIRED))
    test(`is documented as required, and the response to a request without it says so: ${name}`, async () => {
      const { app, got } = appWith(schema)
      assert.equal(app.openapi().paths?.['/o']?.post?.requestBody?.required, true)
      for (const init of [{}, { headers: { 'content-type': 'application/json' } }]) {
        const response = await post(app, init)
        assert.equal(response.status, 422)
        assert.deepEqual((await response.json()).errors, [
          { in: 'body', pointer: '#', code: 'required', detail: 'The body is missing' },
        ])
      }
      assert.deepEqual(got, [])
    })
})

describe('The body of a callback', () => {
  const query = z.object({ callback_url: z.url() })
  const sent = async (body: Schema, value: unknown) => {
    const app = new Ringback({ title: 't', version: '1', log: silent })
    const note = callback.post('{$callback_url}', { body })
    app.post('/o', { query, callbacks: { note } }, async function o({ callbacks }) {
      await callbacks.note.send(value)
    })
    await using client = await testClient(app)
    const received: [string | null, string][] = []
    client.externalApi('https://www.external.org', async request => {
      received.push([request.headers.get('content-type'), await request.text()])
      return new Response()
    })
    const response = await client.post('/o?callback_url=https://www.external.org')
    await client.deliver()
    const callbacks = app.openapi().paths?.['/o']?.post?.callbacks
    const { required } = callbacks?.['note']?.['{$request.query.callback_url}']?.post?.requestBody ?? {}
    return { status: response.status, received, required }
  }

  test('may be missing where its schema turns undefined into undefined', async () => {
    const { status, received, required } = await sent(Zod.optional(), undefined)
    assert.equal(status, 204)
    assert.deepEqual(received, [[null, '']])
    assert.equal(required, undefined)
  })

  test('is always sent where its schema replaces undefined', async () => {
    for (const schema of [Zod.default({ x: 1 }), Zod.prefault({ x: 1 })]) {
      const { status, received, required } = await sent(schema, undefined)
      assert.equal(status, 204)
      assert.deepEqual(received, [['application/json', '{"x":1}']])
      assert.equal(required, true)
    }
  })

  test('is sent where it is required', async () => {
    const { status, received, required } = await sent(Zod, { x: 7 })
    assert.equal(status, 204)
    assert.deepEqual(received, [['application/json', '{"x":7}']])
    assert.equal(required, true)
  })
})
