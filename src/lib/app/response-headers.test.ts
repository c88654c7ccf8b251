import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import Type from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { HttpError } from '../http/http-error.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { typebox } from '../schema/libraries/typebox.ts'
import type { Schema } from '../schema/schema.ts'
import { Ringback } from './ringback.ts'

function newApp(): { app: Ringback; errors: string[] } {
  const errors: string[] = []
  const log = {
    debug() {},
    info() {},
    warn() {},
    error: (_: string, fields?: object) => void errors.push(String((fields as { error?: unknown } | undefined)?.error)),
  }
  return { app: new Ringback({ title: 't', version: '1', log }), errors }
}

const get = (app: Ringback, path = '/x', method = 'GET') => app.fetch(new Request(`http://a${path}`, { method }))

type Responding = (status: number, body: unknown, options: object) => never

/** What is sent for `headers` that `schema` declares: their text, or the log's message. */
async function written(schema: Schema | undefined, headers: object): Promise<unknown> {
  const { app, errors } = newApp()
  app.get('/x', { response: z.string(), responseHeaders: schema as z.ZodType<object> }, ({ respond }) =>
    (respond as Responding)(200, 'x', { headers }),
  )
  const { status, headers: sent } = await get(app)
  if (status !== 200) return errors.join()
  sent.delete('content-type')
  sent.delete('x-content-type-options')
  return Object.fromEntries(sent)
}

const Paging = z.object({ 'x-total': z.int(), 'x-last': z.boolean() })

describe('Headers of a response', () => {
  const paging: Readonly<Record<string, Schema>> = {
    zod: Paging,
    valibot: toStandardJsonSchema(v.object({ 'x-total': v.pipe(v.number(), v.integer()), 'x-last': v.boolean() })),
    arktype: type({ 'x-total': 'number.integer', 'x-last': 'boolean' }),
    typebox: typebox(Type.Object({ 'x-total': Type.Integer(), 'x-last': Type.Boolean() })),
  }
  for (const [name, schema] of Object.entries(paging))
    test(`are written as text if they are numbers or booleans: ${name}`, async () => {
      const texts = { 'x-total': '3', 'x-last': 'false' }
      assert.deepEqual(await written(schema, { 'x-total': 3, 'x-last': false }), texts)
      assert.deepEqual(await written(schema, texts), texts)
      assert.match(
        String(await written(schema, { 'x-total': 3.5, 'x-last': false })),
        /ResponseInvalidError.*#\/x-total/,
      )
      assert.match(String(await written(schema, { 'x-last': false })), /ResponseInvalidError.*#\/x-total/)
    })

  test('are written as text even if they are not declared', async () => {
    const headers = { 'x-total': 3, 'x-last': true, 'x-list': [1, 'a', false], etag: 'W/"1"' }
    const texts = { 'x-total': '3', 'x-last': 'true', 'x-list': '1, a, false', etag: 'W/"1"' }
    assert.deepEqual(await written(undefined, headers), texts)
    assert.deepEqual(await written(z.object({ 'x-total': z.number() }), headers), texts)
    assert.deepEqual(await written(undefined, { 'x-none': undefined, 'x-a': null, 'x-b': [] }), {})
  })

  test('have the values that the schema gives', async () => {
    const schema = z.object({
      'x-version': z.number().default(2),
      etag: z
        .number()
        .transform(n => `W/"${n}"`)
        .pipe(z.string()),
      'x-list': z.array(z.number()).optional(),
    })
    assert.deepEqual(await written(schema, { etag: 7, 'x-list': [1, 2] }), {
      'x-version': '2',
      etag: 'W/"7"',
      'x-list': '1, 2',
    })
    assert.deepEqual(await written(z.object({ 'x-at': z.string().refine(async () => true) }), { 'x-at': 'a' }), {
      'x-at': 'a',
    })
  })

  test('are found in any case of their names', async () => {
    assert.deepEqual(await written(z.object({ 'X-Total': z.number() }), { 'X-Total': 3 }), { 'x-total': '3' })
    assert.deepEqual(await written(z.object({ 'X-Total': z.number() }), { 'x-total': 3 }), { 'x-total': '3' })
    assert.deepEqual(await written(z.object({ 'x-total': z.number() }), { 'X-TOTAL': 3 }), { 'x-total': '3' })
  })

  test('are refused if they are not text, or would begin another field', async () => {
    for (const value of [new Date(0), {}, () => 1, Symbol('a'), [new Date(0)], 7n])
      assert.match(String(await written(undefined, { 'x-a': value })), /The header "x-a" is .*: give text, a number/)
    assert.match(String(await written(undefined, { 'x-a': 'a\r\nx-b: c' })), /Invalid character/)
    const schema = z.object({
      'x-a': z
        .string()
        .transform(text => `${text}\r\nx-b: c`)
        .pipe(z.string()),
    })
    assert.match(String(await written(schema, { 'x-a': 'a' })), /Invalid character/)
    assert.match(String(await written(undefined, { 'Content-Length': 3 })), /"Content-Length" is set by the server/)
  })

  test('belong to their status', async () => {
    const { app } = newApp()
    const gone = { headers: z.object({ 'retry-after': z.number() }), body: z.string() }
    app.get('/x', { response: z.string(), responses: { 429: gone } }, ({ respond }) =>
      respond(429, 'later', { headers: { 'retry-after': 30 } }),
    )
    const response = await get(app)
    assert.deepEqual([response.status, response.headers.get('retry-after')], [429, '30'])
  })

  test('cannot be objects, whatever the status', () => {
    const headers = z.object({ 'x-a': z.object({ b: z.string() }) })
    for (const definition of [{ responseHeaders: headers }, { responses: { 404: { headers } } }])
      assert.throws(() => newApp().app.get('/x', definition as object, () => {}), {
        name: 'DefinitionError',
        message: /"x-a" as an object/,
      })
  })
})

describe('A header that a dependency sets on the response', () => {
  const tracing = dependency({}, ({ responseHeaders, setCookie }) => {
    responseHeaders.set('x-trace', 'dependency')
    responseHeaders.set('x-own', 'dependency')
    responseHeaders.set('vary', 'Accept')
    setCookie('seen', '1')
    return 'trace'
  })
  const outer = dependency({ dependencies: { tracing } }, async function* ({ responseHeaders }) {
    responseHeaders.append('x-order', 'outer')
    yield 1
  })

  const responses: Readonly<Record<string, (app: Ringback) => void>> = {
    'a plain value': app => app.get('/x', { response: z.string(), dependencies: { outer } }, () => 'x'),
    nothing: app => app.get('/x', { dependencies: { outer } }, () => {}),
    respond: app => app.get('/x', { status: 200, dependencies: { outer } }, ({ respond }) => respond(200)),
    'a web Response': app => app.get('/x', { dependencies: { outer } }, () => new Response('x')),
    'a Response that streams': app =>
      app.get('/x', { dependencies: { outer } }, () => new Response(new Blob(['x']).stream())),
  }
  for (const [name, define] of Object.entries(responses))
    test(`is on ${name}`, async () => {
      const { app } = newApp()
      define(app)
      for (const method of ['GET', 'HEAD']) {
        const { headers } = await get(app, '/x', method)
        assert.equal(headers.get('x-trace'), 'dependency')
        assert.equal(headers.get('x-order'), 'outer')
        assert.deepEqual(headers.getSetCookie(), ['seen=1; Path=/; HttpOnly; SameSite=Lax'])
      }
    })

  const own = { headers: { 'X-Own': 'handler', Vary: 'Origin' }, cookies: { login: 'abc' } }
  const owns: Readonly<Record<string, (app: Ringback) => void>> = {
    respond: app =>
      app.get('/x', { response: z.string(), dependencies: { outer } }, ({ respond }) => respond(200, 'x', own)),
    'a web Response': app =>
      app.get('/x', { dependencies: { outer } }, () => {
        const headers = { 'x-own': 'handler', vary: 'Origin', 'set-cookie': 'login=abc' }
        return new Response('x', { headers })
      }),
  }
  for (const [name, define] of Object.entries(owns))
    test(`yields to the handler's with ${name}, except for cookies and vary`, async () => {
      const { app } = newApp()
      define(app)
      const { headers } = await get(app)
      assert.equal(headers.get('x-own'), 'handler')
      assert.equal(headers.get('vary'), 'Accept, Origin')
      assert.deepEqual(
        headers.getSetCookie().map(line => line.split(';')[0]),
        ['seen=1', 'login=abc'],
      )
    })

  test('may be a declared one, as text', async () => {
    const { app, errors } = newApp()
    const total = dependency({}, ({ responseHeaders }) => responseHeaders.set('X-Total', '12'))
    const wrong = dependency({}, ({ responseHeaders }) => responseHeaders.set('X-Total', 'many'))
    const responseHeaders = z.object({ 'x-total': z.int().optional() })
    app.get('/x', { response: z.string(), responseHeaders, dependencies: { total } }, () => 'x')
    app.get('/y', { response: z.string(), responseHeaders, dependencies: { wrong } }, () => 'x')
    assert.equal((await get(app)).headers.get('x-total'), '12')
    assert.equal((await get(app, '/y')).status, 500)
    assert.match(errors.join(), /#\/x-total/)
  })

  test('may be the media type of a JSON body, but not a header that frames it', async () => {
    const { app, errors } = newApp()
    const vendor = dependency({}, ({ responseHeaders }) =>
      responseHeaders.set('content-type', 'application/vnd.a+json'),
    )
    const length = dependency({}, ({ responseHeaders }) => responseHeaders.set('content-length', '1'))
    app.get('/x', { response: z.string(), dependencies: { vendor } }, () => 'x')
    app.get('/y', { response: z.string(), dependencies: { length } }, () => 'x')
    assert.equal((await get(app)).headers.get('content-type'), 'application/vnd.a+json')
    assert.equal((await get(app, '/y')).status, 500)
    assert.match(errors.join(), /"content-length" is set by the server/)
  })

  test('can be set by the handler in the same way, and belongs to one request', async () => {
    const { app } = newApp()
    app.get(
      '/x',
      { query: z.object({ n: z.int() }), response: z.string() },
      ({ query, responseHeaders, setCookie }) => {
        if (query.n === 1) responseHeaders.set('x-first', '1')
        setCookie(`n${query.n}`, { value: 'a', httpOnly: false })
        return 'x'
      },
    )
    const first = await get(app, '/x?n=1')
    const second = await get(app, '/x?n=2')
    assert.deepEqual(
      [first, second].map(({ headers }) => headers.get('x-first')),
      ['1', null],
    )
    assert.deepEqual(second.headers.getSetCookie(), ['n2=a; Path=/; SameSite=Lax'])
  })

  test('is not on responses to errors', async () => {
    const { app } = newApp()
    app.get('/x', { response: z.string(), dependencies: { outer } }, () => {
      throw new HttpError(404, 'gone')
    })
    app.get('/y', { response: z.string(), query: z.object({ n: z.int() }), dependencies: { outer } }, () => 'x')
    for (const [path, status] of [
      ['/x', 404],
      ['/y', 422],
    ] as const) {
      const response = await get(app, path)
      assert.deepEqual([response.status, response.headers.get('x-trace')], [status, null])
      assert.deepEqual(response.headers.getSetCookie(), [])
    }
  })
})
