import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { requestId as honoRequestId } from 'hono/request-id'
import * as v from 'valibot'
import { z } from 'zod'
import { HttpError } from '../http/http-error.ts'
import type { LogFields } from '../log/log.ts'
import { callback } from '../operation/callback-definition.ts'
import { dependency } from '../operation/dependency-definition.ts'
import type { ErrorContext } from '../operation/error-context.ts'
import { RequestValidationError } from '../request/errors/request-validation-error.ts'
import { Ringback } from './ringback.ts'
import type { RingbackOptions } from './ringback-options.ts'

const lines: { message: string; fields: LogFields | undefined }[] = []
const note = (message: string, fields?: LogFields) => void lines.push({ message, fields })
const log = { debug: () => {}, info: note, warn: note, error: note }
const createApp = (options: Partial<RingbackOptions> = {}) =>
  new Ringback({ title: 'Errors', version: '1.0.0', log, ...options })
const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/
const at = (path: string, init?: RequestInit) => new Request(`http://localhost${path}`, init)
const json = (body: unknown, headers = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})
const problemOf = async (response: Response) => (await response.json()) as Record<string, unknown>

describe('The items of a 422', () => {
  it('have a stable code each', async () => {
    const app = createApp()
    const query = z.object({ page: z.int().min(1), on: z.boolean(), callback_url: z.url() })
    app.post(
      '/a/{id}',
      {
        params: z.object({ id: z.int() }),
        query,
        headers: z.object({ 'x-kind': z.enum(['a', 'b']) }),
        cookies: z.object({ session: z.string() }),
        body: z.object({ total: z.number(), note: z.string().max(2) }),
        callbacks: { note: callback.post('{$callback_url}', {}) },
      },
      async () => {},
    )
    const path = '/a/x?page=0&page=2&on=maybe&callback_url=http://127.0.0.1/'
    const problem = await problemOf(await app.fetch(at(path, json({ total: 'x', note: 'long' }, { 'x-kind': 'c' }))))
    assert.deepEqual(
      (problem.errors as { in: string; pointer: string; code: string }[]).map(e => `${e.in} ${e.pointer} ${e.code}`),
      [
        'path #/id type',
        'query #/on type',
        'query #/page repeated',
        'header #/x-kind enum',
        'cookie #/session required',
        'body #/note maxLength',
        'body #/total type',
        'query #/callback_url destination',
      ],
    )
    const wrong = await problemOf(await app.fetch(at('/a/1?page=1&on=1&callback_url=x', json({}))))
    const codes = (wrong.errors as { pointer: string; code: string }[]).map(e => `${e.pointer} ${e.code}`)
    assert.ok(codes.includes('#/callback_url format') && codes.includes('#/total required'), codes.join())
  })

  it('say how a boolean is written, and every way of that is taken', async () => {
    const app = createApp()
    const schema = z.object({ on: z.boolean() })
    app.post('/a', { query: schema, body: schema, response: z.any() }, async ({ query, body }) => [query.on, body.on])
    for (const [text, value] of [
      ...['true', '1', 'on', 'yes', 'TRUE', 'On', 'yEs'].map(text => [text, true] as const),
      ...['false', '0', 'off', 'no', 'False', 'OFF', 'No'].map(text => [text, false] as const),
    ])
      assert.deepEqual(await (await app.fetch(at(`/a?on=${text}`, json({ on: text })))).json(), [value, value], text)
    const problem = await problemOf(await app.fetch(at('/a?on=maybe', json({ on: 'truee' }))))
    for (const { detail } of problem.errors as { detail: string }[])
      assert.match(detail, /boolean.*; send true, false, 1, 0, on, off, yes or no$/)
  })

  it('keep the words of the author', async () => {
    const app = createApp()
    app.get('/a', { query: z.object({ on: z.boolean({ error: 'Say it' }) }) }, async () => {})
    const problem = await problemOf(await app.fetch(at('/a?on=maybe')))
    assert.deepEqual(problem.errors, [{ in: 'query', pointer: '#/on', code: 'type', detail: 'Say it' }])
  })
})

describe('The details of a 422', () => {
  it('say of what is missing that it is required, unless the author says it', async () => {
    const app = createApp()
    const own = z.string({ error: issue => (issue.input === undefined ? 'Give a name' : 'Not a name') })
    app.get('/zod', { query: z.object({ n: z.int(), name: own }), response: z.any() }, async () => 1)
    const query = toStandardJsonSchema(v.object({ n: v.number() }))
    app.get('/valibot', { query, response: z.any() }, async () => 1)
    const detailsAt = async (path: string) => {
      const { errors } = (await problemOf(await app.fetch(at(path)))) as unknown as { errors: { detail: string }[] }
      return errors.map(({ detail }) => detail)
    }
    assert.deepEqual(await detailsAt('/zod'), ['It is required', 'Give a name'])
    assert.deepEqual(await detailsAt('/valibot'), ['It is required'])
  })
})

describe('RequestValidationError', () => {
  it('has place, code and the sent value, which neither JSON nor a log shows', async () => {
    const app = createApp()
    const query = z.object({ page: z.int(), filter: z.object({ max: z.int() }).optional() })
    app.post(
      '/a/{id}',
      {
        params: z.object({ id: z.int() }),
        query,
        headers: z.object({ 'x-count': z.int() }),
        cookies: z.object({ session: z.int() }),
        body: z.object({ login: z.object({ password: z.string().min(20) }) }),
      },
      async () => {},
    )
    let caught: RequestValidationError | undefined
    app.onError(RequestValidationError, error => {
      caught = error
      return Response.json({ wrong: error.errors.map(({ pointer, code }) => `${pointer} ${code}`) }, { status: 400 })
    })
    const headers = { 'x-count': 'many', cookie: 'session=s' }
    const request = at('/a/%C3%A4?page=one&filter[max]=most', json({ login: { password: 'secret' } }, headers))
    const response = await app.fetch(request)
    assert.equal(response.status, 400)
    assert.ok(caught instanceof HttpError)
    assert.deepEqual(
      caught.errors.map(({ pointer, value }) => [pointer, value]),
      [
        ['#/id', 'ä'],
        ['#/filter/max', 'most'],
        ['#/page', 'one'],
        ['#/x-count', 'many'],
        ['#/session', 's'],
        ['#/login/password', 'secret'],
      ],
    )
    assert.ok(!JSON.stringify(caught).includes('secret') && !JSON.stringify(caught.errors).includes('secret'))
    assert.ok(!(await import('node:util')).inspect(caught).includes('secret'))
  })

  it('may be thrown by a handler', async () => {
    const app = createApp()
    app.post('/a', { body: z.object({ to: z.string() }) }, async ({ body }) => {
      throw new RequestValidationError([
        { in: 'body', pointer: '#/to', code: 'invalid', detail: 'Nobody is called so', value: body.to },
      ])
    })
    const response = await app.fetch(at('/a', json({ to: 'x' })))
    assert.equal(response.status, 422)
    assert.deepEqual((await problemOf(response)).errors, [
      { in: 'body', pointer: '#/to', code: 'invalid', detail: 'Nobody is called so' },
    ])
  })

  it('is still given to a handler of HttpError', async () => {
    const app = createApp()
    app.get('/a', { query: z.object({ page: z.int() }) }, async () => {})
    app.onError(HttpError, error => Response.json(error.extra, { status: error.status }))
    const response = await app.fetch(at('/a?page=x'))
    assert.equal(response.status, 422)
    assert.deepEqual(Object.keys((await problemOf(response)).errors as object), ['0'])
  })
})

describe('A handler given to onError', () => {
  it('gets the request as far as it was read', async () => {
    const app = createApp()
    let context: ErrorContext | undefined
    const fails = dependency({ headers: z.object({ 'x-a': z.string() }) }, ({ headers }) => headers['x-a'])
    app.post(
      '/a/{id}',
      { query: z.object({ page: z.int() }), body: z.object({ n: z.int() }), dependencies: { fails } },
      async function create() {
        throw new RangeError('no')
      },
    )
    app.onError(RangeError, (_, given) => {
      context = given
      return new Response(null, { status: 400 })
    })
    await app.fetch(at('/a/7?page=2', json({ n: 1 }, { 'x-a': 'x' })))
    assert.equal(context?.operation, 'create')
    assert.deepEqual(context.params, { id: '7' })
    assert.deepEqual(context.query, { page: 2 })
    assert.deepEqual(context.body, { n: 1 })
    assert.match(context.requestId, UUID)
    assert.equal(context.request.headers.get('x-a'), 'x')
    assert.equal(context.clientAddress, undefined)
    assert.equal(context.log, log)
    assert.equal(context.app, app)
  })

  it('gets what there is without an operation, and in middleware', async () => {
    const app = createApp()
    const seen: unknown[] = []
    app.use('/middle', async () => {
      throw new RangeError('no')
    })
    app.onError(Error, (_, { operation, params, request }) => {
      seen.push([operation, params, new URL(request.url).pathname])
      return new Response(null, { status: 400 })
    })
    await app.fetch(at('/nothing'))
    await app.fetch(at('/middle'))
    assert.deepEqual(seen, [
      [undefined, undefined, '/nothing'],
      [undefined, undefined, '/middle'],
    ])
  })
})

describe('The id of a request', () => {
  const proxy = { incoming: { socket: { remoteAddress: '10.0.0.7' } } }
  const failing = () => {
    const app = createApp({ trustedProxies: ['10.0.0.0/8'] })
    app.get('/fails', { response: z.any() }, async () => {
      throw new Error('secret')
    })
    app.get('/id', { response: z.string() }, async ({ requestId }) => requestId)
    return app
  }

  it('is in the log and in the problem of an error that the log has', async () => {
    lines.length = 0
    const request = at('/fails', { headers: { 'x-request-id': 'from-proxy.7=' } })
    const problem = await problemOf(await failing().fetch(request, proxy))
    assert.equal(problem.request_id, 'from-proxy.7=')
    assert.equal(lines[0]?.fields?.requestId, 'from-proxy.7=')
  })

  it('is a new one where somebody else than a trusted proxy sends one', async () => {
    const headers = { 'x-request-id': 'of-another' }
    for (const env of [undefined, { incoming: { socket: { remoteAddress: '198.51.100.7' } } }]) {
      const id = await (await failing().fetch(at('/id', { headers }), env)).json()
      assert.match(String(id), UUID)
    }
  })

  it('is a new one where none is sent, or one that is not well-formed', async () => {
    const app = failing()
    for (const sent of [undefined, '', 'a b', 'ä', '<x>', 'x'.repeat(129), 'a,b']) {
      const headers = sent === undefined ? {} : { 'x-request-id': encodeURI(sent) === sent ? sent : '"' }
      const id = await (await app.fetch(at('/id', { headers }), proxy)).json()
      assert.match(String(id), UUID, sent)
    }
  })

  it('is the one of the middleware of Hono', async () => {
    const app = failing()
    app.use(honoRequestId())
    const response = await app.fetch(at('/id'))
    assert.equal(await response.json(), response.headers.get('x-request-id'))
  })
})
