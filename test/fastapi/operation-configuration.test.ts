// FastAPI, tutorial/path-operation-configuration, advanced/path-operation-advanced-configuration and
// tutorial/body-nested-models.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Ringback } from 'ringback'
import { testClient } from 'ringback/testing'
import { parse } from 'yaml'
import { z } from 'zod'
import { assertLinted, assertValid } from '../support/check-document.ts'

const Item = z
  .object({
    name: z.string(),
    description: z.string().nullish(),
    price: z.number(),
    tags: z.array(z.string()).default([]),
  })
  .meta({ id: 'Item' })

it('documents tags, summary, description, the response and deprecation', async () => {
  const app = new Ringback({ title: 'Items', version: '1.0.0' })
  const described = {
    tags: ['items'],
    summary: 'Create an item',
    description: 'Create an item with all the information',
    responseDescription: 'The created item',
    status: 201,
  } as const
  app.post('/items/', { ...described, body: Item, response: Item }, async ({ body }) => body)
  app.get('/elements/', { tags: ['items'], deprecated: true, response: z.any() }, async () => [{ item_id: 'Foo' }])
  const document = app.openapi()
  await assertValid(document)
  await assertLinted({ items: document })
  const operation = document.paths?.['/items/']?.post
  assert.deepEqual(
    [operation?.tags, operation?.summary, operation?.description],
    [described.tags, described.summary, described.description],
  )
  assert.ok(JSON.stringify(operation?.responses?.[201]).startsWith('{"description":"The created item"'))
  assert.equal(document.paths?.['/elements/']?.get?.deprecated, true)
  await using client = await testClient(app)
  const created = await client.post('/items/', { json: { name: 'Foo', price: 42 } })
  assert.deepEqual([created.status, await created.json()], [201, { name: 'Foo', price: 42, tags: [] }])
})

it('takes an operationId, an extension, a schema of its own, and leaves an operation out', async () => {
  const app = new Ringback({ title: 'Items', version: '1.0.0' })
  app.get('/items/', { operationId: 'some_specific_id_you_define', response: z.any() }, async () => [])
  app.get('/hidden/', { documented: false, response: z.any() }, async () => [])
  app.get('/extended/', { openapi: { 'x-aperture-labs-portal': 'blue' }, response: z.any() }, async () => [])
  const schema = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } }
  const requestBody = { content: { 'application/yaml': { schema } }, required: true }
  const body = z.object({ name: z.string(), tags: z.array(z.string()) })
  app.post('/yaml/', { openapi: { requestBody }, response: z.any() }, async ({ request }) =>
    body.parse(parse(await request.text())),
  )
  const document = app.openapi()
  await assertValid(document)
  assert.equal(document.paths?.['/items/']?.get?.operationId, 'some_specific_id_you_define')
  assert.equal(document.paths?.['/hidden/'], undefined)
  assert.equal(document.paths?.['/extended/']?.get?.['x-aperture-labs-portal'], 'blue')
  assert.deepEqual(document.paths?.['/yaml/']?.post?.requestBody, requestBody)
  await using client = await testClient(app)
  const sent = { body: 'name: Deadpoolio\ntags: [x-force, x-men]', headers: { 'content-type': 'application/yaml' } }
  const read = await client.post('/yaml/', sent)
  assert.deepEqual(await read.json(), { name: 'Deadpoolio', tags: ['x-force', 'x-men'] })
})

it('says what is wrong with the name of an entry', async () => {
  const app = new Ringback({ title: 'Weights', version: '1.0.0' })
  const weights = z.record(z.string().regex(/^\d+$/), z.number())
  app.post('/index-weights/', { body: weights, response: weights }, async ({ body }) => body)
  await using client = await testClient(app)
  assert.deepEqual(await (await client.post('/index-weights/', { json: { 2: 2.2, 3: 3.3 } })).json(), {
    2: 2.2,
    3: 3.3,
  })
  const refused = await client.post('/index-weights/', { json: { foo: 2.2 } })
  const { errors } = (await refused.json()) as { errors: { pointer: string; detail: string }[] }
  assert.equal(errors[0]?.pointer, '#/foo')
  assert.match(errors[0].detail, /^Invalid key in record: .*\/\^\\d\+\$\//)
})
