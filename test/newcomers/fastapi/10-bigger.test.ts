import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from 'ringback/testing'
import { app } from './10-bigger.ts'

const headers = { authorization: 'Bearer token-of-ada' }

test('The router is under /v1, for users only', async () => {
  await using client = await testClient(app)
  assert.deepEqual(await (await client.get('/v1/orders', { headers })).json(), [{ id: 1, customer: 'Ada' }])
  assert.equal((await client.get('/v1/orders/2', { headers })).status, 404)
  assert.equal((await client.get('/v1/orders/1')).status, 401)
  assert.equal((await client.get('/orders', { headers })).status, 404)
})

test('Tag and security are in the document', () => {
  const { tags, security } = app.openapi().paths?.['/v1/orders']?.get ?? {}
  assert.deepEqual({ tags, security }, { tags: ['orders'], security: [{ httpBearer: [] }] })
})
