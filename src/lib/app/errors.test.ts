import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { HttpError } from '../http/http-error.ts'
import { callback } from '../operation/callback-definition.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { httpBearer } from '../security/http-bearer.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'

function createApp(options: object = {}) {
  const log = new RecordingLog()
  return { log, app: new Ringback({ title: 'Errors', version: '1.0.0', log, ...options }) }
}

const errorsIn = ({ messages }: RecordingLog) => messages.filter(({ level }) => level === 'error')
const problemOf = async (response: Response) => (await response.json()) as Record<string, unknown>

test('HttpError is a problem with its status, headers and further members', async () => {
  const { app, log } = createApp()
  app.get('/x', {}, async () => {
    throw new HttpError(402, 'Pay first', { headers: { 'x-price': '5' }, type: 'https://errors.example/pay', price: 5 })
  })
  await using client = await testClient(app)
  const response = await client.get('/x')
  assert.equal(response.headers.get('content-type'), 'application/problem+json')
  assert.equal(response.headers.get('x-price'), '5')
  assert.deepEqual(await problemOf(response), {
    type: 'https://errors.example/pay',
    title: 'Payment Required',
    status: 402,
    detail: 'Pay first',
    price: 5,
  })
  assert.deepEqual(errorsIn(log), [])
})

test('HttpError refuses a status or header that cannot be sent', () => {
  for (const status of [0, 99, 101, 600, 404.5, Number.NaN]) assert.throws(() => new HttpError(status), RangeError)
  assert.throws(() => new HttpError(400, 'x', { headers: { 'x-a': 'a\nb' } }), TypeError)
  assert.throws(() => new HttpError(400, 'x', { headers: { 'x a': 'a' } }), TypeError)
})

test('Ringback responds to any other error with a 500 without details', async () => {
  const secret = 'password=hunter2'
  class Odd extends Error {
    override get message(): string {
      throw new Error(secret)
    }
  }
  for (const thrown of [
    new Error(secret),
    new TypeError(secret),
    secret,
    undefined,
    null,
    7n,
    { secret },
    Symbol(secret),
    new Odd(),
  ]) {
    const { app, log } = createApp()
    app.get('/x', {}, async () => {
      throw thrown
    })
    app.get('/sync', {}, () => {
      throw thrown
    })
    const failing = dependency({}, () => {
      throw thrown
    })
    app.get('/dependency', { dependencies: { failing } }, async () => {})
    app.get('/middleware', {}, async () => {})
    for (const path of ['/x', '/sync', '/dependency']) {
      const response = await app.fetch(new Request(`http://localhost${path}`))
      assert.deepEqual(await problemOf(response), {
        type: 'about:blank',
        title: 'Internal Server Error',
        status: 500,
        detail: 'The server failed; the error has been logged',
        request_id: errorsIn(log).at(-1)?.fields['requestId'],
      })
    }
    assert.equal(errorsIn(log).length, 3)
    const [first] = errorsIn(log)
    assert.equal(first?.fields['error'], thrown)
    assert.deepEqual(
      ['method', 'path', 'operation'].map(name => first?.fields[name]),
      ['GET', '/x', 'getX'],
    )
  }
})

test('onError handles errors of a class, including those of middleware; the last one registered is asked first', async () => {
  class Base extends Error {}
  class Derived extends Base {}
  const { app, log } = createApp()
  app.onError(Base, error => Response.json({ base: error.message }, { status: 418 }))
  app.onError(Derived, error => Response.json({ derived: error.message }, { status: 419 }))
  app.onError(RangeError, () => {
    throw new Error('the handler fails itself')
  })
  app.get('/base', {}, async () => {
    throw new Base('a')
  })
  app.get('/derived', {}, async () => {
    throw new Derived('b')
  })
  app.get('/failing', {}, async () => {
    throw new RangeError('c')
  })
  app.get('/behind', {}, async () => {})
  app.use('/behind', async () => {
    throw new Derived('d')
  })
  app.get('/exception', {}, async () => {})
  app.use('/exception', async () => {
    throw new HTTPException(403, { message: 'no' })
  })
  app.get('/problem', {}, async () => {})
  app.use('/problem', async () => {
    throw new HttpError(409, 'taken')
  })
  await using client = await testClient(app)
  assert.deepEqual(await (await client.get('/base')).json(), { base: 'a' })
  assert.deepEqual(await (await client.get('/derived')).json(), { derived: 'b' })
  assert.deepEqual(await (await client.get('/behind')).json(), { derived: 'd' })
  assert.deepEqual(errorsIn(log), [])
  assert.equal((await client.get('/failing')).status, 500)
  assert.equal(errorsIn(log).length, 2)
  assert.equal((await client.get('/exception')).status, 403)
  assert.equal((await client.get('/problem')).status, 409)
})

test('A handler that throws its error again leaves it to what would have happened without it', async () => {
  const { app, log } = createApp()
  app.get('/{what}', { params: z.object({ what: z.enum(['known', 'unknown']) }) }, async ({ params }) => {
    throw params.what === 'known' ? new HttpError(409, 'Taken') : new TypeError('unexpected')
  })
  app.onError(Error, error => {
    throw error
  })
  await using client = await testClient(app)
  assert.deepEqual([(await client.get('/known')).status, (await client.get('/other')).status], [409, 422])
  assert.deepEqual(errorsIn(log), [])
  assert.equal((await client.get('/unknown')).status, 500)
  assert.deepEqual(
    errorsIn(log).map(({ text }) => text),
    ['A request failed'],
  )
})

test("onError handles Ringback's own errors", async () => {
  const { app } = createApp()
  app.onError(HttpError, error => new Response(error.message, { status: error.status }))
  app.get('/x', { query: z.object({ n: z.number() }) }, async () => {})
  await using client = await testClient(app)
  assert.equal(await (await client.get('/unknown')).text(), 'There is nothing at this path')
  assert.equal((await client.get('/x')).status, 422)
})

test('Ringback logs no query, no body and no secret, whatever goes wrong', async () => {
  const secret = 'hunter2'
  const { app, log } = createApp()
  const done = callback.post('{$callback_url}/done', { body: z.object({ token: z.number() }) })
  const query = z.object({ callback_url: z.url().optional(), token: z.string().optional() })
  const body = z.object({ password: z.string(), n: z.number().optional() })
  const resource = dependency({ scope: 'handler' }, async function* () {
    try {
      yield 1
    } catch {
      throw new HttpError(400, 'replaced')
    }
  })
  app.post('/throws', { query, body }, async () => {
    throw new Error('a bug')
  })
  app.post('/sends', { query, body, callbacks: { done } }, async ({ callbacks, body }) => {
    await callbacks.done?.send({ token: body.password as unknown as number })
  })
  app.post('/calls', { query, body, callbacks: { done } }, async ({ callbacks }) => {
    await callbacks.done?.call({ token: 1 })
  })
  app.post('/responds', { query, body, response: z.object({ n: z.number() }) }, async ({ body }) => ({
    n: body.password as unknown as number,
  }))
  app.post('/replaces', { body, dependencies: { resource } }, async () => {})
  app.post('/guarded', { body, dependencies: { token: httpBearer() }, response: z.number() }, async () => {
    throw new Error('a bug')
  })
  app.get('/header', { response: z.number() }, async ({ respond }) =>
    respond(200, 1, { headers: { 'x-a': `${secret}\n` } }),
  )
  await using client = await testClient(app)
  const search = `?token=${secret}&callback_url=${encodeURIComponent(`https://www.external.org/?key=${secret}`)}`
  const headers = { authorization: `Bearer ${secret}`, cookie: `session=${secret}` }
  for (const path of ['/throws', '/sends', '/calls', '/responds', '/replaces', '/guarded', '/unknown']) {
    await client.post(path + search, { headers, json: { password: secret } })
    await client.post(path + search, { headers, json: { password: secret, n: secret } })
    await client.post(path + search, {
      headers: { ...headers, 'content-type': 'application/json' },
      body: `{"${secret}": ${secret}`,
    })
  }
  await client.get(`/header${search}`)
  await client.deliver()
  await client.close()
  assert.ok(log.messages.length >= 8)
  for (const { text, fields } of log.messages) {
    const line = text + inspect(fields, { depth: 10, showHidden: true })
    assert.ok(!line.includes(secret), line)
  }
})

test('Ringback tells a client where its request does not fit, without repeating it', async () => {
  const { app } = createApp()
  app.post('/x', { body: z.object({ total: z.number() }), query: z.object({ n: z.number() }) }, async () => {})
  await using client = await testClient(app)
  const response = await client.post('/x?n=hunter2', { json: { total: 'hunter2' } })
  assert.equal(response.status, 422)
  const text = await response.text()
  assert.doesNotMatch(text, /hunter2/)
  const { errors } = JSON.parse(text) as { errors: { in: string; pointer: string; detail: string }[] }
  assert.deepEqual(
    errors.map(error => [error.in, error.pointer]),
    [
      ['query', '#/n'],
      ['body', '#/total'],
    ],
  )
  for (const body of ['{"hunter2', '{"a": hunter2}', '"\u0000hunter2']) {
    const broken = await client.post('/x?n=1', { headers: { 'content-type': 'application/json' }, body })
    assert.equal(broken.status, 400)
    assert.doesNotMatch(await broken.text(), /hunter2/)
  }
})

test('onError sees a request that does not fit as an HttpError', async () => {
  const { app } = createApp()
  app.get('/x', { query: z.object({ n: z.number() }) }, async () => {})
  app.onError(HttpError, ({ status, extra }) => Response.json(extra, { status: status + 1 }))
  await using client = await testClient(app)
  const response = await client.get('/x?n=a')
  assert.equal(response.status, 423)
  assert.equal(((await problemOf(response))['errors'] as unknown[]).length, 1)
})

test('Ringback awaits any thenable that a handler returns', async () => {
  const { app } = createApp()
  // A promise from another realm is not an instance of this realm's class.
  app.get('/x', { response: z.number() }, (): Promise<number> => runInNewContext('Promise.resolve(3)'))
  await using client = await testClient(app)
  assert.equal(await (await client.get('/x')).json(), 3)
})
