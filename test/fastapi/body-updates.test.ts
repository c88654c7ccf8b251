// FastAPI, tutorial/body-updates and encoder.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Ringback } from 'ringback'
import { testClient } from 'ringback/testing'
import { z } from 'zod'

const Item = z.object({
  name: z.string().nullish(),
  description: z.string().nullish(),
  price: z.number().nullish(),
  tax: z.number().default(10.5),
  tags: z.array(z.string()).default([]),
})

const stored = (): Record<string, z.output<typeof Item>> => ({
  foo: { name: 'Foo', price: 50.2, tax: 10.5, tags: [] },
  bar: { name: 'Bar', description: 'The bartenders', price: 62, tax: 20.2, tags: [] },
})

it('replaces with PUT, and with PATCH changes only what was sent', async () => {
  const items = stored()
  const app = new Ringback({ title: 'Items', version: '1.0.0' })
  app.get('/items/{item_id}', { response: Item }, ({ params }) => items[params.item_id]!)
  app.put('/items/{item_id}', { body: Item, response: Item }, ({ params, body }) => (items[params.item_id] = body))
  app.patch('/items/{item_id}', { body: Item, response: Item }, ({ params, sent }) => {
    const item = { ...items[params.item_id]!, ...sent } as z.output<typeof Item>
    items[params.item_id] = item
    return item
  })
  await using client = await testClient(app)
  // The default of "tax" is written by PUT, and not by PATCH.
  const put = await client.put('/items/bar', { json: { name: 'Barz', price: 3, description: null } })
  assert.deepEqual(await put.json(), { name: 'Barz', price: 3, description: null, tax: 10.5, tags: [] })
  Object.assign(items, stored())
  const patched = await client.patch('/items/bar', { json: { name: 'Barz', price: 3 } })
  const expected = { name: 'Barz', description: 'The bartenders', price: 3, tax: 20.2, tags: [] }
  assert.deepEqual(await patched.json(), expected)
  assert.deepEqual(await (await client.get('/items/bar')).json(), expected)
})

it('stores what JSON has', async () => {
  const Dated = z.object({
    title: z.string(),
    timestamp: z.iso.datetime({ local: true }),
    description: z.string().nullish(),
  })
  const database: Record<string, unknown> = {}
  const app = new Ringback({ title: 'Items', version: '1.0.0' })
  app.put('/items/{id}', { body: Dated, status: 204 }, ({ params, body }) => {
    database[params.id] = JSON.parse(JSON.stringify(body))
  })
  await using client = await testClient(app)
  const item = { title: 'Foo', timestamp: '2026-05-04T12:00:00', description: 'An item' }
  await client.put('/items/1', { json: item })
  assert.deepEqual(database, { 1: item })
})
