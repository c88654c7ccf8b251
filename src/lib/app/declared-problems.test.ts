import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { z } from 'zod'
import { HttpError } from '../http/http-error.ts'
import { callback } from '../operation/callback-definition.ts'
import { problem } from '../operation/problem.ts'
import { httpBearer } from '../security/http-bearer.ts'
import { Ringback } from './ringback.ts'
import { Router } from './router.ts'

const PROBLEM = 'application/problem+json'
const details = { $ref: '#/components/schemas/ProblemDetails' }

function newApp(): { app: Ringback; errors: string[] } {
  const errors: string[] = []
  const log = {
    debug() {},
    info() {},
    warn() {},
    error: (_: string, fields?: object) => void errors.push(String((fields as { error?: unknown } | undefined)?.error)),
  }
  return { app: new Ringback({ title: 't', version: '1', log }), errors }
}

interface Described {
  readonly $ref?: string
  readonly description?: string
  readonly headers?: object
  readonly content?: Readonly<
    Record<string, { readonly schema: object; readonly example?: { readonly status: number } }>
  >
}

const validator = new Validator()

/** The responses of the operation at "/x" in the document, which is checked to be valid. */
async function described(app: Ringback): Promise<Readonly<Record<string, Described>>> {
  const document = app.openapi()
  const { valid, errors } = await validator.validate({ ...structuredClone(document) })
  assert.ok(valid, JSON.stringify(errors))
  const item = document.paths?.['/x'] ?? {}
  return ((item.get ?? item.post)?.responses ?? {}) as Readonly<Record<string, Described>>
}

async function responseOf(app: Ringback, path = '/x'): Promise<unknown[]> {
  const { status, headers, body } = await app.fetch(new Request(`http://a${path}`))
  return [status, headers.get('content-type'), body && (await new Response(body).json())]
}

describe('An error that is declared without a body is a problem', () => {
  const statuses: readonly [number, string][] = [
    [404, 'Not Found'],
    [410, 'Gone'],
    [418, "I'm a Teapot"],
    [500, 'Internal Server Error'],
    [599, 'Error'],
  ]
  for (const [status, title] of statuses)
    test(`in the document and as a response: ${status}`, async () => {
      const { app } = newApp()
      app.get('/x', { response: z.string(), responses: { [status]: { description: 'Why' } } }, ({ respond }) =>
        (respond as (status: number) => never)(status),
      )
      const response = (await described(app))[status]
      assert.equal(response?.description, 'Why')
      assert.deepEqual(response?.content?.[PROBLEM]?.schema, details)
      const example = { type: 'about:blank', title, status }
      assert.deepEqual(response?.content?.[PROBLEM]?.example, example)
      assert.deepEqual(await responseOf(app), [status, PROBLEM, example])
    })

  test('with the headers that are declared, and from a router or an include', async () => {
    const { app } = newApp()
    const router = new Router({ responses: { 404: { description: 'No such thing' } } })
    const responses = { 429: { headers: z.object({ 'retry-after': z.int() }) } }
    router.get('/x', { response: z.string(), responses }, ({ respond }) =>
      respond(429, undefined, { headers: { 'retry-after': 3 } }),
    )
    app.include(router, { responses: { 410: {} } })
    const documented = await described(app)
    for (const status of [404, 410, 429]) assert.deepEqual(documented[status]?.content?.[PROBLEM]?.schema, details)
    assert.deepEqual(Object.keys(documented[429]?.headers ?? {}), ['retry-after'])
    assert.deepEqual((await responseOf(app))[0], 429)
  })

  test("but not a success, a redirect, an error with a body, nor a receiver's response", async () => {
    const { app } = newApp()
    const note = callback.post('{$callback_url}', { responses: { 404: { description: 'Gone' } } })
    const query = z.object({ callback_url: z.url() })
    const responses = { 202: {}, 303: {}, 409: { body: z.object({ own: z.string() }) } }
    app.post('/x', { query, responses, callbacks: { note } }, () => {})
    const documented = await described(app)
    assert.deepEqual(
      [202, 303, 409].map(status => Object.keys(documented[status]?.content ?? {})),
      [[], [], ['application/json']],
    )
    const callbacks = app.openapi().paths?.['/x']?.post?.callbacks
    const response = callbacks?.['note']?.['{$request.query.callback_url}']?.post?.responses?.['404']
    assert.deepEqual(response, { description: 'Gone' })
  })
})

describe('problem()', () => {
  test('is a body that is validated, and whose members are filled in', async () => {
    const { app, errors } = newApp()
    const responses = { 404: { description: 'No such thing', body: problem() } }
    app.get('/x', { response: z.string(), responses }, ({ respond }) => respond(404, { detail: 'No 7' }))
    app.get('/y', { response: z.string(), responses }, ({ respond }) =>
      respond(404, { type: 'https://a.org/none', title: 'None', instance: '/y', detail: 'No 8' }),
    )
    app.get('/z', { response: z.string(), responses }, ({ respond }) => respond(404, { detail: 8 as never }))
    app.get('/w', { response: z.string(), responses }, ({ respond }) => respond(404, { secret: 'a' } as never))
    const response = (await described(app))[404]
    assert.equal(response?.description, 'No such thing')
    assert.deepEqual(response?.content?.[PROBLEM]?.schema, details)
    const title = 'Not Found'
    assert.deepEqual(await responseOf(app), [404, PROBLEM, { type: 'about:blank', title, status: 404, detail: 'No 7' }])
    assert.deepEqual(await responseOf(app, '/y'), [
      404,
      PROBLEM,
      { type: 'https://a.org/none', title: 'None', status: 404, detail: 'No 8', instance: '/y' },
    ])
    assert.deepEqual(await responseOf(app, '/w'), [404, PROBLEM, { type: 'about:blank', title, status: 404 }])
    assert.equal((await responseOf(app, '/z'))[0], 500)
    assert.match(errors.join(), /ResponseInvalidError.*#\/detail/)
  })

  test('shares its name with the problems that are thrown', async () => {
    const { app } = newApp()
    app.get('/x', { query: z.object({ n: z.int() }), responses: { 404: { body: problem() } } }, () => {
      throw new HttpError(404, 'No 7', { extra: { id: 7 } } as never)
    })
    assert.equal((await described(app))['default']?.$ref, '#/components/responses/Problem')
    assert.deepEqual(Object.keys(app.openapi().components?.schemas ?? {}), ['ProblemDetails', 'ValidationProblem'])
  })

  test('may be the body and the response of a callback', async () => {
    const { app } = newApp()
    const failed = callback.post('{$callback_url}', { body: problem(), responses: { 400: { body: problem() } } })
    app.post('/x', { query: z.object({ callback_url: z.url() }), callbacks: { failed } }, () => {})
    await described(app)
    const request =
      app.openapi().paths?.['/x']?.post?.callbacks?.['failed']?.['{$request.query.callback_url}']?.post ?? {}
    const response = request.responses?.['400'] as Described | undefined
    assert.deepEqual(response?.content?.[PROBLEM]?.schema, details)
  })

  test("keeps its name: a schema of the user's cannot take it", () => {
    const { app } = newApp()
    const own = z.object({ a: z.string() }).meta({ id: 'ProblemDetails' })
    app.post('/x', { body: own, responses: { 404: {} } }, () => {})
    assert.throws(() => app.openapi(), { name: 'DefinitionError', message: /"ProblemDetails"/ })
  })
})

describe("Ringback's own responses stay complete where only their description is given", () => {
  test('401 of security, 422 of what does not fit, 503 of callbacks', async () => {
    const { app } = newApp()
    const note = callback.post('{$callback_url}', {})
    const query = z.object({ callback_url: z.url() })
    const responses = { 401: { description: 'Log in' }, 422: { description: 'Look again' }, 503: {} }
    const dependencies = { token: httpBearer() }
    app.post('/x', { query, dependencies, responses, callbacks: { note } }, () => {})
    const documented = await described(app)
    assert.deepEqual(documented[401], {
      description: 'Log in',
      content: {
        [PROBLEM]: {
          schema: details,
          example: {
            type: 'about:blank',
            title: 'Unauthorized',
            status: 401,
            detail: 'The credentials are missing or not valid',
          },
        },
      },
    })
    assert.equal(documented[422]?.description, 'Look again')
    assert.deepEqual(documented[422]?.content?.[PROBLEM]?.schema, { $ref: '#/components/schemas/ValidationProblem' })
    assert.match(documented[503]?.description ?? '', /could not be stored/)
  })

  test('422 is an ordinary problem where nothing can be wrong with the request', async () => {
    const { app } = newApp()
    app.get('/x', { responses: { 422: { description: 'Full moon' } } }, () => {})
    assert.deepEqual((await described(app))[422]?.content?.[PROBLEM]?.schema, details)
  })

  test('409 and 502 are documented where callbacks can cause them', async () => {
    const query = z.object({ callback_url: z.url() })
    const now = callback.post('{$callback_url}', {})
    const late = callback.post('{$callback_url}/{$response.body.id}', {})
    const response = z.object({ id: z.string() })
    const statusesOf = async (callbacks: object, responses = {}) => {
      const { app } = newApp()
      app.post('/x', { query, response, responses, callbacks: callbacks as { now: typeof now } }, () => ({ id: '1' }))
      return Object.entries(await described(app)).map(([status, { $ref, description }]) => [
        status,
        $ref ?? description,
      ])
    }
    const reference = (name: string) => `#/components/responses/${name}`
    assert.deepEqual((await statusesOf({ now })).slice(1), [
      ['409', reference('CallbackConflict')],
      ['422', reference('ValidationProblem')],
      ['502', reference('CallbackFailed')],
      ['503', reference('CallbackNotStored')],
      ['default', reference('Problem')],
    ])
    assert.deepEqual(
      (await statusesOf({ late })).map(([status]) => status),
      ['200', '409', '422', '503', 'default'],
    )
    assert.deepEqual(
      (await statusesOf({})).map(([status]) => status),
      ['200', '422', 'default'],
    )
    const own = {
      409: { description: 'Sent before', body: z.object({ id: z.string() }) },
      502: { description: 'Down' },
    }
    assert.deepEqual((await statusesOf({ now }, own)).slice(1, 4), [
      ['409', 'Sent before'],
      ['422', reference('ValidationProblem')],
      ['502', 'Down'],
    ])
  })
})
