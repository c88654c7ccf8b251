import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from 'ringback/testing'
import { app, events } from './03-connection.ts'

test('the connection is closed behind a response', async () => {
  {
    await using client = await testClient(app)
    assert.equal(await (await client.get('/answer')).json(), 42)
  }
  assert.deepEqual(events.splice(0), ['open', 'close'])
})

test('and behind an error', async () => {
  {
    await using client = await testClient(app)
    assert.equal((await client.get('/broken')).status, 500)
  }
  assert.deepEqual(events.splice(0), ['open', 'close'])
})
