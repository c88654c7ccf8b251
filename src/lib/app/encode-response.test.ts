import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type } from 'arktype'
import Type from 'typebox'
import { z } from 'zod'
import { callback } from '../operation/callback-definition.ts'
import { typebox } from '../schema/libraries/typebox.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'

const nothing = (): never => undefined as never

async function bodyOf(response: object, handler: () => unknown): Promise<unknown> {
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const app = new Ringback({ title: 't', version: '1', log })
  app.get('/x', { response: response as z.ZodType }, handler as never)
  const received = await app.fetch(new Request('http://a/x'))
  assert.notEqual(received.headers.get('content-length'), '0')
  return received.status === 200 ? JSON.stringify(await received.json()) : received.status
}

test('undefined from a handler is null where the schema takes null', async () => {
  for (const schema of [
    z.object({ a: z.number() }).nullable(),
    z.string().nullish(),
    z.unknown(),
    z.any(),
    z.null(),
    z
      .string()
      .nullable()
      .refine(async () => true),
    type('string | null'),
    typebox(Type.Union([Type.String(), Type.Null()])),
  ])
    assert.equal(await bodyOf(schema, nothing), 'null')
  assert.equal(await bodyOf(z.string().default('x'), nothing), '"x"')
  assert.equal(await bodyOf(z.string().nullable().default('x'), nothing), '"x"')
})

test('undefined from a handler is an error where the schema does not take null, and so are values that JSON does not have', async () => {
  for (const schema of [
    z.object({ a: z.number() }).optional(),
    z.array(z.string()).optional(),
    z.string(),
    type('string'),
  ])
    assert.equal(await bodyOf(schema, nothing), 500)
  for (const value of [() => 1, Symbol('s'), { toJSON: () => undefined }])
    assert.equal(await bodyOf(z.unknown(), () => value), 500)
})

test('whatever a handler returns is an error where no response is declared, but undefined and null', async () => {
  const app = new Ringback({ title: 't', version: '1', log: { debug() {}, info() {}, warn() {}, error() {} } })
  let returned: unknown
  app.get('/x', {}, (() => returned) as never)
  const statusFor = async (value: unknown) => {
    returned = value
    return (await app.fetch(new Request('http://a/x'))).status
  }
  for (const value of [{ secret: 1 }, '', 0, false]) assert.equal(await statusFor(value), 500)
  for (const value of [undefined, null]) assert.equal(await statusFor(value), 204)
})

test('a generator is refused as a handler, and an iterator is refused as its result', async () => {
  async function* rows() {
    yield 1
  }
  function* numbers() {
    yield 1
  }
  for (const handler of [rows, numbers, async function* () {}, { *handler() {} }.handler])
    await assert.rejects(bodyOf(z.unknown(), handler), /^DefinitionError: GET \/x has a generator as its handler/)
  class Cursor {
    next() {
      return { done: true, value: undefined }
    }
    [Symbol.asyncIterator]() {
      return this
    }
  }
  for (const returned of [
    rows,
    numbers,
    rows.bind(null),
    async () => rows(),
    () => [1].values(),
    () => new Map().entries(),
    () => new Cursor(),
  ])
    assert.equal(await bodyOf(z.unknown(), () => returned()), 500)
  const page = { next: '/rows?page=2', done: false }
  assert.equal(await bodyOf(z.unknown(), () => page), JSON.stringify(page))
  assert.equal(await bodyOf(z.array(z.number()), () => [1, 2]), '[1,2]')
})

test("a response of Ringback's own must not be taken for another type", async () => {
  const app = new Ringback({ title: 't', version: '1' })
  const done = callback.post('https://hooks.external.org', {})
  const response = z.string()
  app.get('/x', { callbacks: { done }, response }, async () => 'x')
  app.get('/own', { response }, async ({ respond }) =>
    respond(200, 'x', { headers: { 'X-Content-Type-Options': 'own', 'content-type': 'application/ld+json' } }),
  )
  app.get('/response', { response }, async () => new Response('x'))
  app.get('/typed', { query: z.object({ n: z.number() }), response }, async () => 'x')
  app.get('/broken', { response }, async () => 7 as never)
  await using client = await testClient(app)
  for (const path of [
    '/x',
    '/typed',
    '/typed?n=x',
    '/broken',
    '/none',
    '/openapi.json',
    '/openapi.yaml',
    '/docs',
    '/docs/init.js',
    '/.well-known/jwks.json',
  ])
    assert.equal((await client.get(path)).headers.get('x-content-type-options'), 'nosniff', path)
  assert.equal((await client.post('/x')).headers.get('x-content-type-options'), 'nosniff')
  assert.equal((await client.get('/own')).headers.get('x-content-type-options'), 'own')
  assert.equal((await client.get('/response')).headers.get('x-content-type-options'), null)
})
