import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from 'ringback/testing'
import { app } from './10-bigger.ts'

test('the router has its prefix, its tag and its dependency', async () => {
  await using client = await testClient(app)
  assert.equal((await client.get('/v1/boats')).status, 401)
  const headers = { authorization: 'Bearer token-of-ada' }
  assert.deepEqual(await (await client.get('/v1/boats/Amelie', { headers })).json(), { name: 'Amelie', owner: 'Ada' })
  assert.equal((await client.get('/v1/boats/Bruno', { headers })).status, 404)
  const { paths } = await (await client.get('/openapi.json')).json()
  assert.deepEqual(Object.keys(paths), ['/v1/boats', '/v1/boats/{name}'])
  assert.deepEqual(paths['/v1/boats'].get.tags, ['boats'])
})
