import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serve } from 'ringback/node'
import { testClient } from 'ringback/testing'
import { app } from './12-deploy.ts'

const forwarded = {
  'x-forwarded-for': '192.0.2.7',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'harbour.example',
}

test('what the proxy forwards is believed, from others it is not', async () => {
  await using client = await testClient(app)
  const byProxy = await client.get('/seen', { headers: forwarded, clientAddress: '127.0.0.1' })
  const { url, address } = await byProxy.json()
  assert.deepEqual([url, address], ['https://harbour.example/seen', '192.0.2.7'])
  const byOther = await (await client.get('/seen', { headers: forwarded, clientAddress: '198.51.100.9' })).json()
  assert.equal(byOther.address, '198.51.100.9')
  assert.ok(!byOther.url.startsWith('https://harbour.example'))
})

test('it says whether it is well', async () => {
  const server = await serve(app, { port: 0, host: '127.0.0.1', health: true, signals: false })
  try {
    const response = await fetch(`${server.url}/healthz/ready`)
    assert.equal(response.status, 200)
    assert.deepEqual(await response.json(), { status: 'ok' })
  } finally {
    await server.close()
  }
})
