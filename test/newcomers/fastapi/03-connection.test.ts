import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { testClient } from 'ringback/testing'
import { app, events } from './03-connection.ts'

beforeEach(() => events.splice(0))

test('Each request has a connection of its own, closed after the response', async () => {
  await using client = await testClient(app)
  assert.deepEqual(await (await client.get('/answers/21')).json(), { answer: 42 })
  // A response may be read before its connection is closed: this waits for it.
  await client.deliver()
  assert.deepEqual(await (await client.get('/answers/4')).json(), { answer: 8 })
  await client.deliver()
  assert.deepEqual(events, ['opened', 'asked', 'closed', 'opened', 'asked', 'closed'])
})

for (const [number, status] of [
  [13, 409],
  [14, 500],
] as const)
  test(`It is closed when the handler throws: ${status}`, async () => {
    await using client = await testClient(app)
    assert.equal((await client.get(`/answers/${number}`)).status, status)
    await client.deliver()
    assert.deepEqual(events, ['opened', 'closed'])
  })
