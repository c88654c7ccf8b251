import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { HttpError } from '../http/http-error.ts'
import { callback } from '../operation/callback-definition.ts'
import { dependency } from '../operation/dependency-definition.ts'
import type { DependencyScope } from '../operation/dependency-set.ts'
import { apiKey } from '../security/api-key.ts'
import { httpBasic } from '../security/http-basic.ts'
import { httpBearer } from '../security/http-bearer.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'

function createApp(options: object = {}) {
  const log = new RecordingLog()
  return { log, app: new Ringback({ title: 'Dependencies', version: '1.0.0', log, ...options }) }
}

const errorsIn = ({ messages }: RecordingLog) => messages.filter(({ level }) => level === 'error' || level === 'warn')

/** A generator dependency that records the order of its steps, and what it sees. */
function traced(order: string[], name: string, scope: DependencyScope, dependencies = {}) {
  return dependency({ scope, dependencies }, async function* () {
    order.push(`${name} made`)
    try {
      yield name
      order.push(`${name} ended`)
    } catch (error) {
      order.push(`${name} saw ${error instanceof Error ? error.message : String(error)}`)
      throw error
    }
  })
}

test('dependency cleans up in the reverse order: before the response with scope "handler", after it with "response"', async () => {
  const order: string[] = []
  const { app, log } = createApp()
  const response = traced(order, 'response', 'response')
  const inner = traced(order, 'inner', 'handler', { response })
  const outer = traced(order, 'outer', 'handler', { inner })
  app.get('/x', { dependencies: { outer }, response: z.string() }, async ({ outer, background }) => {
    background(() => void order.push('background'))
    order.push('handled')
    return outer
  })
  await using client = await testClient(app)
  assert.equal(await (await client.get('/x')).json(), 'outer')
  order.push('responded')
  await client.close()
  assert.deepEqual(order, [
    'response made',
    'inner made',
    'outer made',
    'handled',
    'outer ended',
    'inner ended',
    'responded',
    'background',
    'response ended',
  ])
  assert.deepEqual(errorsIn(log), [])
})

test('dependency sees the error of the handler, of the validation, and of another dependency', async () => {
  const order: string[] = []
  const { app } = createApp()
  const handler = traced(order, 'handler', 'handler')
  const response = traced(order, 'response', 'response')
  const failing = dependency({ dependencies: { handler, response } }, () => {
    throw new HttpError(403, 'no')
  })
  app.get('/thrown', { dependencies: { response, handler } }, async () => {
    throw new HttpError(418, 'tea')
  })
  app.get('/invalid', { query: z.object({ n: z.number() }), dependencies: { response, handler } }, async () => {})
  app.get('/failing', { dependencies: { failing } }, async () => {})
  await using client = await testClient(app)
  for (const [path, status, message] of [
    ['/thrown', 418, 'tea'],
    ['/invalid', 422, 'The request does not fit the operation: see "errors"'],
    ['/failing', 403, 'no'],
  ] as const) {
    order.length = 0
    assert.equal((await client.get(path)).status, status)
    assert.deepEqual(order.slice(0, 2).toSorted(), ['handler made', 'response made'])
    assert.deepEqual(order.slice(2), [`handler saw ${message}`, `response saw ${message}`], path)
  }
})

test('dependency that swallows an error does not swallow the response', async () => {
  const { app, log } = createApp()
  const seen: unknown[] = []
  const quiet = dependency({ scope: 'handler' }, async function* () {
    try {
      yield 1
    } catch (error) {
      seen.push(error)
    }
  })
  app.get('/x', { dependencies: { quiet, second: traced([], 'x', 'response') } }, async () => {
    throw new HttpError(409, 'taken')
  })
  await using client = await testClient(app)
  const response = await client.get('/x')
  assert.equal(response.status, 409)
  assert.equal(((await response.json()) as { detail: string }).detail, 'taken')
  assert.equal(seen.length, 1)
  assert.deepEqual(errorsIn(log), [])
})

test('dependency may replace the error that it sees', async () => {
  const { app } = createApp()
  const order: string[] = []
  const translating = dependency({ scope: 'handler' }, async function* () {
    try {
      yield 1
    } catch {
      throw new HttpError(503, 'later')
    }
  })
  app.get('/x', { dependencies: { outside: traced(order, 'outside', 'handler'), translating } }, async () => {
    throw new Error('the database is away')
  })
  await using client = await testClient(app)
  assert.equal((await client.get('/x')).status, 503)
  assert.deepEqual(order, ['outside made', 'outside saw later'])
})

test('dependency whose clean-up fails: before the response a 500, after it a log line; the others are still cleaned up', async () => {
  for (const scope of ['handler', 'response'] as const) {
    const { app, log } = createApp()
    const order: string[] = []
    const failing = dependency({ scope }, async function* () {
      yield 1
      throw new Error('the clean-up failed')
    })
    const outside = traced(order, 'outside', scope)
    app.get('/x', { dependencies: { outside, failing }, response: z.number() }, async () => 1)
    const client = await testClient(app)
    assert.equal((await client.get('/x')).status, scope === 'handler' ? 500 : 200)
    await client.close()
    assert.deepEqual(order, ['outside made', 'outside saw the clean-up failed'])
    assert.deepEqual(
      errorsIn(log).map(({ fields }) => String(fields['error'])),
      ['Error: the clean-up failed'],
    )
  }
})

test('dependency that yields twice is an error that says so', async () => {
  const { app, log } = createApp()
  const twice = dependency({ scope: 'handler' }, async function* () {
    yield 1
    yield 2
  })
  app.get('/x', { dependencies: { twice } }, async () => {})
  await using client = await testClient(app)
  assert.equal((await client.get('/x')).status, 500)
  assert.match(String(errorsIn(log)[0]?.fields['error']), /yielded twice/)
})

for (const [kind, fn] of Object.entries({
  'an async generator': async function* (): AsyncGenerator<number> {},
  'a generator': function* (): Generator<number> {},
  // biome-ignore lint/correctness/useYield: that is the mistake
  'a generator that returns its value': async function* (): AsyncGenerator<number, number> {
    return 1
  },
}))
  for (const scope of ['handler', 'response', 'app'] as const)
    test(`dependency of scope "${scope}" that never yields is an error that names it: ${kind}`, async () => {
      const { app, log } = createApp()
      const empty = dependency({ scope }, fn as () => unknown)
      app.get('/x', { dependencies: { empty } }, async () => {})
      const words = /The dependency "empty" of GET \/x is a generator that never yielded/
      if (scope === 'app') await assert.rejects(app.start(), words)
      assert.equal((await app.fetch(new Request('http://localhost/x'))).status, 500)
      assert.match(String(errorsIn(log)[0]?.fields['error']), words)
      await app.close()
    })

for (const [lifespan, words] of [
  [async function* () {}, /The lifespan never yielded/],
  [async () => {}, /The lifespan is not a generator/],
] as const)
  test(`start refuses a lifespan: ${words}`, async () => {
    await assert.rejects(createApp({ lifespan: lifespan as never }).app.start(), words)
  })

test('lifespan that yields twice is an error when it ends', async () => {
  const { app } = createApp({
    async *lifespan() {
      yield
      yield
    },
  })
  await app.start()
  await assert.rejects(app.close(), /The lifespan yielded twice/)
})

test('dependency is made once per request, and only scope "app" is shared between requests', async () => {
  const { app } = createApp()
  let made = 0
  let appMade = 0
  const counter = dependency({}, () => ({ number: ++made }))
  const shared = dependency({ scope: 'app' }, async () => ({ number: ++appMade }))
  const left = dependency({ dependencies: { counter, shared } }, ({ counter }) => counter)
  const right = dependency({ dependencies: { counter } }, ({ counter }) => counter)
  const both = Promise.withResolvers<void>()
  let waiting = 0
  app.get('/x', { dependencies: { left, right, counter, shared }, response: z.unknown() }, async context => {
    if (++waiting === 2) both.resolve()
    await both.promise
    assert.equal(context.left, context.right)
    assert.equal(context.left, context.counter)
    return [context.counter.number, context.shared.number]
  })
  await using client = await testClient(app)
  assert.equal(appMade, 1)
  const responses = await Promise.all([client.get('/x'), client.get('/x')])
  const numbers = (await Promise.all(responses.map(response => response.json()))) as number[][]
  assert.deepEqual(numbers.toSorted(), [
    [1, 1],
    [2, 1],
  ])
})

test('dependency is not made where one that it needs could not be read', async () => {
  const { app } = createApp()
  const made: string[] = []
  const user = dependency({ headers: z.object({ 'x-user': z.string() }) }, ({ headers }) => headers['x-user'])
  const account = dependency({ dependencies: { user } }, ({ user }) => made.push(`account of ${user}`))
  const ledger = dependency({ dependencies: { account } }, () => made.push('ledger'))
  app.get('/x', { dependencies: { ledger } }, () => {})
  await using client = await testClient(app)
  assert.equal((await client.get('/x')).status, 422)
  assert.deepEqual(made, [])
  assert.equal((await client.get('/x', { headers: { 'x-user': 'u' } })).status, 204)
  assert.deepEqual(made, ['account of u', 'ledger'])
})

test('dependency of scope "app" has the log and the application', async () => {
  const { app, log } = createApp()
  const pool = dependency({ scope: 'app' }, ({ log, app }) => {
    log.info('The pool is open')
    return app
  })
  app.get('/x', { dependencies: { pool }, response: z.boolean() }, async context => context.pool === context.app)
  await using client = await testClient(app)
  assert.equal(await (await client.get('/x')).json(), true)
  assert.ok(log.messages.some(({ text }) => text === 'The pool is open'))
})

test('dependency that is slow delays only what needs it', async () => {
  const { app } = createApp()
  const fastMade = Promise.withResolvers<void>()
  const slow = dependency({}, async () => {
    await fastMade.promise
    return 'slow'
  })
  const first = dependency({}, async () => 'first')
  const fast = dependency({ dependencies: { first } }, async () => {
    fastMade.resolve()
    return 'fast'
  })
  app.get('/x', { dependencies: { slow, fast }, response: z.array(z.string()) }, async ({ slow, fast }) => [slow, fast])
  await using client = await testClient(app)
  assert.deepEqual(await (await client.get('/x')).json(), ['slow', 'fast'])
})

test('dependency that fails leaves no other half open that was being made at the same time', async () => {
  const { app } = createApp()
  const order: string[] = []
  const failed = Promise.withResolvers<void>()
  const failing = dependency({}, () => {
    failed.resolve()
    throw new HttpError(403)
  })
  const slow = dependency({}, async function* () {
    await failed.promise
    order.push('made')
    try {
      yield 1
    } finally {
      order.push('cleaned up')
    }
  })
  app.get('/x', { dependencies: { failing, slow } }, async () => {})
  await using client = await testClient(app)
  assert.equal((await client.get('/x')).status, 403)
  assert.deepEqual(order, ['made', 'cleaned up'])
})

test('dependency has parameters that are decoded, in the 422 and the document, and readable by callback expressions', async () => {
  const { app } = createApp()
  const page = dependency(
    { query: z.object({ limit: z.number().int().max(100).default(20), callback_url: z.url().optional() }) },
    ({ query }) => query.limit,
  )
  const device = dependency({ headers: z.object({ 'x-device': z.string() }) }, ({ headers }) => headers['x-device'])
  const session = dependency({ cookies: z.object({ session: z.string() }) }, ({ cookies }) => cookies.session)
  const user = dependency(
    { params: z.object({ user: z.number() }), dependencies: { device, session } },
    ({ params, ...rest }) => [params.user, rest.device, rest.session],
  )
  const done = callback.post('{$request.query.callback_url}/{$request.header.x-device}', { body: z.number() })
  app.get(
    '/users/{user}',
    { dependencies: { page, user, device }, callbacks: { done }, response: z.unknown() },
    async ({ page, user, callbacks }) => {
      await callbacks.done?.send(page)
      return [page, ...user]
    },
  )
  await using client = await testClient(app)
  const headers = { 'x-device': 'phone', cookie: 'session=s' }
  const good = await client.get('/users/7?limit=5&callback_url=https://www.external.org', { headers })
  assert.deepEqual(await good.json(), [5, 7, 'phone', 's'])
  assert.deepEqual(
    client.deliveries.map(({ url }) => url),
    ['https://www.external.org/phone'],
  )
  const bad = await client.get('/users/x?limit=500')
  assert.equal(bad.status, 422)
  const { errors } = (await bad.json()) as { errors: { in: string; pointer: string }[] }
  assert.deepEqual(errors.map(error => `${error.in} ${error.pointer}`).toSorted(), [
    'cookie #/session',
    'header #/x-device',
    'path #/user',
    'query #/limit',
  ])
  const parameters = app.openapi().paths?.['/users/{user}']?.get?.parameters ?? []
  assert.deepEqual(parameters.map(parameter => ('name' in parameter ? parameter.name : '')).toSorted(), [
    'callback_url',
    'limit',
    'session',
    'user',
    'x-device',
  ])
})

test('dependency that refuses the caller comes before any mistake in the request', async () => {
  const { app } = createApp()
  const token = httpBearer()
  const page = dependency({ query: z.object({ limit: z.number() }) }, ({ query }) => query.limit)
  app.post('/x', { body: z.object({ a: z.number() }), dependencies: { page, token } }, async () => {})
  await using client = await testClient(app)
  const refused = await client.post('/x?limit=x', { body: '{"broken', headers: { 'content-type': 'text/plain' } })
  assert.equal(refused.status, 401)
  assert.equal(refused.headers.get('www-authenticate'), 'Bearer')
  const headers = { authorization: 'Bearer t' }
  assert.equal((await client.post('/x?limit=x', { headers, json: { a: 'x' } })).status, 422)
})

test('httpBearer, httpBasic and apiKey read their credential and refuse anything else', async () => {
  const { app } = createApp()
  const response = z.unknown()
  app.get('/bearer', { dependencies: { it: httpBearer() }, response }, async ({ it }) => it)
  app.get('/basic', { dependencies: { it: httpBasic({ realm: 'a "b"' }) }, response }, async ({ it }) => it)
  for (const location of ['header', 'query', 'cookie'] as const)
    app.get(
      `/${location}`,
      { dependencies: { it: apiKey({ in: location, name: 'X-Key', schemeName: location }) }, response },
      async ({ it }) => it,
    )
  await using client = await testClient(app)
  const cases: readonly [path: string, headers: Record<string, string>, expected: unknown][] = [
    ['/bearer', { authorization: 'bEARER  abc ' }, 'abc'],
    ['/bearer', { authorization: 'Bearer' }, 401],
    ['/bearer', { authorization: 'Bearer ' }, 401],
    ['/bearer', { authorization: 'Basic abc' }, 401],
    ['/basic', { authorization: `Basic ${btoa('a:b:c')}` }, { username: 'a', password: 'b:c' }],
    ['/basic', { authorization: `Basic ${Buffer.from('ä:ü').toString('base64')}` }, { username: 'ä', password: 'ü' }],
    ['/basic', { authorization: `Basic ${btoa('a:')}` }, { username: 'a', password: '' }],
    ['/basic', { authorization: `Basic ${btoa('ab')}` }, 401],
    ['/basic', { authorization: 'Basic ***' }, 401],
    ['/header', { 'x-key': 'k' }, 'k'],
    ['/header', { 'x-key': '' }, 401],
    ['/header', {}, 401],
    ['/query?X-Key=k%20', {}, 'k '],
    ['/query?X-Key=k&X-Key=l', {}, 401],
    ['/query?x-key=k', {}, 401],
    ['/cookie', { cookie: 'a=b; X-Key=k' }, 'k'],
    ['/cookie', { cookie: 'a=b' }, 401],
  ]
  for (const [path, headers, expected] of cases) {
    const response = await client.get(path, { headers })
    if (expected === 401) {
      assert.equal(response.status, 401, path)
      assert.match(
        response.headers.get('www-authenticate') ?? '',
        /^(Bearer|Basic realm="a \\"b\\"", charset="UTF-8"|ApiKey in=)/,
      )
    } else assert.deepEqual(await response.json(), expected, path)
  }
})

test('override stands in for a dependency wherever it is used, until the test client is closed', async () => {
  const { app } = createApp()
  let made = 0
  const pool = dependency({ scope: 'app' }, () => `pool ${++made}`)
  const repository = dependency({ scope: 'app', dependencies: { pool } }, ({ pool }) => `repository on ${pool}`)
  const needsHeader = dependency({ headers: z.object({ 'x-user': z.string() }) }, ({ headers }) => headers['x-user'])
  app.get(
    '/x',
    { dependencies: { pool, repository, user: needsHeader }, response: z.unknown() },
    async ({ pool, repository, user }) => [pool, repository, user],
  )
  app.override(pool, () => 'stand-in')
  app.override(needsHeader, () => 'nobody')
  const client = await testClient(app)
  assert.deepEqual(await (await client.get('/x')).json(), ['stand-in', 'repository on stand-in', 'nobody'])
  assert.equal(made, 0)
  await client.close()
  await using again = await testClient(app)
  assert.equal((await again.get('/x')).status, 422)
  assert.deepEqual(await (await again.get('/x', { headers: { 'x-user': 'u' } })).json(), [
    'pool 1',
    'repository on pool 1',
    'u',
  ])
  const undo = app.override(needsHeader, () => 'nobody')
  assert.equal((await again.get('/x')).status, 200)
  undo()
  assert.equal((await again.get('/x')).status, 422)
})

test('lifespan begins before and ends after the dependencies of the app', async () => {
  const order: string[] = []
  const { app } = createApp({
    async *lifespan() {
      order.push('begin')
      yield
      order.push('end')
    },
  })
  const inner = traced(order, 'inner', 'app')
  const outer = traced(order, 'outer', 'app', { inner })
  app.get('/x', { dependencies: { outer } }, async () => {})
  const client = await testClient(app)
  await client.close()
  assert.deepEqual(order, ['begin', 'inner made', 'outer made', 'outer ended', 'inner ended', 'end'])
})

test('start ends everything that it began when a part of it fails', async () => {
  const order: string[] = []
  const { app } = createApp({
    async *lifespan() {
      order.push('begin')
      yield
      order.push('end')
    },
  })
  const pool = traced(order, 'pool', 'app')
  const broken = dependency({ scope: 'app', dependencies: { pool } }, () => {
    throw new Error('no connection')
  })
  app.get('/x', { dependencies: { broken } }, async () => {})
  await assert.rejects(app.start(), /no connection/)
  assert.deepEqual(order, ['begin', 'pool made', 'pool ended', 'end'])
})

test('close ends everything even if a part of it fails', async () => {
  const order: string[] = []
  const { app } = createApp({
    async *lifespan() {
      yield
      order.push('end')
    },
  })
  const broken = dependency({ scope: 'app' }, async function* () {
    yield 1
    throw new Error('the pool cannot be closed')
  })
  app.get('/x', { dependencies: { broken } }, async () => {})
  await app.start()
  await assert.rejects(app.close(), /cannot be closed/)
  assert.deepEqual(order, ['end'])
})

test('the log tells of an error that a dependency replaced, and of no other', async () => {
  const { app, log } = createApp()
  const replacing = dependency({}, async function* () {
    try {
      yield 1
    } catch {
      throw new HttpError(409, 'replaced')
    }
  })
  const fail = () => {
    throw new HttpError(404, 'first')
  }
  app.get('/kept', { dependencies: { kept: traced([], 'kept', 'handler') } }, fail)
  app.get('/replaced', { dependencies: { replacing } }, fail)
  for (const [path, status] of [
    ['/kept', 404],
    ['/replaced', 409],
  ] as const)
    assert.equal((await app.fetch(new Request(`http://localhost${path}`))).status, status)
  const told = log.messages.filter(({ text }) => text === 'A dependency replaced an error')
  assert.deepEqual(
    told.map(({ level, fields }) => [level, (fields['error'] as HttpError).status]),
    [['debug', 404]],
  )
})
