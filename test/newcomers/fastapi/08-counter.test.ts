import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEvents, testClient } from 'ringback/testing'
import { app, running } from './08-counter.ts'

test('It counts until the client goes away', async () => {
  await using client = await testClient(app)
  const seen: unknown[] = []
  for await (const { event, id, data } of readEvents(await client.get('/counter', { query: { everyMs: 0 } }))) {
    seen.push([event, id, data])
    if (seen.length === 3) break
  }
  assert.deepEqual(seen, [
    ['count', '1', '{"count":1}'],
    ['count', '2', '{"count":2}'],
    ['count', '3', '{"count":3}'],
  ])
  await running.ended.promise
  assert.equal(running.now, 0)
})

test('A counter that waits an hour is ended as well', async () => {
  running.ended = Promise.withResolvers()
  await using client = await testClient(app)
  for await (const _ of readEvents(await client.get('/counter?everyMs=3600000'))) break
  await running.ended.promise
  assert.equal(running.now, 0)
})
