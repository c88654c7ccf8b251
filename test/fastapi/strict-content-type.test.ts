// https://fastapi.tiangolo.com/advanced/strict-content-type/
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ringback } from 'ringback'
import { testClient } from 'ringback/testing'
import { z } from 'zod'

const Item = z.object({ name: z.string(), price: z.number() })
const item = { name: 'Foo', price: 50.5 }

async function statuses(strictContentType: boolean) {
  const app = new Ringback({ title: 'Types', version: '1.0.0', strictContentType })
  app.post('/items/', { body: Item, response: Item }, ({ body }) => body)
  await using client = await testClient(app)
  const body = new TextEncoder().encode(JSON.stringify(item))
  const typed = async (type: string) =>
    (await client.post('/items/', { body, headers: { 'content-type': type } })).status
  return {
    json: await typed('application/json'),
    suffix: await typed('application/geo+json'),
    missing: (await client.post('/items/', { body })).status,
    text: await typed('text/plain'),
    form: await typed('application/x-www-form-urlencoded'),
  }
}

test('JSON needs its media type, and says so with a 415 where FastAPI says 422', async () => {
  assert.deepEqual(await statuses(true), { json: 200, suffix: 200, missing: 415, text: 415, form: 415 })
})

test('Without strictContentType a missing media type passes, and no other', async () => {
  assert.deepEqual(await statuses(false), { json: 200, suffix: 200, missing: 200, text: 415, form: 415 })
})
