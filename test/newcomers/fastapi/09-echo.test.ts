import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from 'ringback/testing'
import { app } from './09-echo.ts'

test('A message comes back', async () => {
  await using client = await testClient(app)
  await using socket = await client.websocket('/echo')
  for (const text of ['hello', 'again']) {
    socket.sendJson({ text })
    assert.deepEqual(await socket.receiveJson(), { text })
  }
})

test('A message that does not fit closes the socket, and says why', async () => {
  await using client = await testClient(app)
  await using socket = await client.websocket('/echo')
  socket.sendJson({ text: '' })
  const { code, reason } = await socket.closed
  assert.equal(code, 1008)
  assert.match(reason, /text/)
})
