import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type } from 'arktype'
import { z } from 'zod'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'

test('a handler sees what a client sent of a body, without what the schema filled in', async () => {
  const stored = { name: 'chair', price: 7, maker: { city: 'Delft', country: 'DE' } }
  const maker = z.object({ city: z.string(), country: z.string().default('NL') }).partial()
  const Item = z.object({ name: z.string(), price: z.number().default(10), maker })
  const app = new Ringback({ title: 'Items', version: '1.0.0' })
  app.patch('/item', { body: Item.partial(), response: Item }, ({ body, sent }) => {
    assert.equal(body.price, 'price' in sent ? sent.price : 10)
    return { ...stored, ...sent, maker: { ...stored.maker, ...sent.maker } }
  })
  app.patch('/ark', { body: type({ n: 'number = 1', 'm?': 'string' }), response: z.any() }, ({ sent }) => sent)
  app.get('/none', { response: z.any() }, ({ sent }) => ({ sent: sent ?? null }))
  await using client = await testClient(app)
  const patched = async (json: object) => (await client.patch('/item', { json })).json()
  assert.deepEqual(await patched({ name: 'table' }), { ...stored, name: 'table' })
  assert.deepEqual(await patched({ price: '8' }), { ...stored, price: 8 })
  assert.deepEqual(await patched({ maker: { city: 'Lyon' } }), { ...stored, maker: { city: 'Lyon', country: 'DE' } })
  assert.deepEqual(await (await client.patch('/ark', { json: {} })).json(), {})
  assert.deepEqual(await (await client.patch('/ark', { json: { n: 1 } })).json(), { n: 1 })
  assert.deepEqual(await (await client.get('/none')).json(), { sent: null })
})
