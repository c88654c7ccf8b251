// FastAPI, tutorial/response-status-code and advanced/additional-status-codes, response-change-status-code.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Ringback } from 'ringback'
import { testClient } from 'ringback/testing'
import { z } from 'zod'

it('declares another status', async () => {
  const app = new Ringback({ title: 'Items', version: '1.0.0' })
  const query = z.object({ name: z.string() })
  app.post('/items/', { query, status: 201, response: query }, ({ query }) => query)
  await using client = await testClient(app)
  const response = await client.post('/items/?name=Foo')
  assert.deepEqual([response.status, await response.json()], [201, { name: 'Foo' }])
  const { responses } = app.openapi().paths!['/items/']!.post!
  assert.deepEqual(Object.keys(responses!), ['201', '422', 'default'])
})

it('responds with 200 or 201, both documented', async () => {
  const Item = z.object({ name: z.string().nullish(), size: z.int().nullish() }).meta({ id: 'Item' })
  const items: Record<string, z.infer<typeof Item>> = {
    foo: { name: 'Fighters', size: 6 },
    bar: { name: 'Tenders', size: 3 },
  }
  const app = new Ringback({ title: 'Items', version: '1.0.0' })
  app.put(
    '/items/{item_id}',
    { body: Item, response: Item, responses: { 201: { body: Item } } },
    ({ params, body, respond }) => {
      const status = params.item_id in items ? 200 : 201
      items[params.item_id] = body
      return respond(status, body)
    },
  )
  await using client = await testClient(app)
  const put = async (id: string, json: object) => {
    const response = await client.put(`/items/${id}`, { json })
    return [response.status, await response.json()]
  }
  assert.deepEqual(await put('red', { name: 'Wrestlers' }), [201, { name: 'Wrestlers' }])
  assert.deepEqual(await put('foo', { name: 'Wrestlers' }), [200, { name: 'Wrestlers' }])
  assert.ok('201' in app.openapi().paths!['/items/{item_id}']!.put!.responses!)
})
