import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from 'ringback/testing'
import { app } from './09-echo.ts'

test('a message comes back', async () => {
  await using client = await testClient(app)
  await using socket = await client.websocket('/echo')
  socket.sendJson({ text: 'Radio check' })
  assert.deepEqual(await socket.receiveJson(), { text: 'Radio check' })
})

test('a message that does not fit closes the socket', async () => {
  await using client = await testClient(app)
  await using socket = await client.websocket('/echo')
  socket.sendJson({ text: '' })
  const { code, reason } = await socket.closed
  assert.equal(code, 1008)
  assert.match(reason, /text/)
})
