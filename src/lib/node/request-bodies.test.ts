import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { z } from 'zod'
import { RawConnection } from '../../../test/support/raw-connection.ts'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { Ringback } from '../app/ringback.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import type { RequestBodyObject } from '../openapi/objects/request-body-object.ts'
import { eventStream } from '../operation/bodies/event-stream.ts'
import { file } from '../operation/bodies/file.ts'
import { form } from '../operation/bodies/form.ts'
import { json } from '../operation/bodies/json.ts'
import { oneOf } from '../operation/bodies/one-of.ts'
import { stream } from '../operation/bodies/stream.ts'
import { text } from '../operation/bodies/text.ts'
import { callback } from '../operation/callback-definition.ts'
import { testClient } from '../testing/test-client.ts'
import { serve } from './serve.ts'

const newApp = () => new Ringback({ title: 'Bodies', version: '1.0.0', log: new RecordingLog() })

async function served(t: TestContext, app: Ringback) {
  const server = await serve(app, { port: 0, host: '127.0.0.1', signals: false, graceMs: 200 })
  t.after(() => server.close())
  return server
}

const post = (url: string, contentType: string, body: BodyInit | null) =>
  fetch(url, { method: 'POST', headers: { 'content-type': contentType }, body })

const bodyOf = (app: Ringback, path: string) =>
  JSON.parse(JSON.stringify(app.openapi().paths![path]!.post!.requestBody!)) as RequestBodyObject

const Item = z.object({ name: z.string(), total: z.number() })

describe('json with a media type', () => {
  it('is read under that one only, with text as numbers, and documented', async t => {
    const app = newApp()
    const MergePatch = json(Item.partial().meta({ id: 'ItemPatch' }), { contentType: 'application/merge-patch+json' })
    app.post('/items', { body: MergePatch, response: z.unknown() }, ({ body, sent }) => ({ body, sent }))
    app.post('/any', { body: json(Item), response: z.unknown() }, ({ body }) => body)
    const { url } = await served(t, app)
    const patched = await post(`${url}/items`, 'application/merge-patch+json; charset=utf-8', '{"total":"7"}')
    assert.deepEqual(await patched.json(), { body: { total: 7 }, sent: { total: 7 } })
    for (const type of ['application/json', 'application/vnd.api+json']) {
      const refused = await post(`${url}/items`, type, '{}')
      assert.deepEqual([refused.status, refused.headers.get('accept')], [415, 'application/merge-patch+json'])
      assert.equal((await post(`${url}/any`, type, '{"name":"a","total":1}')).status, 200)
    }
    assert.deepEqual(bodyOf(app, '/items'), {
      required: true,
      content: { 'application/merge-patch+json': { schema: { $ref: '#/components/schemas/ItemPatch' } } },
    })
  })

  it('is sent under it, without what the schema does not declare', async t => {
    const app = newApp()
    const response = json(Item, { contentType: 'application/ld+json' })
    const wide = { name: 'a', total: 1, password: 'secret' }
    app.post('/items', { response }, () => wide)
    const { url } = await served(t, app)
    const sent = await fetch(`${url}/items`, { method: 'POST' })
    assert.deepEqual(
      [sent.headers.get('content-type'), await sent.text()],
      ['application/ld+json', '{"name":"a","total":1}'],
    )
    const { responses } = app.openapi().paths!['/items']!['post'] as { responses: Record<string, { content: object }> }
    assert.deepEqual(Object.keys(responses['200']!.content), ['application/ld+json'])
  })
})

describe('a stream as a body', () => {
  it('is read as it comes, up to the limit', async t => {
    const app = newApp()
    const first = Promise.withResolvers<void>()
    app.post('/count', { body: stream(), response: z.number() }, async ({ body }) => {
      let count = 0
      for await (const chunk of body) {
        count += chunk.length
        first.resolve()
      }
      return count
    })
    app.post('/small', { body: stream('text/csv'), bodyLimitBytes: 10, response: z.string() }, async ({ body }) =>
      new Response(body).text(),
    )
    app.post('/unread', { body: stream() }, () => {})
    const { url, port } = await served(t, app)
    await using connection = await RawConnection.open(port)
    const head =
      'POST /count HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\nContent-Length: 6\r\n\r\n'
    connection.write(`${head}abc`)
    await first.promise
    connection.write('def')
    assert.equal((await connection.response('POST'))?.body, '6')
    assert.equal(await (await post(`${url}/count`, 'application/octet-stream', null)).json(), 0)
    assert.equal(await (await post(`${url}/small`, 'text/csv', '0123456789')).json(), '0123456789')
    const over = await post(`${url}/small`, 'text/csv', '0123456789x')
    assert.equal(over.status, 413)
    assert.equal((await post(`${url}/small`, 'text/plain', 'x')).status, 415)
    assert.equal((await post(`${url}/unread`, 'application/octet-stream', new Uint8Array(500_000))).status, 204)
    assert.deepEqual(bodyOf(app, '/small'), {
      required: true,
      content: { 'text/csv': { schema: { type: 'string', format: 'binary' } } },
    })
  })

  it('tells its reader that the client has gone', async t => {
    const app = newApp()
    const [begun, failed] = [Promise.withResolvers<void>(), Promise.withResolvers<unknown>()]
    app.post('/read', { body: stream() }, async ({ body }) => {
      try {
        for await (const _ of body) begun.resolve()
      } catch (error) {
        failed.resolve(error)
      }
    })
    const { port } = await served(t, app)
    await using connection = await RawConnection.open(port)
    connection.write(
      'POST /read HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\nContent-Length: 6\r\n\r\nabc',
    )
    await begun.promise
    connection.socket.destroy()
    assert.match(String(await failed.promise), /ended before it was complete/)
  })
})

describe('one of several bodies', () => {
  const Note = z.object({ kind: z.literal('note'), text: z.string() })
  const Photo = z.object({ kind: z.literal('photo'), image: z.file() })

  function notesApp() {
    const app = newApp()
    const examples = { short: { value: { kind: 'note' as const, text: 'Hi' } }, long: { value: 'A long text' } }
    app.post(
      '/notes',
      { body: oneOf(Note, form(Photo), text()), examples, response: z.unknown() },
      ({ body, sent }) => {
        if (typeof body === 'string') return { text: body, sent }
        return body.kind === 'note' ? { note: body.text } : { image: body.image.size }
      },
    )
    return { app }
  }

  it('is chosen by the media type', async t => {
    const { app } = notesApp()
    const { url } = await served(t, app)
    const photo = new FormData()
    photo.set('kind', 'photo')
    photo.set('image', new Blob(['abc']), 'f')
    const note = '{"kind":"note","text":"x"}'
    assert.deepEqual(await (await post(`${url}/notes`, 'application/json', note)).json(), { note: 'x' })
    assert.deepEqual(await (await fetch(`${url}/notes`, { method: 'POST', body: photo })).json(), { image: 3 })
    assert.deepEqual(await (await post(`${url}/notes`, 'text/plain', 'hello')).json(), { text: 'hello', sent: 'hello' })
    const refused = await post(`${url}/notes`, 'application/xml', '<a/>')
    assert.equal(refused.status, 415)
    assert.equal(refused.headers.get('accept'), 'application/json, multipart/form-data, text/plain')
    assert.match(
      await refused.text(),
      /\\"application\/json\\" or \\"multipart\/form-data\\" or \\"text\/plain\\", not/,
    )
    const invalid = (await (await post(`${url}/notes`, 'application/json', '{}')).json()) as {
      errors: { pointer: string }[]
    }
    assert.deepEqual(
      invalid.errors.map(({ pointer }) => pointer),
      ['#/kind', '#/text'],
    )
  })

  it('is documented with all its contents, each with its examples', () => {
    const { app } = notesApp()
    const { required, content } = bodyOf(app, '/notes')
    assert.equal(required, true)
    assert.deepEqual(Object.keys(content), ['application/json', 'multipart/form-data', 'text/plain'])
    assert.deepEqual(
      Object.values(content).map(({ examples }) => Object.keys(examples ?? {})),
      [['short'], [], ['long']],
    )
  })

  it('prefers the media type itself to one that takes several', async t => {
    const app = newApp()
    const body = oneOf(
      z.object({ a: z.number() }),
      json(z.object({ b: z.number() }), { contentType: 'application/x+json' }),
    )
    app.post('/x', { body, response: z.unknown() }, ({ body }) => body)
    const { url } = await served(t, app)
    assert.deepEqual(await (await post(`${url}/x`, 'application/x+json', '{"b":1}')).json(), { b: 1 })
    assert.deepEqual(await (await post(`${url}/x`, 'application/y+json', '{"a":1}')).json(), { a: 1 })
  })

  it('has values that callbacks read', async () => {
    const app = newApp()
    const Order = z.object({ callback_url: z.url() })
    const done = callback.post('{$request.body#/callback_url}', { body: z.object({ ok: z.boolean() }) })
    app.post('/orders', { body: oneOf(Order, form(Order)), callbacks: { done }, response: z.string() }, async given => {
      const { url } = await given.callbacks.done.send({ ok: true })
      return url
    })
    await using client = await testClient(app)
    const target = 'https://www.external.org/x'
    assert.equal(await (await client.post('/orders', { json: { callback_url: target } })).json(), target)
    const sent = await client.post('/orders', { body: new URLSearchParams({ callback_url: target }) })
    assert.equal(await sent.json(), target)
    const wrong = await client.post('/orders', { body: new URLSearchParams({ callback_url: 'ftp://x.example' }) })
    assert.equal(wrong.status, 422)
  })
})

describe('bodies that cannot be', () => {
  const refusals: readonly (readonly [what: string, make: () => unknown, message: RegExp])[] = [
    [
      'a form of a list',
      () => newApp().post('/x', { body: form(z.array(z.string())) }, () => {}),
      /"body" of POST \/x must be an object schema with a property for each field/,
    ],
    [
      'an unknown limit',
      () => form(z.object({}), { maxParts: 1 } as object),
      /Unknown key "maxParts" in the limits of "form"/,
    ],
    ['a wrong limit', () => form(z.object({}), { maxFields: -1 }), /"maxFields" of a form is -1: give a whole number/],
    [
      'two bodies of one type',
      () => newApp().post('/x', { body: oneOf(Item, json(z.object({}))) }, () => {}),
      /two bodies of "application\/json", which nothing tells apart/,
    ],
    [
      'two forms',
      () => newApp().post('/x', { body: oneOf(form(Item), form(z.object({ f: z.file() }))) }, () => {}),
      /two bodies of "multipart\/form-data"/,
    ],
    [
      'a choice in a choice',
      () => newApp().post('/x', { body: oneOf(text(), oneOf(Item)) }, () => {}),
      /"oneOf" inside of another/,
    ],
    ['no choice', () => oneOf(...([] as never as [typeof Item])), /"oneOf" needs bodies/],
    [
      'a stream of events',
      () => newApp().post('/x', { body: eventStream(Item) }, () => {}),
      /is a stream of items, which only a response can be/,
    ],
    [
      'a form as a response',
      () => newApp().post('/x', { response: form(Item) }, () => ({ name: 'a', total: 1 })),
      /"response" of POST \/x is a form, which only a body can be/,
    ],
    [
      'a choice as a response',
      () => newApp().post('/x', { response: oneOf(Item) }, () => ({ name: 'a', total: 1 })),
      /"response" of POST \/x is a "oneOf", which only a body can be/,
    ],
    [
      'a form in a callback',
      () =>
        newApp().post('/x', { callbacks: { a: callback.post('https://x.example', { body: form(Item) }) } }, () => {}),
      /is a form, which only a received body can be/,
    ],
    [
      'no media type',
      () => json(Item, { contentType: 'json' }),
      /"contentType" of "json" is "json": give a media type/,
    ],
    ['a wrong size', () => file({ maxBytes: 1.5 }), /"maxBytes" of a file is 1.5: give a whole number/],
    ['no types', () => file({ mediaTypes: [] }), /must be a list of media types/],
    [
      'a wrong type',
      () => file({ mediaTypes: ['png'] }),
      /"mediaTypes" of a file contains "png": give media types such as "image\/png"/,
    ],
    [
      'no room',
      () => new Ringback({ title: 'T', version: '1', spoolLimitBytes: -1 }),
      /"spoolLimitBytes" is -1: give a whole number of bytes/,
    ],
  ]
  for (const [what, make, message] of refusals)
    it(`are refused: ${what}`, () => {
      assert.throws(make, (error: unknown) => {
        assert.ok(error instanceof DefinitionError)
        assert.match(error.message, message)
        return true
      })
    })
})
