// FastAPI, advanced/additional-responses: another status, another media type.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { fileResponse, json, Ringback, sendFile } from 'ringback'
import { testClient } from 'ringback/testing'
import { z } from 'zod'
import { assertValid } from '../support/check-document.ts'

const Item = z.object({ id: z.string(), value: z.string() }).meta({ id: 'Item' })
const Message = z.object({ message: z.string() }).meta({ id: 'Message' })
const image = new Uint8Array([137, 80, 78, 71])

it('responds with JSON, with an image, or with another status, all documented', async () => {
  const app = new Ringback({ title: 'Items', version: '1.0.0' })
  app.get(
    '/items/{item_id}',
    {
      response: [json(Item), fileResponse('image/png')],
      responseDescription: 'Return the JSON item or an image.',
      responses: { 404: { body: Message, description: 'The item was not found' } },
    },
    ({ params, respond }) => {
      if (params.item_id !== 'foo') return respond(404, { message: 'Item not found' })
      return { 'application/json': { id: 'foo', value: 'there goes my hero' }, 'image/png': () => sendFile(image) }
    },
  )
  await using client = await testClient(app)
  const found = await client.get('/items/foo')
  assert.deepEqual([found.status, await found.json()], [200, { id: 'foo', value: 'there goes my hero' }])
  const shown = await client.get('/items/foo', { headers: { accept: 'image/avif,image/png,image/*;q=0.8' } })
  assert.deepEqual([shown.headers.get('content-type'), await shown.bytes()], ['image/png', image])
  const missing = await client.get('/items/bar')
  assert.deepEqual([missing.status, await missing.json()], [404, { message: 'Item not found' }])
  assert.equal((await client.get('/items/foo', { headers: { accept: 'text/html' } })).status, 406)
  await assertValid(app.openapi())
  const { responses } = JSON.parse(JSON.stringify(app.openapi().paths!['/items/{item_id}']!.get))
  assert.deepEqual(responses['200'], {
    description: 'Return the JSON item or an image.',
    content: {
      'application/json': { schema: { $ref: '#/components/schemas/Item' } },
      'image/png': { schema: { type: 'string', format: 'binary' } },
    },
  })
  assert.deepEqual(responses['404'], {
    description: 'The item was not found',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Message' } } },
  })
})
