import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { eventStream } from '../operation/bodies/event-stream.ts'
import { jsonLines } from '../operation/bodies/json-lines.ts'
import { text } from '../operation/bodies/text.ts'
import { callback } from '../operation/callback-definition.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'

const title = { title: 'Codecs', version: '1.0.0' }

const Instant = z.codec(z.iso.datetime(), z.date(), {
  decode: text => new Date(text),
  encode: date => date.toISOString(),
})
const noon = '2026-05-04T12:00:00.000Z'

describe('a codec of Zod', () => {
  it('decodes what comes and encodes what is sent, and the document shows the encoded form both ways', async () => {
    const Event = z.object({ name: z.string(), at: Instant }).meta({ id: 'Event' })
    const app = new Ringback(title)
    app.post('/events', { body: Event, response: Event }, ({ body }) => {
      assert.ok(body.at instanceof Date)
      return { name: body.name, at: new Date(body.at.getTime() + 1000), password: 'secret' }
    })
    await using client = await testClient(app)
    const response = await client.post('/events', { json: { name: 'a', at: noon } })
    assert.deepEqual([response.status, await response.json()], [200, { name: 'a', at: '2026-05-04T12:00:01.000Z' }])
    assert.equal((await client.post('/events', { json: { name: 'a', at: 'noon' } })).status, 422)
    const { components, paths } = JSON.parse(JSON.stringify(app.openapi()))
    assert.deepEqual(components.schemas.Event, {
      type: 'object',
      properties: { name: { type: 'string' }, at: { type: 'string', format: 'date-time' } },
      required: ['name', 'at'],
    })
    assert.deepEqual(
      Object.keys(components.schemas).filter(name => name.startsWith('Event')),
      ['Event'],
    )
    const { requestBody, responses } = paths['/events'].post
    assert.deepEqual(requestBody.content, responses['200'].content)
  })

  it('works inside of lists, tuples, unions, records, optional and recursive parts', async () => {
    const Node = z.object({
      at: Instant,
      get children() {
        return z.array(Node)
      },
    })
    const All = z.object({
      list: z.array(z.array(Instant)),
      pair: z.tuple([Instant, z.number()]),
      either: z.union([Instant, z.number()]),
      kinds: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('at'), at: Instant }),
        z.object({ kind: z.literal('none') }),
      ]),
      record: z.record(z.string(), Instant),
      maybe: Instant.nullish(),
      both: z.intersection(z.object({ a: Instant }), z.object({ b: Instant })),
      node: Node,
      lazy: z.lazy(() => Instant),
      some: z.number().default(3),
    })
    const app = new Ringback(title)
    app.post('/all', { body: All, response: All }, ({ body }) => body)
    const sent = {
      list: [[noon], []],
      pair: [noon, 1],
      either: noon,
      kinds: { kind: 'at', at: noon },
      record: { a: noon },
      maybe: null,
      both: { a: noon, b: noon },
      node: { at: noon, children: [{ at: noon, children: [] }] },
      lazy: noon,
    }
    await using client = await testClient(app)
    const response = await client.post('/all', { json: sent })
    assert.deepEqual(await response.json(), { ...sent, some: 3 })
  })

  it('works in further statuses, streams, contents that clients choose, and callbacks both ways', async () => {
    const At = z.object({ at: Instant })
    const value = () => ({ at: new Date(noon), password: 'secret' })
    const app = new Ringback(title)
    app.get('/status', { response: text(), responses: { 404: { body: At } } }, ({ respond }) => respond(404, value()))
    app.get('/events', { response: eventStream(At) }, async function* () {
      yield value()
    })
    app.get('/lines', { response: jsonLines(At) }, () => [value()])
    app.get('/chosen', { response: [text(), At] }, () => ({ 'text/plain': '', 'application/json': value }))
    const note = callback.post('{$request.query.url}', { body: At, response: At })
    let received: unknown
    app.post('/note', { query: z.object({ url: z.url() }), callbacks: { note } }, async ({ callbacks }) => {
      await callbacks.note.send(value() as never)
      const { body } = await callbacks.note.call(z.encode(At, value()))
      received = body.at
    })
    await using client = await testClient(app)
    let posted: unknown
    client.externalApi('https://a.example', async request => {
      posted = await request.json()
      return Response.json({ at: noon })
    })
    assert.deepEqual(await (await client.get('/status')).json(), { at: noon })
    assert.equal(await (await client.get('/events')).text(), `data: {"at":"${noon}"}\n\n`)
    assert.equal(await (await client.get('/lines')).text(), `{"at":"${noon}"}\n`)
    const accept = { accept: 'application/json' }
    assert.deepEqual(await (await client.get('/chosen', { headers: accept })).json(), { at: noon })
    await client.post('/note?url=https://a.example/')
    assert.deepEqual([client.deliveries[0]?.body, posted, received], [{ at: noon }, { at: noon }, new Date(noon)])
    const document = JSON.parse(JSON.stringify(app.openapi()))
    const operation = Object.values(document.paths['/note'].post.callbacks.note)[0] as { post: Record<string, never> }
    assert.match(JSON.stringify(operation.post['requestBody']), /"at":{"type":"string","format":"date-time"}/)
    assert.match(JSON.stringify(operation.post['responses']), /"at":{"type":"string","format":"date-time"}/)
  })

  it('takes a value that is encoded already, or that lacks what a default gives', async () => {
    const app = new Ringback({ ...title, log: new RecordingLog() })
    const response = z.object({ at: Instant, n: z.number().default(3) })
    app.get('/encoded', { response }, () => ({ at: noon }))
    app.get('/decoded', { response }, () => ({ at: new Date(noon), n: 4 }))
    app.get('/wrong', { response }, () => ({ at: new Date(Number.NaN), n: 4 }))
    app.get('/later', { response: response.refine(async () => true) }, () => ({ at: new Date(noon), n: 5 }))
    await using client = await testClient(app)
    assert.deepEqual(await (await client.get('/encoded')).json(), { at: noon, n: 3 })
    assert.deepEqual(await (await client.get('/decoded')).json(), { at: noon, n: 4 })
    assert.deepEqual(await (await client.get('/later')).json(), { at: noon, n: 5 })
    assert.equal((await client.get('/wrong')).status, 500)
  })

  it('beside a transform of one direction is a definition error that names both', () => {
    const app = new Ringback(title)
    const lines = z.array(z.object({ total: z.string().transform(Number) }))
    const response = z.object({ at: Instant, lines })
    const message =
      /The "response" of GET \/a cannot be encoded: There is a codec at "#\/at" and a transform of one direction at "#\/lines\/\*\/total"/
    assert.throws(() => app.get('/a', { response }, () => ({}) as never), { code: 'ERR_DEFINITION', message })
    app.post('/in', { body: response }, () => {})
    const body = z.object({ at: Instant, b: z.preprocess(value => value, z.string()) })
    const note = callback.post('https://a.example/', { body })
    assert.throws(
      () => app.post('/b', { callbacks: { note } }, () => {}),
      /"body" of the callback "note" of .* codec at "#\/at" and a transform of one direction at "#\/b"/,
    )
    assert.throws(
      () => app.get('/c', { response: eventStream(response) }, async function* () {}),
      /items of "response" of GET \/c cannot be encoded/,
    )
  })
})
