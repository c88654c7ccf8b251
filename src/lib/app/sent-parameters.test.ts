import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import Type from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { dependency } from '../operation/dependency-definition.ts'
import { typebox } from '../schema/libraries/typebox.ts'
import { apiKey } from '../security/api-key.ts'
import { Ringback } from './ringback.ts'

const newApp = () => new Ringback({ title: 't', version: '1' })

async function responseOf(app: Ringback, path: string, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await app.fetch(new Request(`http://a${path}`, { headers }))
  return response.status === 200 ? await response.json() : response.status
}

describe('a strict schema beside parameters that others declare', () => {
  const page = dependency({ query: z.object({ page: z.number() }) }, ({ query }) => query.page)
  const deep = dependency({ query: z.object({ f: z.object({ a: z.number() }) }) }, ({ query }) => query.f.a)
  const key = apiKey({ in: 'query', name: 'api_key' })
  const session = apiKey({ in: 'cookie', name: 'session' })
  const strict = {
    zod: z.strictObject({ q: z.string() }),
    arktype: type({ q: 'string', '+': 'reject' }),
    valibot: toStandardJsonSchema(v.strictObject({ q: v.string() })),
    typebox: typebox(Type.Object({ q: Type.String() }, { additionalProperties: false })),
  }

  test('a name that several of them refuse is reported once', async () => {
    const app = newApp()
    const other = dependency({ query: z.strictObject({ p: z.string().optional() }) }, () => 1)
    app.get('/a', { dependencies: { other }, query: strict.zod, response: z.unknown() }, () => 1)
    const response = await app.fetch(new Request('http://a/a?q=x&nobody=1'))
    const { errors } = (await response.json()) as { errors: unknown }
    assert.deepEqual(errors, [
      { in: 'query', pointer: '#/nobody', code: 'additionalProperties', detail: 'It is not declared' },
    ])
  })

  for (const [library, query] of Object.entries(strict))
    test(`${library}: takes names that a dependency and a scheme declare, and refuses undeclared ones`, async () => {
      const app = newApp()
      app.get('/a', { dependencies: { page, deep, key }, query, response: z.unknown() }, ({ query, page, deep }) => [
        query,
        page,
        deep,
      ])
      assert.deepEqual(await responseOf(app, '/a?q=x&page=2&f[a]=3&api_key=k'), [{ q: 'x' }, 2, 3])
      for (const more of ['other=1', 'page[x]=1', 'g[a]=1', 'page2=1'])
        assert.equal(await responseOf(app, `/a?q=x&page=2&f[a]=3&api_key=k&${more}`), 422, more)
    })

  test('works for cookies, paths, records and strict dependencies', async () => {
    const app = newApp()
    const strictPage = dependency({ query: z.strictObject({ page: z.number() }) }, ({ query }) => query.page)
    const cookies = z.strictObject({ theme: z.string() })
    app.get('/c', { dependencies: { session }, cookies, response: z.unknown() }, ({ cookies }) => cookies)
    app.get(
      '/r',
      { dependencies: { page, key }, query: z.record(z.string(), z.number()), response: z.unknown() },
      ({ query }) => query,
    )
    app.get('/s', { dependencies: { strictPage }, query: strict.zod, response: z.unknown() }, context => [
      context.query,
      context.strictPage,
    ])
    app.get('/p/{a}/{b}', { params: z.strictObject({ a: z.number() }), response: z.unknown() }, ({ params }) => params)
    assert.deepEqual(await responseOf(app, '/c', { cookie: 'theme=x; session=s' }), { theme: 'x' })
    assert.equal(await responseOf(app, '/c', { cookie: 'theme=x; session=s; other=1' }), 422)
    assert.deepEqual(await responseOf(app, '/r?n=5&page=2&api_key=k'), { n: 5 })
    assert.deepEqual(await responseOf(app, '/s?q=x&page=2'), [{ q: 'x' }, 2])
    assert.equal(await responseOf(app, '/s?q=x&page=2&z=1'), 422)
    assert.deepEqual(await responseOf(app, '/p/1/x'), { a: 1 })
  })
})

describe('cookies as user agents send them', () => {
  const values = [
    ['{"type":"desktop"}', '{"type":"desktop"}'],
    ['a"b', 'a"b'],
    ['a\\b', 'a\\b'],
    ['a\tb', 'a\tb'],
    ['gr\xc3\xbc\xc3\x9fe', 'grüße'],
    ['\xe2\x82\xac 5', '€ 5'],
    ['\xfc', '\xfc'],
    ['"quoted"', 'quoted'],
    ['"', '"'],
    ['a=b%20c', 'a=b c'],
    ['%zz', '%zz'],
    ['', ''],
  ] as const

  test('reach the handler and a key', async () => {
    const app = newApp()
    const key = apiKey({ in: 'cookie', name: 'key' })
    app.get('/c', { cookies: z.object({ device: z.string() }), response: z.unknown() }, ({ cookies }) => cookies.device)
    app.get('/k', { dependencies: { key }, response: z.string() }, ({ key }) => key)
    for (const [sent, wanted] of values) {
      const cookie = `before=1; device=${sent}; after="x; device=second`
      assert.equal(await responseOf(app, '/c', { cookie }), wanted, sent)
      assert.equal(await responseOf(app, '/k', { cookie: `key=${sent}` }), wanted === '' ? 401 : wanted, sent)
    }
  })
})

describe('lists in one text', () => {
  const names = z.array(z.string())

  test('in a path and a cookie are split before their items are decoded, and keep spaces', async () => {
    const app = newApp()
    app.get('/l/{names}', { params: z.object({ names }), response: z.unknown() }, ({ params }) => params.names)
    app.get('/r/{names*}', { params: z.object({ names }), response: z.unknown() }, ({ params }) => params.names)
    app.get('/c', { cookies: z.object({ names }), response: z.unknown() }, ({ cookies }) => cookies.names)
    const cases = [
      ['Paris%2C%20FR,Rome', ['Paris, FR', 'Rome']],
      ['a%20,b', ['a ', 'b']],
      ['%20,%2C,%2c', [' ', ',', ',']],
      ['%zz,b%2Cc', ['%zz', 'b,c']],
      ['a,,b', ['a', '', 'b']],
    ] as const
    for (const [sent, wanted] of cases) {
      assert.deepEqual(await responseOf(app, `/l/${sent}`), wanted, sent)
      assert.deepEqual(await responseOf(app, `/r/${sent}`), wanted, sent)
      assert.deepEqual(await responseOf(app, '/c', { cookie: `names=${sent}` }), wanted, sent)
    }
    assert.deepEqual(await responseOf(app, '/c', { cookie: 'names=a ,b' }), ['a ', 'b'])
  })

  test('in a header are trimmed and stand for themselves', async () => {
    const app = newApp()
    app.get('/h', { headers: z.object({ 'x-names': names }), response: z.unknown() }, context => context.headers)
    assert.deepEqual(await responseOf(app, '/h', { 'x-names': 'a%2Cb , c' }), { 'x-names': ['a%2Cb', 'c'] })
  })

  test('one text in a path or a cookie is decoded once', async () => {
    const app = newApp()
    app.get('/p/{id}', { params: z.object({ id: z.string() }), response: z.unknown() }, ({ params }) => params.id)
    app.get('/q/{id}', { response: z.unknown() }, ({ params }) => params.id)
    for (const path of ['/p', '/q']) assert.equal(await responseOf(app, `${path}/a%252Cb,c%2Fd`), 'a%2Cb,c/d')
  })
})
