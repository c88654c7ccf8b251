import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { z } from 'zod'
import { RawConnection } from '../../../test/support/raw-connection.ts'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { Ringback } from '../app/ringback.ts'
import type { RingbackOptions } from '../app/ringback-options.ts'
import { serve } from './serve.ts'

const known = { trustedHosts: ['api.example.com', '[::1]:8000'] }

async function served(t: TestContext, options: Partial<RingbackOptions>, withMiddleware: boolean) {
  const ran: string[] = []
  const app = new Ringback({ title: 'Hosts', version: '1.0.0', log: new RecordingLog(), ...options })
  if (withMiddleware)
    app.use(async (_, next) => {
      ran.push('middleware')
      await next()
    })
  app.post('/x', { body: z.unknown(), response: z.string() }, async ({ request }) => {
    ran.push('handler')
    return request.url
  })
  const server = await serve(app, { port: 0, signals: false })
  t.after(() => server.close())
  return { server, ran }
}

/** The response to a request with such a target and such further fields. */
async function ask(port: number, target: string, fields: readonly string[], version = '1.1') {
  await using connection = await RawConnection.open(port)
  const head = [`POST ${target} HTTP/${version}`, ...fields, 'Content-Type: application/json', `Content-Length: 1`]
  connection.write(`${head.join('\r\n')}\r\n\r\n1`)
  const response = await connection.response('POST')
  const problem = response?.headers['content-type'] === 'application/problem+json'
  return [response?.status, problem ? (JSON.parse(response.body) as { detail: string }).detail : response?.body]
}

const foreign = [400, 'The host of the request does not belong to this API']
const withUserInfo = [400, 'The request target must not contain a user name']
const invalid = [400, 'The target or Host of the request is invalid']

for (const withMiddleware of [false, true])
  describe(`A server, ${withMiddleware ? 'behind' : 'without'} middleware`, () => {
    test('answers no request for a host that is not trusted', async t => {
      const { server, ran } = await served(t, known, withMiddleware)
      for (const [target, fields, version] of [
        ['/x', ['Host: evil.example']],
        ['/none', ['Host: evil.example']],
        ['/x', ['Host: evil.example', 'Expect: 100-continue']],
        ['/x', ['Host: api.example.com.evil.example']],
        ['/x', ['Host: [::1]:8001']],
        ['/x', ['Host:']],
        ['/x', [], '1.0'],
        ['http://evil.example/x', ['Host: api.example.com']],
        ['http://evil.example/x', ['Host: api.example.com', 'Expect: 100-continue']],
        ['http://api.example.com/x', ['Host: evil.example']],
        ['http:\\\\evil.example/x', ['Host: api.example.com']],
      ] as const) {
        const [status, detail] = await ask(server.port, target, fields, version)
        assert.equal(status, 400, `${target} ${fields.join()}`)
        if (!target.includes('\\')) assert.deepEqual([status, detail], foreign, `${target} ${fields.join()}`)
      }
      assert.deepEqual(ran, [])
    })

    test('answers those for hosts that are', async t => {
      const { server } = await served(t, known, withMiddleware)
      for (const [target, fields, url] of [
        ['/x', ['Host: api.example.com'], 'http://api.example.com/x'],
        ['/x', ['Host: API.example.com:81'], 'http://api.example.com:81/x'],
        ['/x', ['Host: [::1]:8000'], 'http://[::1]:8000/x'],
        ['http://api.example.com/x', ['Host: api.example.com'], 'http://api.example.com/x'],
      ] as const)
        assert.deepEqual(await ask(server.port, target, fields), [200, JSON.stringify(url)], `${target} ${fields}`)
      assert.equal((await ask(server.port, '/none', ['Host: api.example.com']))[0], 404)
    })

    for (const options of [known, {}])
      test(`refuses user names in absolute targets, ${'trustedHosts' in options ? 'with' : 'without'} a list`, async t => {
        const { server, ran } = await served(t, options, withMiddleware)
        for (const target of [
          'http://u:p@api.example.com/x',
          'http://u@api.example.com/x',
          'http://@api.example.com/x',
          'http://api.example.com@evil.example/x',
          'HTTPS://u:p@api.example.com/x',
        ])
          for (const fields of [['Host: api.example.com'], ['Host: api.example.com', 'Expect: 100-continue']])
            assert.deepEqual(await ask(server.port, target, fields), withUserInfo, target)
        assert.deepEqual(ran, [])
        assert.equal((await ask(server.port, '/x@y?z=http://u:p@evil.example', ['Host: api.example.com']))[0], 404)
      })

    test('refuses a Host that holds more than host and port', async t => {
      const { server, ran } = await served(t, {}, withMiddleware)
      for (const host of [
        'u:p@api.example.com',
        'api.example.com/y',
        'http://evil.example',
        'a?b',
        'a#b',
        'a, b',
        // What is as long as the host that a URL parser makes of it.
        '\xdf/12345',
        '\xdf?12345',
      ])
        assert.deepEqual(await ask(server.port, '/x', [`Host: ${host}`]), invalid, host)
      assert.deepEqual(ran, [])
    })
  })
