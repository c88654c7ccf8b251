import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { CallbackArgumentError } from '../callback/callback-argument-error.ts'
import { callback } from '../operation/callback-definition.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'

const query = z.object({ callback_url: z.url() })
const params = z.object({ item_id: z.string() })
const createApp = () => new Ringback({ title: 'Items', version: '1.0.0' })
const to = { query: { callback_url: 'https://www.external.org/hook?token=a' } }

describe('The values of a URL that only the sender knows', () => {
  it('become one percent-encoded segment each, for every send', async () => {
    const app = createApp()
    const changed = callback.post('{$callback_url}/items/{item_id}/v{version}', {
      params: z.object({ item_id: z.string(), version: z.int() }),
      body: z.object({ ok: z.boolean() }),
    })
    app.post('/a', { query, callbacks: { changed }, response: z.any() }, async ({ callbacks }) => {
      const urls: string[] = []
      for (const item_id of ['7/8', 'ä b', 'a?b#c', '%2e', '{x}'])
        urls.push((await callbacks.changed.send({ ok: true }, { path: { item_id, version: 2 } })).url)
      return { urls, url: callbacks.changed.url ?? 'none' }
    })
    await using client = await testClient(app)
    const { urls, url } = (await (await client.post('/a', to)).json()) as { urls: string[]; url: string }
    assert.equal(url, 'none')
    assert.deepEqual(
      urls,
      ['7%2F8', '%C3%A4%20b', 'a%3Fb%23c', '%252e', '%7Bx%7D'].map(
        segment => `https://www.external.org/hook/items/${segment}/v2?token=a`,
      ),
    )
    assert.deepEqual(
      client.deliveries.map(({ url }) => url),
      urls,
    )
    assert.ok(client.deliveries.every(({ destination }) => destination === 'https://www.external.org/hook?token=a'))
  })

  it('are refused where they make no segment or are not as declared', async () => {
    const app = createApp()
    const changed = callback.post('{$callback_url}/items/{item_id}', {
      params: z.object({ item_id: z.string().max(3) }),
    })
    const errors: CallbackArgumentError['errors'][number][] = []
    app.post('/a', { query, callbacks: { changed } }, async ({ callbacks }) => {
      for (const item_id of ['', '.', '..', '\ud800', 'long', undefined, 7])
        await callbacks.changed.send(undefined, { path: { item_id: item_id as string } }).catch(error => {
          assert.ok(error instanceof CallbackArgumentError)
          errors.push(...error.errors)
        })
      // @ts-expect-error The compiler asks for it.
      await callbacks.changed.send().catch(error => errors.push(...error.errors))
    })
    await using client = await testClient(app)
    assert.equal((await client.post('/a', to)).status, 204)
    assert.deepEqual(
      errors.map(({ in: place, pointer }) => `${place} ${pointer}`),
      Array.from({ length: 8 }, () => 'path #/item_id'),
    )
    assert.deepEqual(client.deliveries, [])
  })

  it('are taken by call', async () => {
    const app = createApp()
    const read = callback.get('{$callback_url}/items/{item_id}', { params, response: z.object({ path: z.string() }) })
    app.post('/a', { query, callbacks: { read }, response: z.any() }, async ({ callbacks }) => {
      return (await callbacks.read.call(undefined, { path: { item_id: 'a/b' } })).body
    })
    await using client = await testClient(app)
    client.externalApi('https://www.external.org', request => Response.json({ path: new URL(request.url).pathname }))
    assert.deepEqual(await (await client.post('/a', to)).json(), { path: '/hook/items/a%2Fb' })
  })

  it('are given to a kept callback', async () => {
    const app = createApp()
    const changed = callback.post('{$callback_url}/items/{item_id}', { params })
    app.post('/keep', { query, callbacks: { changed }, response: z.any() }, async ({ callbacks }) => {
      return callbacks.changed.toJSON()
    })
    app.post('/use', { body: z.any() }, async ({ body }) => {
      await app.restore(changed, body).send(undefined, { path: { item_id: '9' } })
    })
    await using client = await testClient(app)
    const kept = (await (await client.post('/keep', to)).json()) as { template: string; values: object }
    assert.equal(kept.template, '{$request.query.callback_url}/items/{item_id}')
    assert.deepEqual(Object.keys(kept.values), ['$request.query.callback_url'])
    assert.equal((await client.post('/use', { json: kept })).status, 204)
    assert.equal(client.deliveries[0]?.url, 'https://www.external.org/hook/items/9?token=a')
  })

  it('join what the response gives', async () => {
    const app = createApp()
    const response = z.object({ id: z.string() })
    const created = callback.post('{$callback_url}/{$response.body#/id}/{item_id}', { params })
    app.post('/a', { query, response, callbacks: { created } }, async ({ callbacks }) => {
      await callbacks.created.send(undefined, { path: { item_id: '1' } })
      await callbacks.created.send(undefined, { path: { item_id: '2' } })
      return { id: 'x' }
    })
    await using client = await testClient(app)
    await client.post('/a', to)
    assert.deepEqual(
      client.deliveries.map(({ url }) => url),
      ['https://www.external.org/hook/x/1?token=a', 'https://www.external.org/hook/x/2?token=a'],
    )
  })

  it('do not hide that an optional URL was not given', async () => {
    const app = createApp()
    const changed = callback.post('{$callback_url}/{item_id}', { params })
    const optional = z.object({ callback_url: z.url().optional() })
    app.post('/a', { query: optional, callbacks: { changed }, response: z.boolean() }, async ({ callbacks }) => {
      await callbacks.changed?.send(undefined, { path: { item_id: '1' } })
      return callbacks.changed === undefined
    })
    await using client = await testClient(app)
    assert.equal(await (await client.post('/a')).json(), true)
    assert.equal((await client.post('/a', { query: { callback_url: 'no URL' } })).status, 422)
    assert.deepEqual(client.deliveries, [])
  })

  const refused: readonly (readonly [url: string, params: z.ZodObject | undefined, message: RegExp])[] = [
    [
      '{$callback_url}/{item_id}',
      undefined,
      /begin with "\$", or be declared in "params" .*write "\{\$callback_url\}\/\{\$item_id\}"/,
    ],
    ['{$callback_url}/{item}', params, /declared in "params" if only the sender knows its value/],
    ['{$callback_url}', params, /"params" of .* declares "item_id", but its URL has no "\{item_id\}"/],
    ['{$callback_url}/{item_id}', z.object({ item_id: z.int().optional() }), /"item_id" as optional.*make it required/],
    ['{item_id}/x', params, /cannot begin with "\{item_id\}"/],
    ['https://{item_id}/x', params, /part of the scheme, host or port/],
    ['{$callback_url}?id={item_id}', params, /stands in the query.*declare it in "query"/],
    [
      '{$callback_url}/{item_id}',
      z.object({ item_id: z.array(z.string()) }),
      /declares "item_id" as an array or an object/,
    ],
  ]
  for (const [url, params, message] of refused)
    it(`refuses ${url} with ${params === undefined ? 'no params' : JSON.stringify(Object.keys(params.shape))}`, () => {
      const note = callback.post(url, (params === undefined ? {} : { params }) as object)
      const set: object = { note }
      assert.throws(() => createApp().post('/a', { query, callbacks: set as {} }, async () => {}), message)
    })

  it('are parameters of the path for the receiver, and may be read by its own callbacks', () => {
    const app = createApp()
    const done = callback.post('https://www.external.org/done/{$request.path.item_id}', {})
    const changed = callback.post('{$callback_url}/{item_id}', { params, callbacks: { done } })
    app.post('/a', { query, callbacks: { changed } }, async () => {})
    assert.ok(JSON.stringify(app.openapi()).includes('/done/{$request.path.item_id}'))
  })
})
