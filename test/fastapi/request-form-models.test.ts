// https://fastapi.tiangolo.com/tutorial/request-form-models/
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { form, Ringback } from 'ringback'
import { testClient } from 'ringback/testing'
import { z } from 'zod'

const FormData = z.object({ username: z.string(), password: z.string() }).meta({ id: 'FormData' })
const Strict = z.strictObject({ username: z.string(), password: z.string() }).meta({ id: 'StrictFormData' })
const Tagged = z.object({
  username: z.string(),
  lastname: z.string().default('Doe'),
  age: z.int().optional(),
  tags: z.array(z.string()).default(['foo', 'bar']),
})

const app = new Ringback({ title: 'Form models', version: '1.0.0' })
app.post('/login/', { body: form(FormData), response: FormData }, ({ body }) => body)
app.post('/strict/', { body: form(Strict), response: Strict }, ({ body }) => body)
app.post('/tagged/', { body: form(Tagged), response: Tagged }, ({ body }) => body)
// A union of forms, which FastAPI has since 0.160.
const ByName = z.object({ kind: z.literal('name'), name: z.string() })
const ByNumber = z.object({ kind: z.literal('number'), number: z.int() })
const Either = z.discriminatedUnion('kind', [ByName, ByNumber])
app.post('/either/', { body: form(Either), response: Either }, ({ body }) => body)

test('A model holds all fields of a form', async () => {
  await using client = await testClient(app)
  const fields = { username: 'Foo', password: 'secret' }
  const response = await client.post('/login/', { form: fields })
  assert.deepEqual(await response.json(), fields)
})

test('A strict model refuses an extra field by its name', async () => {
  await using client = await testClient(app)
  const fields = { username: 'Rick', password: 'Portal Gun' }
  assert.equal((await client.post('/strict/', { form: fields })).status, 200)
  const response = await client.post('/strict/', { form: { ...fields, extra: 'Mr. Poopybutthole' } })
  assert.equal(response.status, 422)
  const { errors } = (await response.json()) as { errors: unknown }
  assert.deepEqual(errors, [
    { in: 'body', pointer: '#/extra', code: 'additionalProperties', detail: 'It is not declared' },
  ])
})

test('Defaults, numbers and lists are those of the model', async () => {
  await using client = await testClient(app)
  const short = await client.post('/tagged/', { form: { username: 'Rick', age: '' } })
  assert.deepEqual(await short.json(), { username: 'Rick', lastname: 'Doe', tags: ['foo', 'bar'] })
  const whole = await client.post('/tagged/', {
    form: { username: 'Rick', lastname: 'Sanchez', age: 70, tags: ['plumbus', 'citadel'] },
  })
  assert.deepEqual(await whole.json(), { username: 'Rick', lastname: 'Sanchez', age: 70, tags: ['plumbus', 'citadel'] })
  const wrong = await client.post('/tagged/', { form: { username: 'Rick', age: 'seventy' } })
  assert.deepEqual(
    ((await wrong.json()) as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer),
    ['#/age'],
  )
})

test('A union of models is a form as any other', async () => {
  await using client = await testClient(app)
  for (const fields of [
    { kind: 'name', name: '7' },
    { kind: 'number', number: 7 },
  ])
    assert.deepEqual(await (await client.post('/either/', { form: fields })).json(), fields)
})

test('The model is a component of the document', () => {
  const { content } = app.openapi().paths!['/login/']!.post!.requestBody!
  assert.deepEqual(content['application/x-www-form-urlencoded']!.schema, { $ref: '#/components/schemas/FormData' })
})
