// https://fastapi.tiangolo.com/advanced/json-base64-bytes/
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ringback } from 'ringback'
import { testClient } from 'ringback/testing'
import { z } from 'zod'

/** Bytes on the way in, which are text in JSON. */
const Bytes = z.base64().transform(text => Buffer.from(text, 'base64'))
const DataInput = z.object({ description: z.string(), data: Bytes })
const DataOutput = z.object({ description: z.string(), data: z.base64() })

const app = new Ringback({ title: 'Bytes', version: '1.0.0' })
const response = z.object({ description: z.string(), content: z.string() })
app.post('/data', { body: DataInput, response }, ({ body }) => ({
  description: body.description,
  content: body.data.toString(),
}))
app.get('/data', { response: DataOutput }, () => ({
  description: 'A plumbus',
  data: Buffer.from('hello').toString('base64'),
}))
app.post('/data-in-out', { body: DataInput, response: DataOutput }, ({ body }) => ({
  ...body,
  data: body.data.toString('base64'),
}))

test('Bytes in JSON come in and go out as base64', async () => {
  await using client = await testClient(app)
  const json = { description: 'A file', data: 'SGVsbG8sIFdvcmxkIQ==' }
  assert.deepEqual(await (await client.post('/data', { json })).json(), {
    description: 'A file',
    content: 'Hello, World!',
  })
  assert.deepEqual(await (await client.get('/data')).json(), { description: 'A plumbus', data: 'aGVsbG8=' })
  assert.deepEqual(await (await client.post('/data-in-out', { json })).json(), json)
})

test('What is not base64 is a 422, and the document says that it must be', async () => {
  await using client = await testClient(app)
  const response = await client.post('/data', { json: { description: 'A file', data: 'not base64!' } })
  assert.equal(response.status, 422)
  const { errors } = (await response.json()) as { errors: { pointer: string }[] }
  assert.deepEqual(
    errors.map(({ pointer }) => pointer),
    ['#/data'],
  )
  const { content } = app.openapi().paths!['/data']!.post!.requestBody!
  const { properties } = content['application/json']!.schema as { properties: { data: { contentEncoding?: string } } }
  assert.equal(properties.data.contentEncoding, 'base64')
})
