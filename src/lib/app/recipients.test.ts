import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { callback } from '../operation/callback-definition.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { httpBearer } from '../security/http-bearer.ts'
import { verify } from '../signature/verify.ts'
import { type TestClient, testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'
import { Router } from './router.ts'

const account = dependency({ dependencies: { token: httpBearer() } }, ({ token }): string | undefined => token)
const body = z.object({ n: z.number() })
const done = callback.post('{$callback_url}/done', { body })
const late = callback.post('{$callback_url}/late/{$response.body.id}', { body })
const query = z.object({ callback_url: z.url(), n: z.coerce.number().default(1) })
const hooks = 'https://b.example/hooks'

/** An application that knows its tenants by their tokens. */
function createApp(options: object = {}) {
  const log = new RecordingLog()
  const app = new Ringback({ title: 'Tenants', version: '1.0.0', log, ...options })
  return { app, warnings: () => log.messages.filter(({ level }) => level === 'warn') }
}

const tenantApp = () => createApp({ delivery: { recipient: account } })

/** The receiver at `hooks`: keeps every request, and says which checks it passes. */
function receiver(client: TestClient, response = () => new Response(null, { status: 204 })) {
  const received: { readonly headers: Headers; readonly body: string }[] = []
  client.externalApi(hooks, async request => {
    received.push({ headers: request.headers, body: await request.text() })
    return response()
  })
  return received
}

const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const url = (parameters = '') => `/send?callback_url=${encodeURIComponent(hooks)}${parameters}`

test('a receiver recognises what another tenant caused at its URL, by v1 and by v1a', async () => {
  const { app } = tenantApp()
  app.post('/send', { query, callbacks: { done, late }, response: z.object({ id: z.string() }) }, async context => {
    await context.callbacks.done.send({ n: 1 })
    await context.callbacks.late.send({ n: 2 })
    await context.callbacks.done.call({ n: 3 })
    return { id: '7' }
  })
  await using client = await testClient(app)
  const received = receiver(client)
  const now = client.clock.now()
  const keys = {
    v1: { secrets: [await app.secretFor('B')] },
    v1a: { publicKeys: (await jwks(client)) as { kty: 'OKP' }[] as never },
  }
  const passes = async (token: string) => {
    received.length = 0
    await client.post(url(), as(token))
    await client.deliver()
    assert.equal(received.length, 3)
    return received.map(message =>
      Object.values(keys).map(key => {
        try {
          verify(message, { ...key, audience: hooks, recipient: 'B', now })
          return true
        } catch {
          return false
        }
      }),
    )
  }
  const all = (passed: boolean) => Array.from({ length: 3 }, () => [passed, passed])
  assert.deepEqual(await passes('A'), all(false))
  assert.deepEqual(await passes('b'), all(false))
  assert.deepEqual(await passes('B'), all(true))
  // Without "recipient" a receiver cannot tell them apart by the public key, which signs for all.
  for (const message of received) verify(message, { ...keys.v1, now })
})

const jwks = async (client: TestClient) => (await (await client.get('/.well-known/jwks.json')).json()).keys

test('one tenant can neither use up nor learn the idempotency key of another', async () => {
  const { app } = tenantApp()
  app.post('/send', { query, callbacks: { done } }, async ({ callbacks, query }) => {
    await callbacks.done.send({ n: query.n }, { idempotencyKey: 'order-17' })
  })
  await using client = await testClient(app)
  const received = receiver(client)
  const statusOf = async (token: string, n: number) => (await client.post(url(`&n=${n}`), as(token))).status
  assert.equal(await statusOf('A', 1), 204)
  assert.equal(await statusOf('B', 2), 204)
  assert.equal(await statusOf('B', 2), 204)
  assert.equal(await statusOf('A', 2), 409)
  assert.equal(await statusOf('B', 1), 409)
  await client.deliver()
  assert.deepEqual(received.map(({ body }) => body).sort(), ['{"n":1}', '{"n":2}'])
})

test('one tenant can neither open the breaker of another at the same URL nor slow it down', async () => {
  for (const status of [500, 429]) {
    const { app } = tenantApp()
    app.post('/send', { query, callbacks: { done } }, async ({ callbacks }) => {
      await callbacks.done.send({ n: 1 })
    })
    await using client = await testClient(app)
    let receiverStatus = 204
    const received = receiver(client, () => new Response(null, { status: receiverStatus }))
    for (let times = 0; times < 8; times++) await client.post(url(), as('A'))
    receiverStatus = status
    for (let minutes = 0; minutes < 3; minutes++) {
      await client.deliver()
      client.clock.advance({ minutes: 5 })
    }
    receiverStatus = 204
    await client.post(url(), as('A'))
    received.length = 0
    await client.post(url(), as('B'))
    await client.deliver()
    const states = await app.deliveries.list({ recipient: 'B' })
    assert.deepEqual(
      states.items.map(({ state }) => state),
      ['delivered'],
      `after ${status}`,
    )
  }
})

test('a rotated secret signs beside the previous one for the overlap, twice in a row', async () => {
  const { app } = tenantApp()
  app.post('/send', { query, callbacks: { done } }, async ({ callbacks }) => {
    await callbacks.done.send({ n: 1 })
    await callbacks.done.call({ n: 1 })
  })
  await using client = await testClient(app)
  const received = receiver(client)
  const secrets: string[] = [await app.secretFor('B')]
  const verifying = async () => {
    received.length = 0
    await client.post(url(), as('B'))
    await client.deliver()
    assert.equal(received.length, 2)
    const now = client.clock.now()
    const passing = received.map(message =>
      secrets.map(secret => {
        try {
          return verify(message, { secrets: [secret], audience: hooks, recipient: 'B', now }) !== undefined
        } catch {
          return false
        }
      }),
    )
    assert.deepEqual(passing[0], passing[1])
    return passing[0]
  }
  for (const before of [1, 2]) {
    secrets.push(await app.rotateSecret('B', { overlapSeconds: 3_600 }))
    assert.equal(new Set(secrets).size, before + 1)
    assert.equal(await app.secretFor('B'), secrets.at(-1))
    const only = (count: number) => secrets.map((_, index) => index >= secrets.length - count)
    assert.deepEqual(await verifying(), only(2))
    client.clock.advance({ seconds: 3_599 })
    assert.deepEqual(await verifying(), only(2))
    client.clock.advance({ seconds: 1 })
    assert.deepEqual(await verifying(), only(1))
  }
  assert.equal(await app.secretFor('A'), await app.secretFor('A'))
  const longestSeconds = 366 * 86_400
  for (const overlapSeconds of [-1, Number.NaN, longestSeconds + 1])
    await assert.rejects(app.rotateSecret('B', { overlapSeconds }), RangeError)
  for (const overlapSeconds of [0, longestSeconds]) await app.rotateSecret('another', { overlapSeconds })
  await assert.rejects(app.rotateSecret(''), RangeError)
})

test('send may name another recipient than the application, and a restored callback keeps its own', async () => {
  const { app } = tenantApp()
  const kept: unknown[] = []
  app.post('/send', { query, callbacks: { done } }, async ({ callbacks }) => {
    kept.push(JSON.parse(JSON.stringify(callbacks.done)))
    await callbacks.done.send({ n: 1 }, { recipient: 'C' })
  })
  await using client = await testClient(app)
  receiver(client)
  await client.post(url(), as('B'))
  const restored = app.restore(done, kept[0])
  await restored.send({ n: 2 })
  await restored.send({ n: 3 }, { recipient: 'D' })
  assert.deepEqual(
    client.deliveries.map(({ recipient }) => recipient),
    ['C', 'B', 'D'],
  )
  for (const recipient of ['', 7, null, {}])
    assert.throws(() => app.restore(done, { ...(kept[0] as object), recipient }), { code: 'ERR_CALLBACK_DATA' })
  await assert.rejects(restored.send({ n: 4 }, { recipient: '' }), RangeError)
})

test('the recipient is documented and resolved on every operation with callbacks, and on no other', async () => {
  const tenant = dependency(
    { headers: z.object({ 'x-tenant': z.string() }) },
    ({ headers }): string | undefined => headers['x-tenant'],
  )
  const { app } = createApp({ delivery: { recipient: tenant }, callbacks: {} })
  const router = new Router({ prefix: '/r', callbacks: { done } })
  router.post('/inherited', { query }, async function inherited() {})
  app.include(router)
  app.post('/own', { query, callbacks: { done } }, async function own() {})
  app.get('/none', {}, async function none() {})
  const parametersOf = (path: string, method: 'get' | 'post') =>
    app.openapi().paths?.[path]?.[method]?.parameters?.map(parameter => 'name' in parameter && parameter.name) ?? []
  assert.ok(parametersOf('/r/inherited', 'post').includes('x-tenant'))
  assert.ok(parametersOf('/own', 'post').includes('x-tenant'))
  assert.deepEqual(parametersOf('/none', 'get'), [])
  await using client = await testClient(app)
  assert.equal((await client.get('/none')).status, 204)
  assert.equal((await client.post('/own?callback_url=https://b.example')).status, 422)
  const headers = { 'x-tenant': 'T' }
  assert.equal((await client.post('/own?callback_url=https://b.example', { headers })).status, 204)
  app.override(tenant, () => 'O')
  assert.equal((await client.post('/own?callback_url=https://b.example')).status, 204)
})

test('a handler does not see the recipient, whose dependency is made once with its own', async () => {
  let made = 0
  const counted = dependency({}, (): string | undefined => `tenant-${++made}`)
  const { app } = createApp({ delivery: { recipient: counted } })
  const seen: string[][] = []
  app.post('/send', { query, callbacks: { done }, dependencies: { counted } }, async context => {
    seen.push(Object.keys(context).filter(name => name.includes('tenant')))
    await context.callbacks.done.send({ n: 1 })
    assert.equal(context.counted, 'tenant-1')
  })
  await using client = await testClient(app)
  assert.equal((await client.post(url())).status, 204)
  assert.deepEqual(
    client.deliveries.map(({ recipient }) => recipient),
    ['tenant-1'],
  )
  assert.deepEqual(seen, [[]])
})

test('an invalid name of a tenant fails the request, and nothing is sent', async () => {
  for (const wrong of ['', null, 7, {}, ['A']]) {
    const recipient = dependency({}, () => wrong as string | undefined)
    const { app } = createApp({ delivery: { recipient } })
    app.post('/send', { query, callbacks: { done } }, async ({ callbacks }) => {
      await callbacks.done.send({ n: 1 })
    })
    await using client = await testClient(app)
    assert.equal((await client.post(url())).status, 500)
    assert.equal(client.deliveries.length, 0)
  }
  for (const recipient of ['A', () => 'A', { dependency: true }]) {
    const { app } = createApp({ delivery: { recipient } })
    const define = () => app.post('/send', { query, callbacks: { done } }, async () => {})
    assert.throws(define, { code: 'ERR_DEFINITION', message: /"delivery.recipient" is not a dependency/ })
  }
})

test('an operation that knows its caller warns once that it sends without a recipient', async () => {
  const nobody = dependency({}, (): string | undefined => undefined)
  const somebody = dependency({}, (): string | undefined => 'A')
  for (const [delivery, times] of [
    [{}, 1],
    [{ recipient: nobody }, 1],
    [{ recipient: somebody }, 0],
  ] as const) {
    const { app, warnings } = createApp({ delivery })
    const send = async ({
      callbacks,
    }: {
      callbacks: { done: { send(body: { n: number }, options?: object): Promise<unknown> } }
    }) => void (await callbacks.done.send({ n: 1 }))
    app.post('/secured', { query, callbacks: { done }, dependencies: { account } }, async context => send(context))
    app.post('/open', { query, callbacks: { done } }, async context => send(context))
    app.post('/named', { query, callbacks: { done }, dependencies: { account } }, async ({ callbacks }) => {
      await callbacks.done.send({ n: 1 }, { recipient: 'A' })
    })
    await using client = await testClient(app)
    for (const path of ['/open', '/named', '/secured', '/secured', '/open'])
      await client.post(`${path}?callback_url=https://b.example`, as('A'))
    assert.equal(warnings().length, times)
    for (const { text } of warnings()) assert.match(text, /without a recipient/)
  }
})

test('all spellings of a URL are one destination', async () => {
  const { app } = createApp()
  app.post('/send', { query, callbacks: { done } }, async ({ callbacks }) => {
    await callbacks.done.send({ n: 1 }, { idempotencyKey: 'one' })
  })
  await using client = await testClient(app)
  const spellings = ['https://b.example/hooks', 'https://b.example:443/%68ooks', 'https://B.example./h%6Foks']
  const statuses: number[] = []
  for (const spelling of spellings)
    statuses.push((await client.post(`/send?callback_url=${encodeURIComponent(spelling)}`)).status)
  assert.equal(new Set(client.deliveries.map(({ destination }) => destination)).size, 1)
  // The key is known; its first delivery went to another spelling of the URL.
  assert.deepEqual(statuses, [204, 204, 204])
  assert.equal((await app.deliveries.counts()).scheduled, 1)
  assert.equal(await app.secretFor('https://b.example:443/%68ooks'), await app.secretFor(hooks))
})
