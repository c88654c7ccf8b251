// https://fastapi.tiangolo.com/tutorial/request-forms-and-files/
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { form, Ringback } from 'ringback'
import { testClient } from 'ringback/testing'
import { z } from 'zod'

const app = new Ringback({ title: 'Forms and files', version: '1.0.0' })
const Upload = form(z.object({ file: z.file(), fileb: z.file(), token: z.string() }))
app.post('/files/', { body: Upload, response: z.unknown() }, async ({ body }) => ({
  file_size: (await body.file.bytes()).length,
  token: body.token,
  fileb_content_type: body.fileb.type,
}))

const pointers = async (response: Response) =>
  ((await response.json()) as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)

test('Files and fields come in one form', async () => {
  await using client = await testClient(app)
  const files = {
    file: new File(['<file content>'], 'test.txt'),
    fileb: new File(['<file b content>'], 'testb.txt', { type: 'text/plain' }),
  }
  const response = await client.post('/files/', { form: { token: 'foo' }, files })
  assert.deepEqual(await response.json(), { file_size: 14, token: 'foo', fileb_content_type: 'text/plain' })
})

test('What is missing is named, all of it', async () => {
  await using client = await testClient(app)
  const file = new File(['<file content>'], 'test.txt')
  assert.deepEqual(await pointers(await client.post('/files/', { files: { file } })), ['#/fileb', '#/token'])
  assert.deepEqual(await pointers(await client.post('/files/', { form: { token: 'foo' }, files: {} })), [
    '#/file',
    '#/fileb',
  ])
  assert.deepEqual(await pointers(await client.post('/files/')), ['#/file', '#/fileb', '#/token'])
})

test('A form of texts and JSON are refused with the media type that is taken', async () => {
  await using client = await testClient(app)
  for (const body of [{ form: { token: 'foo' } }, { json: { file: 'Foo', token: 'Bar' } }]) {
    const response = await client.post('/files/', body)
    assert.deepEqual([response.status, response.headers.get('accept')], [415, 'multipart/form-data'])
  }
})

test('An object may stand beside the files as JSON, which FastAPI does not take', async () => {
  const app = new Ringback({ title: 'An object', version: '1.0.0' })
  const body = form(z.object({ item: z.object({ name: z.string(), price: z.number() }), file: z.file() }))
  app.post('/files/', { body, response: z.unknown() }, ({ body }) => ({ ...body.item, size: body.file.size }))
  await using client = await testClient(app)
  const item = JSON.stringify({ name: 'Foo', price: 50.5 })
  const response = await client.post('/files/', { form: { item }, files: { file: new File(['abc'], 'f') } })
  assert.deepEqual(await response.json(), { name: 'Foo', price: 50.5, size: 3 })
})
