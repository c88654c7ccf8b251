import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import * as v from 'valibot'
import { z } from 'zod'
import { assertValid } from '../../../test/support/check-document.ts'
import { callback } from '../operation/callback-definition.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { Ringback } from './ringback.ts'

const newApp = () => new Ringback({ title: 'Groups', version: '1.0.0' })
const response = z.any()
const url = (path: string) => `http://a.example${path}`

async function seen(app: Ringback, path: string, headers: Readonly<Record<string, string>> = {}) {
  const received = await app.fetch(new Request(url(path), { headers }))
  const body = (await received.json()) as { errors?: { pointer: string }[] }
  return received.status === 422 ? body.errors?.map(({ pointer }) => pointer) : body
}

describe('a group of parameters that may be missing', () => {
  const Page = z.object({ offset: z.int(), limit: z.int().max(100), sort: z.string().default('id') })

  for (const [library, query] of [
    ['Zod', Page.optional()],
    [
      'Valibot',
      toStandardJsonSchema(
        v.optional(v.object({ offset: v.number(), limit: v.number(), sort: v.optional(v.string(), 'id') })),
      ),
    ],
  ] as const)
    it(`is there as a whole or not at all, with ${library}`, async () => {
      const app = newApp()
      app.get('/x', { query, response }, ({ query }) => query ?? 'none')
      assert.equal(await seen(app, '/x'), 'none')
      assert.equal(await seen(app, '/x?other=1'), 'none')
      assert.deepEqual(await seen(app, '/x?offset=0&limit=5'), { offset: 0, limit: 5, sort: 'id' })
      assert.deepEqual(await seen(app, '/x?limit=5'), ['#/offset'])
      assert.deepEqual(await seen(app, '/x?sort=name'), ['#/limit', '#/offset'])
      assert.deepEqual(await seen(app, '/x?limit='), ['#/limit', '#/offset'])
      const document = app.openapi()
      await assertValid(document)
      const parameters = document.paths?.['/x']?.get?.parameters as { name: string; required?: boolean }[]
      assert.deepEqual(
        parameters.map(({ name, required }) => [name, required]),
        [
          ['offset', undefined],
          ['limit', undefined],
          ['sort', undefined],
        ],
      )
    })

  it('may stand beside others, by a dependency of its own', async () => {
    const page = dependency({ query: Page.optional() }, ({ query }) => query)
    const near = dependency({ query: z.object({ lat: z.number(), lon: z.number() }).optional() }, ({ query }) => query)
    const app = newApp()
    const query = z.object({ text: z.string() })
    app.get('/x', { query, dependencies: { page, near }, response }, ({ query, page, near }) => ({
      ...query,
      page: page ?? null,
      near: near ?? null,
    }))
    assert.deepEqual(await seen(app, '/x?text=a'), { text: 'a', page: null, near: null })
    assert.deepEqual(await seen(app, '/x?text=a&lat=1&lon=2'), { text: 'a', page: null, near: { lat: 1, lon: 2 } })
    assert.deepEqual(await seen(app, '/x?text=a&lat=1'), ['#/lon'])
    assert.deepEqual(await seen(app, '/x?lon=1'), ['#/lat', '#/text'])
  })

  it('is what its schema makes of nothing', async () => {
    const app = newApp()
    app.get('/default', { query: Page.default({ offset: 0, limit: 10, sort: 'new' }), response }, ({ query }) => query)
    app.get('/strict', { query: z.strictObject({ a: z.string() }).optional(), response }, ({ query }) => query ?? 0)
    app.get(
      '/deep',
      { query: z.object({ f: z.object({ a: z.string() }) }).optional(), response },
      ({ query }) => query ?? 0,
    )
    assert.deepEqual(await seen(app, '/default'), { offset: 0, limit: 10, sort: 'new' })
    assert.deepEqual(await seen(app, '/default?offset=1'), ['#/limit'])
    assert.equal(await seen(app, '/strict'), 0)
    assert.deepEqual(await seen(app, '/strict?b=1'), ['#/a', '#/b'])
    assert.equal(await seen(app, '/deep'), 0)
    assert.deepEqual(await seen(app, '/deep?f[a]=x'), { f: { a: 'x' } })
    assert.deepEqual(await seen(app, '/deep?f[b]=x'), ['#/f/a'])
  })

  it('may be of headers and cookies', async () => {
    const app = newApp()
    const headers = z.object({ 'x-a': z.string(), 'x-b': z.string() }).optional()
    const cookies = z.object({ id: z.string(), key: z.string() }).optional()
    app.get('/x', { headers, cookies, response }, ({ headers, cookies }) => [headers ?? null, cookies ?? null])
    assert.deepEqual(await seen(app, '/x', { cookie: 'other=1' }), [null, null])
    assert.deepEqual(await seen(app, '/x', { 'x-a': '1' }), ['#/x-b'])
    assert.deepEqual(await seen(app, '/x', { 'x-a': '1', 'x-b': '2', cookie: 'id=1; key=2' }), [
      { 'x-a': '1', 'x-b': '2' },
      { id: '1', key: '2' },
    ])
    assert.deepEqual(await seen(app, '/x', { cookie: 'id=1' }), ['#/key'])
  })

  it('may hold the URL of a callback, which is there when the group is', async () => {
    const app = newApp()
    const query = z.object({ callback_url: z.url(), token: z.string() }).optional()
    const done = callback.post('{$request.query.callback_url}/done', {})
    app.get('/x', { query, callbacks: { done } as {}, response }, ({ callbacks }) => {
      const { done } = callbacks as { done?: { url: string } }
      return done?.url ?? 'none'
    })
    assert.equal(await seen(app, '/x'), 'none')
    assert.equal(await seen(app, '/x?callback_url=https://www.external.org&token=t'), 'https://www.external.org/done')
  })
})
