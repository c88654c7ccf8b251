import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from 'ringback/testing'
import { app } from './01-upload.ts'

function upload(bytes: number, type: string): FormData {
  const data = new FormData()
  data.append('image', new File([new Uint8Array(bytes)], 'harbour', { type }))
  return data
}

test('an image is taken, and its size told', async () => {
  await using client = await testClient(app)
  const response = await client.post('/images', { body: upload(1234, 'image/png') })
  assert.equal(response.status, 201)
  assert.deepEqual(await response.json(), { size: 1234 })
})

test('another media type and too large an image are refused', async () => {
  await using client = await testClient(app)
  assert.equal((await client.post('/images', { body: upload(10, 'text/plain') })).status, 422)
  assert.equal((await client.post('/images', { body: upload(2_000_001, 'image/png') })).status, 422)
  assert.equal((await client.post('/images', { body: upload(2_200_000, 'image/png') })).status, 413)
})
