// FastAPI, tutorial/stream-json-lines and server-sent-events, advanced/stream-data.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { eventStream, jsonLines, Ringback, serverSentEvent, stream } from 'ringback'
import { testClient } from 'ringback/testing'
import { z } from 'zod'
import { assertValid } from '../support/check-document.ts'

const Item = z.object({ name: z.string(), description: z.string().nullable() }).meta({ id: 'Item' })
const items = [
  { name: 'Plumbus', description: 'A multi-purpose household device.' },
  { name: 'Portal Gun', description: 'A portal opening device.' },
  { name: 'Meeseeks Box', description: 'A box that summons a Meeseeks.' },
]

it('streams JSON lines from generators of both kinds', async () => {
  const app = new Ringback({ title: 'Items', version: '1.0.0' })
  app.get('/items/stream', { response: jsonLines(Item) }, async function* () {
    yield* items
  })
  app.get('/items/stream-no-async', { response: jsonLines(Item) }, function* () {
    yield* items
  })
  await using client = await testClient(app)
  for (const path of ['/items/stream', '/items/stream-no-async']) {
    const response = await client.get(path)
    assert.equal(response.headers.get('content-type'), 'application/jsonl')
    const lines = (await response.text()).trimEnd().split('\n')
    assert.deepEqual(
      lines.map(line => JSON.parse(line)),
      items,
    )
  }
  await assertValid(app.openapi())
})

it('streams events, with fields, and goes on where the client was', async () => {
  const app = new Ringback({ title: 'Items', version: '1.0.0' })
  app.get(
    '/items/stream',
    {
      headers: z.object({ 'last-event-id': z.int().optional() }),
      response: eventStream(Item),
    },
    async function* ({ headers }) {
      const start = (headers['last-event-id'] ?? -1) + 1
      for (const [index, item] of items.entries())
        if (index >= start) yield serverSentEvent(item, { event: 'item_update', id: String(index), retryMs: 5000 })
    },
  )
  app.post(
    '/chat/stream',
    { body: z.object({ text: z.string() }), response: eventStream(z.string()) },
    async function* ({ body }) {
      for (const word of body.text.split(' ')) yield serverSentEvent(word, { event: 'token' })
      yield serverSentEvent('[DONE]', { event: 'done', comment: 'the end' })
    },
  )
  await using client = await testClient(app)
  const all = await client.get('/items/stream')
  assert.deepEqual(
    ['content-type', 'cache-control', 'x-accel-buffering'].map(name => all.headers.get(name)),
    ['text/event-stream', 'no-store', 'no'],
  )
  const event = (index: number) =>
    `event: item_update\nid: ${index}\nretry: 5000\ndata: ${JSON.stringify(items[index])}\n\n`
  assert.equal(await all.text(), event(0) + event(1) + event(2))
  const rest = await client.get('/items/stream', { headers: { 'last-event-id': '1' } })
  assert.equal(await rest.text(), event(2))
  const chat = await client.post('/chat/stream', { json: { text: 'Hello world' } })
  assert.equal(
    await chat.text(),
    'event: token\ndata: "Hello"\n\nevent: token\ndata: "world"\n\n: the end\nevent: done\ndata: "[DONE]"\n\n',
  )
  await assertValid(app.openapi())
})

it('streams text and bytes', async () => {
  const story = ['Rick: (stumbles in drunkenly, and turns on the lights)', 'Morty! You gotta come on.', 'What, Rick?']
  const app = new Ringback({ title: 'Stories', version: '1.0.0' })
  app.get('/story/stream', { response: stream('text/plain; charset=utf-8') }, async function* () {
    for (const line of story) yield `${line}\n`
  })
  app.get('/image/stream', { response: stream('image/png') }, () => [
    new Uint8Array([137, 80]),
    new Uint8Array([78, 71]),
  ])
  await using client = await testClient(app)
  assert.equal(await (await client.get('/story/stream')).text(), `${story.join('\n')}\n`)
  assert.deepEqual(await (await client.get('/image/stream')).bytes(), new Uint8Array([137, 80, 78, 71]))
})
