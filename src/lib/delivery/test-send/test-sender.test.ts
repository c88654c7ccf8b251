import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { systemClock } from '../../clock.ts'
import { TestSender } from './test-sender.ts'

test('TestSender sends through a guarded transport of its own, where it is given no other', async t => {
  const received: unknown[] = []
  const server = createServer((request, response) => {
    received.push(request.headers['webhook-id'])
    response.end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const sender = new TestSender({
    ...{ clock: systemClock, masterSecret: 'm'.repeat(32), makeId: () => 'id' },
    ...{ destinations: { allow: ['127.0.0.1'] }, ownOrigins: [], transport: undefined },
  })
  const url = `http://127.0.0.1:${port}/`
  const message = { ...{ method: 'post', url, destination: url, headers: {}, body: undefined }, contentType: undefined }
  for (const webhookId of ['first', 'second']) {
    const { end } = await sender.send({ ...message, manner: 'right', webhookId })
    assert.equal(end.outcome === 'responded' && end.response.status, 200)
  }
  const { end } = await sender.send({ ...message, url: 'http://127.0.0.2/', manner: 'right' })
  assert.equal(end.outcome, 'refused')
  assert.deepEqual(received, ['first', 'second'])
  await sender.close()
})
