import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import type { MiddlewareHandler } from 'hono'
import { requestId } from 'hono/request-id'
import { z } from 'zod'
import { Ringback } from '../app/ringback.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { testClient } from '../testing/test-client.ts'
import { serve } from './serve.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }

const seenBy = dependency({}, ({ clientAddress, var: { user } }) => ({ clientAddress, user }))
const Seen = z.object({ handler: z.unknown(), dependency: z.unknown(), names: z.array(z.string()) })

function newApp(...middleware: MiddlewareHandler[]): Ringback {
  const app = new Ringback({ title: 't', version: '1', log })
  if (middleware.length > 0) app.use(...middleware)
  app.post('/x', { dependencies: { seenBy }, response: Seen }, ({ clientAddress, seenBy, var: variables }) => ({
    handler: { clientAddress, user: variables['user'] },
    dependency: seenBy,
    names: Object.keys(variables),
  }))
  return app
}

const pass: MiddlewareHandler = (_, next) => next()

/** What handler and dependency see, which must be the same. */
async function seen(response: Response): Promise<{ clientAddress?: string; user?: unknown; names: string[] }> {
  const { handler, dependency, names } = (await response.json()) as z.output<typeof Seen>
  assert.deepEqual(dependency, handler)
  return { ...(handler as object), names }
}

describe("The client's address", () => {
  for (const [name, middleware] of Object.entries({ without: [], with: [pass] }))
    for (const [host, address] of [
      ['127.0.0.1', '127.0.0.1'],
      ['::1', '::1'],
      ['::', '127.0.0.1'],
    ] as const)
      test(`is that of the socket, served on ${host} ${name} middleware`, async () => {
        const server = await serve(newApp(...middleware), { port: 0, host })
        try {
          const url = `http://${address.includes(':') ? `[${address}]` : address}:${server.port}/x`
          const response = await fetch(url, { method: 'POST' })
          assert.deepEqual(await seen(response), { clientAddress: address, names: [] })
        } finally {
          await server.close()
        }
      })

  test('is there whatever target and expectation a request has', async () => {
    const server = await serve(newApp(), { port: 0, host: '127.0.0.1' })
    try {
      for (const head of [
        'POST http://a/x HTTP/1.1\r\nHost: a',
        'POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue',
      ]) {
        const socket = connect(server.port, '127.0.0.1')
        socket.end(`${head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
        let text = ''
        socket.on('data', chunk => {
          text += String(chunk)
        })
        await once(socket, 'close')
        assert.match(text, /"clientAddress":"127\.0\.0\.1"/)
      }
    } finally {
      await server.close()
    }
  })

  test('is what the env of a web handler gives', async () => {
    const ask = async (app: Ringback, env?: unknown) =>
      (await seen(await app.fetch(new Request('http://a/x', { method: 'POST' }), env))).clientAddress
    const from = (remoteAddress: unknown) => ({ incoming: { socket: { remoteAddress } } })
    for (const app of [newApp(), newApp(pass)]) {
      assert.equal(await ask(app), undefined)
      assert.equal(await ask(app, from('192.0.2.7')), '192.0.2.7')
      assert.equal(await ask(app, from('::FFFF:192.0.2.7')), '192.0.2.7')
      assert.equal(await ask(app, from('2001:db8::1')), '2001:db8::1')
      assert.equal(await ask(app, { server: from('192.0.2.8') }), '192.0.2.8')
      for (const env of [{}, null, 'a', { incoming: {} }, from(undefined), from(7)])
        assert.equal(await ask(app, env), undefined)
    }
  })

  test('is what a test says', async () => {
    await using client = await testClient(newApp(pass))
    assert.equal((await seen(await client.post('/x'))).clientAddress, undefined)
    assert.equal((await seen(await client.post('/x', { clientAddress: '192.0.2.7' }))).clientAddress, '192.0.2.7')
  })
})

describe("Hono's variables", () => {
  const user: MiddlewareHandler = async (c, next) => {
    c.set('user', c.req.header('x-user'))
    await next()
  }

  test('reach handlers and dependencies, each of its own request', async () => {
    const app = newApp(requestId({ generator: () => 'an-id' }), user)
    const server = await serve(app, { port: 0, host: '127.0.0.1' })
    try {
      const names = ['requestId', 'user']
      for (const name of ['a', 'b']) {
        const init = { method: 'POST', headers: { 'x-user': name } }
        assert.deepEqual(await seen(await app.fetch(new Request('http://a/x', init))), { user: name, names })
        const served = await fetch(`${server.url.replace('localhost', '127.0.0.1')}/x`, init)
        assert.deepEqual(await seen(served), { clientAddress: '127.0.0.1', user: name, names })
      }
    } finally {
      await server.close()
    }
  })

  test('are those that were set before, on the paths where the middleware stands', async () => {
    const app = newApp()
    app.use('/x', user)
    app.get('/y', { response: z.array(z.string()) }, ({ var: variables }) => Object.keys(variables))
    const headers = { 'x-user': 'a' }
    const response = await app.fetch(new Request('http://a/x', { method: 'POST', headers }))
    assert.deepEqual((await seen(response)).names, ['user'])
    assert.deepEqual(await (await app.fetch(new Request('http://a/y', { headers }))).json(), [])
  })
})
