import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { bytes } from '../operation/bodies/bytes.ts'
import { eventStream } from '../operation/bodies/event-stream.ts'
import { fileResponse } from '../operation/bodies/file-response.ts'
import { json } from '../operation/bodies/json.ts'
import { jsonLines } from '../operation/bodies/json-lines.ts'
import { sendFile } from '../operation/bodies/sent-file.ts'
import { html, text } from '../operation/bodies/text.ts'
import { callback } from '../operation/callback-definition.ts'
import { type Handler, operation } from '../operation/operation.ts'
import { Ringback } from './ringback.ts'

const Row = z.object({ id: z.number() }).meta({ id: 'Row' })
const title = { title: 'Rows', version: '1.0.0' }
const row = () => ({ id: 7, password: 'secret' })

async function responseTo(app: Ringback, path: string, accept?: string) {
  const headers = accept === undefined ? {} : { accept }
  const response = await app.fetch(new Request(`http://localhost${path}`, { headers }))
  const { status } = response
  return {
    status,
    type: response.headers.get('content-type'),
    vary: response.headers.get('vary'),
    text: await response.text(),
  }
}

function appWithRows(log = new RecordingLog()): { app: Ringback; log: RecordingLog; called: string[] } {
  const called: string[] = []
  const app = new Ringback({ ...title, log })
  app.get('/rows', { response: [z.array(Row), text('text/csv'), html()] }, () => ({
    'application/json': [row()],
    'text/csv': async () => {
      called.push('csv')
      return 'id\n7\n'
    },
    'text/html': () => {
      called.push('html')
      return '<p>7</p>'
    },
  }))
  return { app, log, called }
}

describe('several contents of a response', () => {
  it('are chosen by what the client accepts, and only the chosen one is made', async () => {
    const { app, called } = appWithRows()
    const asJson = { status: 200, type: 'application/json', vary: 'accept', text: '[{"id":7}]' }
    assert.deepEqual(await responseTo(app, '/rows'), asJson)
    assert.deepEqual(await responseTo(app, '/rows', '*/*'), asJson)
    assert.deepEqual(called, [])
    const asCsv = { status: 200, type: 'text/csv; charset=utf-8', vary: 'accept', text: 'id\n7\n' }
    assert.deepEqual(await responseTo(app, '/rows', 'text/html;q=0.5, text/csv;q=0.9, */*;q=0.1'), asCsv)
    assert.deepEqual((await responseTo(app, '/rows', 'text/*, text/csv;q=0')).text, '<p>7</p>')
    assert.deepEqual(called, ['csv', 'html'])
  })

  it('that the client does not take are a 406 in words, before the handler runs', async () => {
    let ran = false
    const app = new Ringback({ ...title, log: new RecordingLog() })
    app.post('/rows', { response: [Row, text('text/csv')] }, () => {
      ran = true
      return { 'application/json': row(), 'text/csv': '' }
    })
    const init = { method: 'POST', headers: { accept: 'image/png, text/csv;q=0' } }
    const response = await app.fetch(new Request('http://localhost/rows', init))
    assert.deepEqual(await response.json(), {
      type: 'about:blank',
      title: 'Not Acceptable',
      status: 406,
      detail: 'The response can be application/json or text/csv, and "accept" takes none of these',
    })
    assert.deepEqual([response.headers.get('vary'), ran], ['accept', false])
  })

  it('are documented one by one, and so is the 406', () => {
    const { app } = appWithRows()
    const { responses } = JSON.parse(JSON.stringify(app.openapi().paths))['/rows'].get
    assert.deepEqual(responses['200'].content, {
      'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Row' } } },
      'text/csv': { schema: { type: 'string' } },
      'text/html': { schema: { type: 'string' } },
    })
    assert.deepEqual(responses['406'], { $ref: '#/components/responses/NotAcceptable' })
  })

  it('may be of every kind, with headers, cookies and other statuses', async () => {
    const app = new Ringback({ ...title, log: new RecordingLog() })
    const response = [
      json(Row, { contentType: 'application/vnd.row+json' }),
      eventStream(Row),
      jsonLines(Row),
      bytes('image/png'),
      fileResponse('application/pdf'),
    ] as const
    app.get('/row', { response, responses: { 404: {} } }, ({ respond, request, responseHeaders }) => {
      responseHeaders.set('vary', 'origin')
      if (request.headers.has('x-missing')) return respond(404)
      return respond(
        200,
        {
          'application/vnd.row+json': row(),
          'text/event-stream': async function* () {
            yield row()
          },
          'application/jsonl': [row(), row()],
          'image/png': new Uint8Array([65]),
          'application/pdf': () => sendFile(new Uint8Array([66])),
        },
        { cookies: { a: 'b' } },
      )
    })
    const got = async (accept?: string) => {
      const { status, type, vary, text } = await responseTo(app, '/row', accept)
      return [status, type, vary, text]
    }
    assert.deepEqual(await got(), [200, 'application/vnd.row+json', 'origin, accept', '{"id":7}'])
    assert.deepEqual(await got('text/event-stream'), [200, 'text/event-stream', 'origin, accept', 'data: {"id":7}\n\n'])
    assert.deepEqual(await got('application/jsonl'), [
      200,
      'application/jsonl',
      'origin, accept',
      '{"id":7}\n{"id":7}\n',
    ])
    assert.deepEqual(await got('image/*'), [200, 'image/png', 'origin, accept', 'A'])
    assert.deepEqual(await got('application/pdf'), [200, 'application/pdf', 'origin, accept', 'B'])
    const headers = { 'x-missing': '1', accept: 'image/png' }
    const missing = await app.fetch(new Request('http://localhost/row', { headers }))
    assert.deepEqual([missing.status, missing.headers.get('content-type')], [404, 'application/problem+json'])
  })

  it('are checked, each by its own schema', async () => {
    const log = new RecordingLog()
    const app = new Ringback({ ...title, log })
    app.get('/wrong', { response: [Row, text()] }, () => ({
      'application/json': { id: '7' } as never,
      'text/plain': 'ok',
    }))
    app.get('/missing', { response: [Row, text()] }, () => ({ 'application/json': { id: 7 } }) as never)
    app.get('/plain', { response: [Row, text()] }, () => row() as never)
    assert.equal((await responseTo(app, '/wrong')).status, 500)
    assert.equal((await responseTo(app, '/wrong', 'text/plain')).text, 'ok')
    assert.equal((await responseTo(app, '/missing', 'text/plain')).status, 500)
    assert.equal((await responseTo(app, '/plain')).status, 500)
    assert.match(log.messages.map(({ fields }) => String(fields['error'])).join(), /returned nothing for "text\/plain"/)
  })

  it('stand apart from their handler, and refuse what clients could not choose', () => {
    const read = operation('/row', { response: [Row, text('text/csv')] })
    const handler: Handler<typeof read> = () => ({ 'application/json': { id: 7 }, 'text/csv': () => '7' })
    const app = new Ringback(title)
    app.get(read, handler)
    const refused = (response: never) => () => app.get('/refused', { response }, () => ({}) as never)
    assert.throws(refused([Row, json(z.string())] as never), /has the media type "application\/json" twice/)
    assert.throws(refused([] as never), /is an empty list: give a schema for each media type/)
    assert.throws(refused([Row, fileResponse()] as never), /a file of any type in "\*\/\*": give it one media type/)
    const read_ = callback.post('{$request.query.url}/{$response.body#/id}', {})
    assert.throws(
      () =>
        app.get(
          '/late',
          { query: z.object({ url: z.url() }), response: [Row, text()], callbacks: { read_ } as never },
          () => ({
            'application/json': { id: 7 },
            'text/plain': '',
          }),
        ),
      /no response declared/,
    )
  })
})
