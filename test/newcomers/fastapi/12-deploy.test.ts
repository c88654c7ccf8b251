import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from 'ringback/testing'
import { app } from './12-deploy.ts'

const headers = {
  'x-forwarded-for': '192.0.2.7',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'orders.example',
}

test('What the proxy forwards is believed', async () => {
  await using client = await testClient(app)
  const response = await client.get('/seen', { headers, clientAddress: '172.18.0.3' })
  assert.deepEqual(await response.json(), { url: 'https://orders.example/seen', address: '192.0.2.7' })
})

test('What anybody else forwards is not', async () => {
  await using client = await testClient(app)
  const response = await client.get('/seen', { headers, clientAddress: '198.51.100.1' })
  assert.deepEqual(await response.json(), { url: 'http://testserver/seen', address: '198.51.100.1' })
})
