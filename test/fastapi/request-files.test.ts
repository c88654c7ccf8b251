// https://fastapi.tiangolo.com/tutorial/request-files/
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { form, html, Ringback } from 'ringback'
import { testClient } from 'ringback/testing'
import { z } from 'zod'

const app = new Ringback({ title: 'Files', version: '1.0.0' })
const response = z.unknown()
const One = form(z.object({ file: z.file() }))
const Optional = form(z.object({ file: z.file().meta({ description: 'A file read as UploadFile' }).optional() }))
const Several = form(z.object({ files: z.array(z.file()) }))
app.post('/files/', { body: One, response }, async ({ body }) => ({ file_size: (await body.file.bytes()).length }))
app.post('/uploadfile/', { body: One, response }, ({ body }) => ({ filename: body.file.name }))
app.post('/optional/', { body: Optional, response }, ({ body }) =>
  body.file === undefined ? { message: 'No upload file sent' } : { filename: body.file.name },
)
app.post('/sizes/', { body: Several, response }, ({ body }) => ({ file_sizes: body.files.map(({ size }) => size) }))
app.post('/names/', { body: Several, response }, ({ body }) => ({ filenames: body.files.map(({ name }) => name) }))
app.get('/', { response: html() }, () => '<form action="/names/" enctype="multipart/form-data" method="post"></form>')

const file = new File(['<file content>'], 'test.txt', { type: 'text/plain' })

test('A file is read', async () => {
  await using client = await testClient(app)
  assert.deepEqual(await (await client.post('/files/', { files: { file } })).json(), { file_size: 14 })
  assert.deepEqual(await (await client.post('/uploadfile/', { files: { file } })).json(), { filename: 'test.txt' })
  const large = new File(['x'.repeat(2 ** 20 + 1)], 'large.txt')
  assert.deepEqual(await (await client.post('/files/', { files: { file: large } })).json(), { file_size: 2 ** 20 + 1 })
})

test('A file may be left out, and an input of a browser without a file counts as left out', async () => {
  await using client = await testClient(app)
  const message = { message: 'No upload file sent' }
  assert.deepEqual(await (await client.post('/optional/')).json(), message)
  assert.deepEqual(await (await client.post('/optional/', { files: { file: new File([], '') } })).json(), message)
  assert.deepEqual(await (await client.post('/optional/', { files: { file } })).json(), { filename: 'test.txt' })
})

test('Several files come under one name', async () => {
  await using client = await testClient(app)
  const files = [file, new File(['<file content 2>'], 'test2.txt')]
  assert.deepEqual(await (await client.post('/sizes/', { files: { files } })).json(), { file_sizes: [14, 16] })
  assert.deepEqual(await (await client.post('/names/', { files: { files } })).json(), {
    filenames: ['test.txt', 'test2.txt'],
  })
  assert.deepEqual(await (await client.post('/names/', { files: { files: file } })).json(), { filenames: ['test.txt'] })
})

test('No file is a 422 that names the field; a body of another kind is a 415', async () => {
  await using client = await testClient(app)
  for (const path of ['/files/', '/names/']) {
    const missing = await client.post(path)
    assert.equal(missing.status, 422)
    const { errors } = (await missing.json()) as { errors: { pointer: string }[] }
    assert.deepEqual(
      errors.map(({ pointer }) => pointer),
      [path === '/files/' ? '#/file' : '#/files'],
    )
    const json = await client.post(path, { json: { file: 'Foo' } })
    assert.deepEqual([json.status, json.headers.get('accept')], [415, 'multipart/form-data'])
  }
})

test('The document shows files as binary, with their description, required or not', () => {
  const contentOf = (path: string) => {
    const { content, required } = app.openapi().paths![path]!.post!.requestBody!
    return JSON.parse(JSON.stringify({ required, schema: content['multipart/form-data']!.schema })) as object
  }
  const binary = { type: 'string', format: 'binary' }
  assert.deepEqual(contentOf('/files/'), {
    required: true,
    schema: { type: 'object', properties: { file: binary }, required: ['file'] },
  })
  assert.deepEqual(contentOf('/optional/'), {
    schema: { type: 'object', properties: { file: { ...binary, description: 'A file read as UploadFile' } } },
  })
  assert.deepEqual(contentOf('/names/'), {
    required: true,
    schema: { type: 'object', properties: { files: { type: 'array', items: binary } }, required: ['files'] },
  })
})
