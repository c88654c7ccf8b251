import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { HttpError } from '../http/http-error.ts'
import { callback } from '../operation/callback-definition.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'

function createApp() {
  const log = new RecordingLog()
  return { log, app: new Ringback({ title: 'Late callbacks', version: '1.0.0', log }) }
}

const errorsIn = ({ messages }: RecordingLog) =>
  messages.filter(({ level }) => level === 'error').map(({ fields }) => String(fields['error']))
const external = 'https://www.external.org'
const paid = callback.post('https://www.external.org/{$response.body.id}', {})
const response = z.object({ id: z.string() })

test('send fails the request where the response lacks a value that the URL reads', async () => {
  const { app, log } = createApp()
  const responses = { 202: { body: z.object({ ticket: z.string() }) }, 204: { description: 'Nothing' } }
  const endings: Record<string, (respond: (status: never, ...rest: never[]) => never) => unknown> = {
    'other status': respond => respond(202 as never, { ticket: '1' } as never),
    'no body': respond => respond(204 as never),
    'web response': () => Response.json({ id: '9' }),
    'streaming response': () => new Response(new ReadableStream({ pull: () => {} })),
    'empty text': () => ({ id: '' }),
    dots: () => ({ id: '..' }),
  }
  app.post(
    '/x/{how}',
    { response, responses, callbacks: { paid } },
    async function pay({ params, callbacks, respond }) {
      await callbacks.paid.send()
      return endings[params.how]?.(respond as never) as { id: string }
    },
  )
  await using client = await testClient(app)
  for (const how of Object.keys(endings)) assert.equal((await client.post(`/x/${how}`)).status, 500, how)
  assert.deepEqual(client.deliveries, [])
  const errors = errorsIn(log)
  assert.equal(errors.length, Object.keys(endings).length)
  for (const error of errors) assert.match(error, /operation "pay".*callback "paid" was sent.*\$response\.body#\/id/)
})

test('send fails the request where a null value or a missing header is read', async () => {
  const { app, log } = createApp()
  const numbered = callback.post('https://www.external.org/{$response.header.x-part}', {})
  const withNull = { 202: { body: z.object({ id: z.null() }) } }
  app.post('/null', { response, responses: withNull, callbacks: { paid } }, async ({ callbacks, respond }) => {
    await callbacks.paid.send()
    return respond(202, { id: null })
  })
  const responseHeaders = z.object({ 'x-part': z.string() })
  const responses = { 202: { body: z.string() } }
  app.post(
    '/header',
    { response, responseHeaders, responses, callbacks: { numbered } },
    async ({ callbacks, respond }) => {
      await callbacks.numbered.send()
      return respond(202, 'without the header')
    },
  )
  await using client = await testClient(app)
  for (const path of ['/null', '/header']) assert.equal((await client.post(path)).status, 500, path)
  assert.deepEqual(client.deliveries, [])
  assert.match(errorsIn(log).join('\n'), /\$response\.body#\/id.*\n.*\$response\.header\.x-part/)
})

test('a response that lacks the value is fine where nothing was sent', async () => {
  const { app, log } = createApp()
  const responses = { 202: { body: z.string() } }
  app.post('/x', { response, responses, callbacks: { paid } }, ({ respond }) => respond(202, 'later'))
  app.get('/x', { response, callbacks: { paid } }, () => Response.json({ other: true }))
  await using client = await testClient(app)
  assert.equal((await client.post('/x')).status, 202)
  assert.equal((await client.get('/x')).status, 200)
  assert.deepEqual(errorsIn(log), [])
})

test('status and headers of a web response are read, and any status with the value sends', async () => {
  const { app } = createApp()
  const counted = callback.put('https://www.external.org/{$statusCode}/{$response.header.x-part}', {})
  const responses = { 202: { body: z.object({ id: z.string() }) } }
  const responseHeaders = z.object({ 'x-part': z.string() })
  app.post('/web', { response, responseHeaders, callbacks: { counted } }, async ({ callbacks }) => {
    await callbacks.counted.send()
    return new Response('own', { status: 201, headers: { 'X-Part': 'p' } })
  })
  app.post('/other', { response, responses, callbacks: { paid } }, async ({ callbacks, respond }) => {
    await callbacks.paid.send()
    return respond(202, { id: '7' })
  })
  await using client = await testClient(app)
  assert.equal((await client.post('/web')).status, 201)
  assert.equal((await client.post('/other')).status, 202)
  assert.deepEqual(
    client.deliveries.map(({ url }) => url),
    [`${external}/201/p`, `${external}/7`],
  )
})

test('dependencies that live for the handler roll back when the response lacks the value', async () => {
  const { app } = createApp()
  const seen: string[] = []
  const tx = dependency({ scope: 'handler' }, async function* () {
    try {
      yield 1
      seen.push('commit')
    } catch (error) {
      seen.push('rollback')
      throw error
    }
  })
  app.post('/x', { response, dependencies: { tx }, callbacks: { paid } }, async ({ callbacks }) => {
    await callbacks.paid.send()
    return Response.json({})
  })
  app.post('/thrown', { response, dependencies: { tx }, callbacks: { paid } }, async ({ callbacks }) => {
    await callbacks.paid.send()
    throw new HttpError(409, 'No')
  })
  await using client = await testClient(app)
  assert.equal((await client.post('/x')).status, 500)
  assert.equal((await client.post('/thrown')).status, 409)
  assert.deepEqual(seen, ['rollback', 'rollback'])
  assert.deepEqual(client.deliveries, [])
})

test('a callback is undefined and skipped where its request lacks an optional part, even if it reads the response too', async () => {
  const { app, log } = createApp()
  const query = z.object({ u: z.url().optional(), tag: z.string().optional() })
  const based = callback.post('{$u}/{$response.body.id}', {})
  const tagged = callback.post('{$response.body.id}/{$request.query.tag}', {})
  const whose = callback.post('https://www.external.org/{$request.header.x-who}/{$response.body.id}', {})
  const headers = z.object({ 'x-who': z.string().optional() })
  app.post('/x', { query, headers, response, callbacks: { based, tagged, whose } }, async ({ callbacks }) => {
    await callbacks.based?.send()
    await callbacks.tagged?.send()
    await callbacks.whose?.send()
    return { id: `${external}`, there: Object.values(callbacks).map(callback => callback !== undefined) }
  })
  await using client = await testClient(app)
  assert.equal((await client.post('/x')).status, 200)
  assert.deepEqual(client.deliveries, [])
  assert.deepEqual(
    client.skipped.map(({ callback, expression }) => [callback, expression]),
    [
      ['based', '$request.query.u'],
      ['tagged', '$request.query.tag'],
      ['whose', '$request.header.x-who'],
    ],
  )
  assert.equal((await client.post('/x?tag=a', { headers: { 'x-who': 'me' } })).status, 200)
  assert.deepEqual(
    client.deliveries.map(({ url }) => url),
    [`${external}/a`, `${external}/me/${encodeURIComponent(external)}`],
  )
  assert.deepEqual(errorsIn(log), [])
})

test("the request's part of a URL that reads the response is checked before the handler runs", async () => {
  const { app } = createApp()
  const query = z.object({ u: z.string(), tag: z.string() })
  const based = callback.post('{$u}/{$request.query.tag}/{$response.body.id}', {})
  let ran = 0
  app.post('/x', { query, response, callbacks: { based } }, async ({ callbacks }) => {
    ran++
    await callbacks.based.send()
    return { id: '1' }
  })
  await using client = await testClient(app)
  const wrong = [
    ['u=http://127.0.0.1&tag=a', '#/u'],
    ['u=nowhere&tag=a', '#/u'],
    [`u=${external}&tag=..`, '#/tag'],
    [`u=${external}&tag=${'a'.repeat(9_000)}`, '#/u'],
  ]
  for (const [text, pointer] of wrong) {
    const response = await client.post(`/x?${text}`)
    assert.equal(response.status, 422, text)
    const { errors } = (await response.json()) as { errors: unknown[] }
    assert.deepEqual(
      errors.map(error => (error as { pointer: string }).pointer),
      [pointer],
    )
  }
  assert.equal(ran, 0)
  assert.equal((await client.post(`/x?u=${external}&tag=a`)).status, 200)
  assert.deepEqual(
    client.deliveries.map(({ url }) => url),
    [`${external}/a/1`],
  )
})
