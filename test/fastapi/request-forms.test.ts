// https://fastapi.tiangolo.com/tutorial/request-forms/
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { form, Ringback } from 'ringback'
import { testClient } from 'ringback/testing'
import { z } from 'zod'

const app = new Ringback({ title: 'Forms', version: '1.0.0' })
app.post(
  '/login/',
  {
    body: form(z.object({ username: z.string(), password: z.string() })),
    response: z.object({ username: z.string() }),
  },
  ({ body }) => ({ username: body.username }),
)

interface Problem {
  readonly errors: readonly { readonly in: string; readonly pointer: string }[]
}
const pointers = async (response: Response) => ((await response.json()) as Problem).errors.map(error => error.pointer)

test('The fields of a form are read, in either encoding', async () => {
  await using client = await testClient(app)
  const response = await client.post('/login/', { form: { username: 'Foo', password: 'secret' } })
  assert.deepEqual([response.status, await response.json()], [200, { username: 'Foo' }])
  const multipart = await client.post('/login/', { form: { username: 'Foo', password: 'secret' }, files: {} })
  assert.deepEqual(await multipart.json(), { username: 'Foo' })
})

test('Missing fields are named, all of them', async () => {
  await using client = await testClient(app)
  for (const [form, missing] of [
    [{ username: 'Foo' }, ['#/password']],
    [{ password: 'secret' }, ['#/username']],
    [{}, ['#/password', '#/username']],
  ] as const) {
    const response = await client.post('/login/', { form })
    assert.equal(response.status, 422)
    assert.deepEqual(await pointers(response), missing)
  }
  const nothing = await client.post('/login/')
  assert.deepEqual([nothing.status, await pointers(nothing)], [422, ['#/password', '#/username']])
})

test('JSON is refused with the media types that are taken, where FastAPI misses the fields', async () => {
  await using client = await testClient(app)
  const response = await client.post('/login/', { json: { username: 'Foo', password: 'secret' } })
  assert.equal(response.status, 415)
  assert.equal(response.headers.get('accept'), 'application/x-www-form-urlencoded, multipart/form-data')
})

test('The document shows the form, its required fields and both encodings', () => {
  const { requestBody } = app.openapi().paths!['/login/']!.post!
  const schema = {
    type: 'object',
    properties: { username: { type: 'string' }, password: { type: 'string' } },
    required: ['username', 'password'],
  }
  assert.deepEqual(JSON.parse(JSON.stringify(requestBody)), {
    required: true,
    content: { 'application/x-www-form-urlencoded': { schema }, 'multipart/form-data': { schema } },
  })
})
