import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { eventStream } from '../operation/bodies/event-stream.ts'
import { Ringback } from './ringback.ts'

/** A schema that validates asynchronously. */
const known = <Schema extends z.ZodType>(schema: Schema) => schema.refine(async value => value !== 'unknown')

function createApp() {
  return new Ringback({ title: 'Invoices', version: '1.0.0', log: new RecordingLog() })
}

const get = async (app: Ringback, path: string, headers = {}) => {
  const response = await app.fetch(new Request(`http://localhost${path}`, { headers }))
  return [response.status, await response.json()] as const
}

const errorsOf = ([status, problem]: readonly [number, unknown]) => [
  status,
  (problem as { errors: { in: string; pointer: string }[] }).errors.map(({ in: place, pointer }) => place + pointer),
]

test('parameters of every place are waited for where their schemas validate asynchronously', async () => {
  const app = createApp()
  app.get(
    '/invoices/{id}',
    {
      params: z.object({ id: known(z.string()) }),
      query: z.object({ page: known(z.string()) }),
      headers: z.object({ 'x-tenant': known(z.string()) }),
      response: z.unknown(),
    },
    ({ params, query, headers }) => [params.id, query.page, headers['x-tenant']],
  )
  assert.deepEqual(await get(app, '/invoices/1?page=2', { 'x-tenant': '3' }), [200, ['1', '2', '3']])
  assert.deepEqual(errorsOf(await get(app, '/invoices/unknown?page=unknown', { 'x-tenant': 'unknown' })), [
    422,
    ['path#/id', 'query#/page', 'header#/x-tenant'],
  ])
})

test('a body is waited for where its schema validates asynchronously: sent, as text, and missing', async () => {
  const app = createApp()
  app.post('/count', { body: known(z.object({ count: z.number() })), response: z.unknown() }, ({ body }) => body)
  app.post('/optional', { body: known(z.string().optional()), response: z.unknown() }, ({ body }) => body ?? 'none')
  const post = async (path: string, body?: string) => {
    const headers = { 'content-type': 'application/json' }
    const init = body === undefined ? {} : { body, headers }
    const response = await app.fetch(new Request(`http://localhost${path}`, { method: 'POST', ...init }))
    return [response.status, await response.json()] as const
  }
  assert.deepEqual(await post('/count', '{"count":7}'), [200, { count: 7 }])
  assert.deepEqual(errorsOf(await post('/count', '{"count":"seven"}')), [422, ['body#/count']])
  assert.deepEqual(errorsOf(await post('/count')), [422, ['body#']])
  assert.deepEqual(await post('/optional', '"x"'), [200, 'x'])
  assert.deepEqual(errorsOf(await post('/optional', '"unknown"')), [422, ['body#']])
})

test('a response is waited for where its schemas validate asynchronously', async () => {
  const app = createApp()
  let returned: unknown
  const headers = z.object({ 'x-total': known(z.string()) })
  app.get('/x', { response: known(z.string()), responseHeaders: headers }, ({ respond }) =>
    respond(200, returned as string, { headers: { 'x-total': returned as string } }),
  )
  app.get('/null', { response: known(z.string().nullable()) }, () => undefined as never)
  for (const [value, expected] of [
    ['x', 200],
    ['unknown', 500],
    [undefined, 500],
  ] as const) {
    returned = value
    assert.equal((await get(app, '/x'))[0], expected)
  }
  assert.deepEqual(await get(app, '/null'), [200, null])
})

test('the headers and the items of a stream are waited for where their schemas validate asynchronously', async () => {
  const app = createApp()
  app.get(
    '/events',
    { response: eventStream(known(z.string())), responseHeaders: z.object({ 'x-total': known(z.string()) }) },
    ({ respond }) => respond(200, ['a', 'b'], { headers: { 'x-total': '2' } }),
  )
  const response = await app.fetch(new Request('http://localhost/events'))
  assert.equal(response.headers.get('x-total'), '2')
  assert.match(await response.text(), /data: "?a"?\n\n.*data: "?b"?\n\n/s)
})
