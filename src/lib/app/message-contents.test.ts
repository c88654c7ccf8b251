import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { bytes } from '../operation/bodies/bytes.ts'
import { eventStream } from '../operation/bodies/event-stream.ts'
import { text } from '../operation/bodies/text.ts'
import { callback } from '../operation/callback-definition.ts'
import { verify } from '../signature/verify.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'

const hooks = 'https://hooks.example/in'
type Described = { post: { requestBody: { content: object } } }

const query = z.object({ callback_url: z.url() })

test('a callback carries text or bytes as they are, signed, by send and by call', async () => {
  const note = callback.post('{$callback_url}/note', { body: text('text/markdown') })
  const image = callback.post('{$callback_url}/image', { body: bytes('image/png') })
  const json = callback.post('{$callback_url}/json', { body: z.object({ n: z.number() }) })
  const app = new Ringback({ title: 'Contents', version: '1.0.0' })
  app.post('/send', { query, callbacks: { note, image, json } }, async ({ callbacks }) => {
    await callbacks.note.send('# é')
    await callbacks.image.send(new Uint8Array([0, 255, 10]))
    await callbacks.json.send({ n: 1 })
    await callbacks.note.call('now')
  })
  const received: [type: string | null, bytes: string][] = []
  await using client = await testClient(app)
  const secret = await app.secretFor(hooks)
  client.externalApi(hooks, async request => {
    const body = await request.bytes()
    await verify({ headers: request.headers, body }, { secrets: [secret], audience: hooks, now: client.clock.now() })
    received.push([request.headers.get('content-type'), Buffer.from(body).toString('latin1')])
    return new Response(null, { status: 204 })
  })
  assert.equal((await client.post('/send', { query: { callback_url: hooks } })).status, 204)
  assert.deepEqual(
    client.deliveries.map(({ body }) => body),
    ['# é', new Uint8Array([0, 255, 10]), { n: 1 }],
  )
  await client.deliver()
  assert.deepEqual(received.toSorted(), [
    ['application/json', '{"n":1}'],
    ['image/png', '\0\u00ff\n'],
    ['text/markdown; charset=utf-8', '# \u00c3\u00a9'],
    ['text/markdown; charset=utf-8', 'now'],
  ])
  const { callbacks } = JSON.parse(JSON.stringify(app.openapi())).paths['/send'].post
  assert.deepEqual(Object.keys(Object.values<Described>(callbacks.note)[0]!.post.requestBody.content), [
    'text/markdown',
  ])
})

test('a callback refuses content that it cannot have', () => {
  const app = new Ringback({ title: 'Contents', version: '1.0.0' })
  const definitions = [
    [callback.post('{$callback_url}', { body: eventStream(z.string()) }), /"body" of .* is a stream of items/],
    [callback.post('{$callback_url}', { response: text() }), /"response" of .* is not JSON/],
  ] as const
  for (const [wrong, message] of definitions)
    assert.throws(() => app.post('/x', { query, callbacks: { wrong: wrong as never } }, () => {}), message)
})
