import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type IncomingHttpHeaders } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { getRequestListener } from '@hono/node-server'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { callback } from '../operation/callback-definition.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'
import type { RingbackOptions } from './ringback-options.ts'

/** An application that records everything that runs. */
function createApp(options: Partial<RingbackOptions> = {}, withMiddleware = false) {
  const ran: string[] = []
  const log = new RecordingLog()
  const app = new Ringback({ title: 'Hosts', version: '1.0.0', log, trustedHosts: ['api.example.com'], ...options })
  const noted = dependency({}, () => {
    ran.push('dependency')
  })
  if (withMiddleware)
    app.use(async (_, next) => {
      ran.push('middleware')
      await next()
    })
  app.get('/x', { dependencies: { noted }, response: z.string() }, async ({ request }) => {
    ran.push('handler')
    return request.url
  })
  return { app, ran, log }
}

const foreign = { title: 'Bad Request', detail: 'The host of the request does not belong to this API' }

async function problemOf(response: Response) {
  assert.equal(response.headers.get('content-type'), 'application/problem+json')
  const { title, detail } = (await response.json()) as typeof foreign
  return { title, detail }
}

describe('An application with trusted hosts', () => {
  for (const withMiddleware of [false, true])
    test(`refuses every request for another, ${withMiddleware ? 'behind' : 'without'} middleware`, async () => {
      const { app, ran } = createApp({}, withMiddleware)
      for (const path of ['/x', '/x/', '/none', '/docs', '/openapi.json'])
        for (const [origin, headers] of [
          ['http://evil.example', {}],
          ['https://api.example.com.evil.example', {}],
          ['http://evil.example', { host: 'api.example.com' }],
          ['http://api.example.com', { host: 'evil.example' }],
          ['http://api.example.com', { host: 'api.example.com, evil.example' }],
          ['http://api.example.com', { host: 'evil.example#api.example.com' }],
        ] as const) {
          const response = await app.fetch(new Request(origin + path, { headers }))
          assert.equal(response.status, 400, origin + path)
          assert.deepEqual(await problemOf(response), foreign)
        }
      assert.deepEqual(ran, [])
    })

  test('responds to requests for its own, even without a Host header', async () => {
    const { app, ran } = createApp({}, true)
    for (const [origin, headers] of [
      ['http://api.example.com', {}],
      ['https://API.example.com:8443', { host: 'api.example.com:8443' }],
      ['http://api.example.com', { host: 'api.example.com' }],
    ] as const)
      assert.equal((await app.fetch(new Request(`${origin}/x`, { headers }))).status, 200)
    assert.equal((await app.fetch(new Request('http://api.example.com/none'))).status, 404)
    assert.equal(ran.length, 9 + 1)
  })

  test('responds to HEAD without a body', async () => {
    const response = await createApp().app.fetch(new Request('http://evil.example/x', { method: 'HEAD' }))
    assert.deepEqual([response.status, await response.text()], [400, ''])
  })

  test('keeps the list as it was at construction', async () => {
    const trustedHosts = ['api.example.com']
    const { app } = createApp({ trustedHosts })
    trustedHosts.push('evil.example')
    assert.equal((await app.fetch(new Request('http://evil.example/x'))).status, 400)
  })

  test('refuses an empty list and one of all hosts, and warns of one of nearly all', () => {
    for (const trustedHosts of [[], ['*'], ['https://api.example.com']])
      assert.throws(() => createApp({ trustedHosts }), /"trustedHosts"/)
    const { messages } = createApp({ trustedHosts: ['*.com', '*.example.com'] }).log
    assert.deepEqual(
      messages.map(({ level, text }) => [level, text]),
      [['warn', '"trustedHosts" contains "*.com", under which anybody can register a name']],
    )
  })

  test('decides by ":authority" over HTTP/2', async t => {
    const { app, ran } = createApp()
    const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    t.after(() => {
      // Nobody reads the bodies of the responses, and closing the session would wait for that.
      session.destroy()
      server.close()
    })
    const statuses: unknown[] = []
    for (const authority of ['evil.example', 'api.example.com', 'api.example.com.evil.example', 'api.example.com:1']) {
      const [response] = (await once(session.request({ ':path': '/x', ':authority': authority }), 'response')) as [
        IncomingHttpHeaders,
      ]
      statuses.push(response[':status'])
    }
    assert.deepEqual(statuses, [400, 200, 400, 200])
    assert.equal(ran.length, 4)
  })

  test("is tested under the test client's own host", async () => {
    const { app } = createApp()
    const done = callback.post('{$url}/done', {})
    app.post('/y', { callbacks: { done } }, async ({ callbacks }) => {
      await callbacks.done?.send()
    })
    {
      await using client = await testClient(app)
      assert.equal((await client.get('/x')).status, 200)
      assert.equal((await client.get('http://evil.example/x')).status, 400)
      assert.equal((await client.get('/x', { headers: { host: 'evil.example' } })).status, 400)
      assert.equal((await client.post('http://api.example.com/y')).status, 204)
      assert.deepEqual(
        client.deliveries.map(({ url }) => url),
        ['http://api.example.com/y/done'],
      )
    }
    assert.equal((await app.fetch(new Request('http://testserver/x'))).status, 400)
  })
})

/** A request as servers make it: `Request` might refuse its URL. */
const requestTo = (url: string): Request =>
  ({ url, method: 'GET', headers: new Headers(), signal: new AbortController().signal, body: null }) as Request

test('An application refuses a user name in a target, whichever hosts it trusts', async () => {
  for (const trustedHosts of [undefined, ['api.example.com']]) {
    const { app, ran } = createApp(trustedHosts === undefined ? { trustedHosts: undefined as never } : {})
    for (const target of [
      'u:p@api.example.com',
      'u@api.example.com',
      '@api.example.com',
      'api.example.com@evil.test',
    ]) {
      const response = await app.fetch(requestTo(`http://${target}/x`))
      assert.equal(response.status, 400, target)
      assert.equal((await problemOf(response)).detail, 'The request target must not contain a user name')
    }
    assert.deepEqual(ran, [])
    const { status } = await app.fetch(requestTo('http://api.example.com/x@y?z=u:p@evil.test'))
    assert.equal(status, 404)
  }
})
