// https://fastapi.tiangolo.com/tutorial/body-multiple-params/
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ringback } from 'ringback'
import { testClient } from 'ringback/testing'
import { z } from 'zod'

const Item = z.object({
  name: z.string(),
  description: z.string().nullish(),
  price: z.number(),
  tax: z.number().nullish(),
})
const User = z.object({ username: z.string(), full_name: z.string().nullish() })

const app = new Ringback({ title: 'Several parts', version: '1.0.0' })
// FastAPI gathers the body from several arguments of a function; here it is written as the one object that is sent.
const body = z.object({ item: Item, user: User, importance: z.int().positive() })
const params = z.object({ item_id: z.int() })
const definition = { params, query: z.object({ q: z.string().optional() }), body, response: z.unknown() }
app.put('/items/{item_id}', definition, ({ params, query, body }) => ({ ...params, ...body, ...query }))

test('Several parts come in one body, beside path and query', async () => {
  await using client = await testClient(app)
  const json = { importance: 2, item: { name: 'Foo', price: 50.5 }, user: { username: 'Dave' } }
  const response = await client.put('/items/5', { json, query: { q: 'somequery' } })
  assert.deepEqual(await response.json(), { item_id: 5, ...json, q: 'somequery' })
})

test('What is missing or wrong in any part is named', async () => {
  await using client = await testClient(app)
  const pointers = async (json: unknown) =>
    ((await (await client.put('/items/5', { json })).json()) as { errors: { pointer: string }[] }).errors.map(
      ({ pointer }) => pointer,
    )
  assert.deepEqual(await pointers({ importance: 0 }), ['#/importance', '#/item', '#/user'])
  assert.deepEqual(await pointers({ importance: 1, item: { name: 'Foo' }, user: {} }), [
    '#/item/price',
    '#/user/username',
  ])
  const nothing = await client.put('/items/foo')
  assert.equal(nothing.status, 422)
  const { errors } = (await nothing.json()) as { errors: { in: string; pointer: string }[] }
  assert.deepEqual(
    errors.map(error => [error.in, error.pointer]),
    [
      ['path', '#/item_id'],
      ['body', '#'],
    ],
  )
})
