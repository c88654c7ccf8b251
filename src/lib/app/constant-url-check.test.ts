import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import type { DestinationRules } from '../destination/rules.ts'
import { callback } from '../operation/callback-definition.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'
import { Router } from './router.ts'

const query = z.object({ id: z.string() })
const response = z.object({ id: z.string() })

function register(url: string, destinations?: DestinationRules, servers: string[] = []) {
  const app = new Ringback({
    title: 'Constant',
    version: '1.0.0',
    log: new RecordingLog(),
    servers: servers.map(url => ({ url })),
    ...(destinations && { delivery: { destinations } }),
  })
  const done = callback.post(url, {})
  app.post('/x', { query, response, callbacks: { done } as never }, async ({ callbacks }) => {
    await (callbacks as { done: { send(): Promise<unknown> } }).done.send()
    return { id: '1' }
  })
  return app
}

for (const [url, words] of [
  ['http://localhost/hook', /"http:\/\/localhost\/hook".*not allowed.*"delivery\.destinations\.allow"/],
  ['http://localhost/{$request.query.id}', /"http:\/\/localhost\/"/],
  ['https://10.0.0.7:8443/hooks/{$response.body.id}', /"https:\/\/10\.0\.0\.7:8443\/"/],
  ['http://[::1]/hook?x=1', /not allowed/],
  ['http://169.254.169.254/latest/meta-data', /not allowed/],
  ['http://0x7f000001/', /not allowed/],
  ['https://vault.internal/x', /not allowed/],
  ['https://www.external.org:6379/', /Port 6379 \(Redis\) is not allowed$/],
  ['ftp://www.external.org/x', /not an absolute http or https URL/],
  ['https://user:secret@www.external.org/x', /user name or password/],
  ['https://www.external.org/x#part', /fragment/],
  ['/hooks', /absolute/],
  ['www.external.org/hooks', /absolute/],
] as const)
  test(`a callback that can go nowhere is refused when it is registered: ${url}`, () => {
    assert.throws(() => register(url), { name: 'DefinitionError', message: words })
  })

test('the rules of the application decide on constant URLs, and its own servers are never destinations', () => {
  assert.throws(() => register('https://hooks.lan/x', { deny: ['hooks.lan'] }), /hooks\.lan/)
  assert.throws(() => register('https://www.external.org/x', { ports: [8443] }), /Port 443/)
  assert.throws(() => register('http://www.external.org/x', { schemes: ['https'] }), /scheme/)
  assert.throws(() => register('https://api.example.com/x', {}, ['https://api.example.com']), /API itself/)
  register('http://localhost/hook', { allow: ['localhost'] })
  register('http://10.1.2.3/{$request.query.id}', { allow: ['10.1.0.0/16'] })
  register('https://unknown.example/x')
})

test('a refused callback of a router is an error when the application includes it, and leaves nothing behind', () => {
  const router = new Router({ prefix: '/v1' })
  router.post('/x', { callbacks: { done: callback.post('http://127.0.0.1/hook', {}) } }, async () => {})
  const app = new Ringback({ title: 'Constant', version: '1.0.0' })
  assert.throws(() => app.include(router), { name: 'DefinitionError' })
  assert.equal(app.openapi().paths?.['/v1/x'], undefined)
})

test('an allowed constant URL of this machine is sent to, and can be replaced by a test', async t => {
  const app = register('http://localhost/hook', { allow: ['localhost'] })
  await using client = await testClient(app)
  const received: string[] = []
  client.externalApi('http://localhost', request => {
    received.push(request.url)
    return new Response(null, { status: 204 })
  })
  await client.post('/x?id=1')
  await client.deliver()
  assert.deepEqual(received, ['http://localhost/hook'])
  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  register(`http://127.0.0.1:${port}/hook`, { allow: ['127.0.0.0/8'] })
})
