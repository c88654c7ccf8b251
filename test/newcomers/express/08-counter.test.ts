import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEvents, testClient } from 'ringback/testing'
import { app, ended } from './08-counter.ts'

test('it counts, and ends when the client goes away', async () => {
  {
    await using client = await testClient(app)
    const counts: unknown[] = []
    for await (const { event, data, id } of readEvents(await client.get('/counter?everyMs=1'))) {
      counts.push([event, JSON.parse(data), id])
      if (counts.length === 3) break
    }
    assert.deepEqual(counts, [
      ['count', { count: 0 }, '0'],
      ['count', { count: 1 }, '1'],
      ['count', { count: 2 }, '2'],
    ])
  }
  assert.equal(ended.length, 1)
})

test('a client that leaves in the middle of a long wait ends it at once', async () => {
  ended.length = 0
  {
    await using client = await testClient(app, { raiseErrors: true })
    for await (const _ of readEvents(await client.get('/counter?everyMs=60000'))) break
  }
  assert.deepEqual(ended, [0])
})
