import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from 'ringback/testing'
import { app } from './01-upload.ts'

const file = (bytes: number, type: string) => new File([new Uint8Array(bytes)], 'a.png', { type })

test('An image tells its size', async () => {
  await using client = await testClient(app)
  const response = await client.post('/images', { files: { image: file(1_234, 'image/png') } })
  assert.equal(response.status, 201)
  assert.deepEqual(await response.json(), { name: 'a.png', type: 'image/png', bytes: 1_234 })
})

test('Other media types are refused', async () => {
  await using client = await testClient(app)
  const response = await client.post('/images', { files: { image: file(10, 'application/pdf') } })
  assert.equal(response.status, 422)
  assert.equal((await response.json()).errors[0].pointer, '#/image')
})

test('Images over 2 MB are refused', async () => {
  await using client = await testClient(app)
  const response = await client.post('/images', { files: { image: file(2_000_001, 'image/png') } })
  assert.equal(response.status, 422)
  assert.match((await response.json()).errors[0].detail, /2000000 bytes/)
})

test('Exactly 2 MB are taken, without the default body limit of 1 MiB', async () => {
  await using client = await testClient(app)
  const response = await client.post('/images', { files: { image: file(2_000_000, 'image/jpeg') } })
  assert.equal(response.status, 201)
})

test('A body that is much larger is a 413', async () => {
  await using client = await testClient(app)
  const response = await client.post('/images', { files: { image: file(2_200_000, 'image/png') } })
  assert.equal(response.status, 413)
})
