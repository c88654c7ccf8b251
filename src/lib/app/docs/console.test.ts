import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../../test/support/recording-log.ts'
import { StoreUnavailableError } from '../../delivery/store-unavailable-error.ts'
import { TOKEN_HEADER } from '../../docs/access/docs-access.ts'
import { HttpError } from '../../http/http-error.ts'
import { callback } from '../../operation/callback-definition.ts'
import { dependency } from '../../operation/dependency-definition.ts'
import { httpBasic } from '../../security/http-basic.ts'
import { memoryStore } from '../../store/memory-store.ts'
import { readEvents } from '../../testing/read-events.ts'
import { type TestClient, testClient } from '../../testing/test-client.ts'
import { appInternals, Ringback } from '../ringback.ts'
import type { DocsOptions, RingbackOptions } from '../ringback-options.ts'

const ORIGIN = 'http://testserver'
const paid = callback.post('{$callback_url}/paid', {
  body: z.object({ paid: z.boolean() }),
  response: z.object({ ok: z.boolean() }),
})

/** An application that sends a callback for each request. */
function createApp(docs: DocsOptions = {}, options: Partial<RingbackOptions> = {}): Ringback {
  const given = { title: 'Invoices', version: '1.0.0', log: new RecordingLog(), docs, ...options }
  const app = new Ringback(given as RingbackOptions)
  app.post(
    '/pay',
    { query: z.object({ callback_url: z.url() }), callbacks: { paid } },
    async function pay({ callbacks }) {
      await callbacks.paid.send({ paid: true })
    },
  )
  return app
}

const operator = dependency({ dependencies: { login: httpBasic() } }, ({ login }) => {
  if (login.password !== 'right') throw new HttpError(403, 'This is not for you')
  return { name: login.username }
})
const as = (user: string, password = 'right') => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})

/** An operator at the console of an application. */
async function consoleOf(client: TestClient) {
  const headers = as('dana')
  const page = await (await client.get('/docs/deliveries', { headers })).text()
  const token = /data-token="([^"]+)"/.exec(page)?.[1] ?? ''
  const read = async (path: string) => (await client.get(`/docs/deliveries/api${path}`, { headers })).json()
  const act = (path: string, json: object = {}, more: Readonly<Record<string, string>> = {}) =>
    client.post(`/docs/deliveries/api${path}`, {
      headers: { ...headers, origin: ORIGIN, [TOKEN_HEADER]: token, ...more },
      json,
    })
  return { page, read, act }
}

const send = async (client: TestClient, at: string) => {
  await client.post(`/pay?callback_url=${encodeURIComponent(at)}`)
  await client.deliver()
}

describe('The console', () => {
  it('does not exist without docs.authorize outside of ringback dev, nor does the panel', async () => {
    const app = createApp()
    await using client = await testClient(app)
    for (const path of ['', '/destinations', '/msg_1', '/api/overview', '/api/events', '/files/console.js'])
      assert.equal((await client.get(`/docs/deliveries${path}`)).status, 404, path)
    for (const path of ['/docs/send', '/docs/send/check', '/docs/deliveries/api/sending/pause'])
      assert.equal((await client.post(path, { json: {} })).status, 404, path)
    assert.doesNotMatch(await (await client.get('/docs')).text(), /panel/)
    assert.deepEqual(Object.keys(app.openapi().paths ?? {}), ['/pay'])
  })

  it('is for this machine under ringback dev, and says its address', async () => {
    const app = createApp()
    appInternals(app).develop()
    await using client = await testClient(app)
    const local = { clientAddress: '127.0.0.1' }
    assert.equal((await client.get('http://localhost/docs/deliveries', local)).status, 200)
    assert.equal((await client.get('http://localhost/docs/deliveries', { clientAddress: '192.0.2.7' })).status, 403)
    assert.equal((await client.get('http://evil.example/docs/deliveries', local)).status, 403)
    assert.match(await (await client.get('/docs')).text(), /data-panel="open"/)
    assert.equal(appInternals(app).docs.consolePath, '/docs/deliveries')
    assert.doesNotMatch(JSON.stringify(app.openapi()), /docs\/deliveries/)
  })

  it('passes docs.authorize with every request', async () => {
    await using client = await testClient(createApp({ authorize: operator }))
    const paths = [
      '',
      '/destinations',
      '/msg_1',
      '/api/overview',
      '/api/events',
      '/api/deliveries',
      '/files/console.js',
    ]
    for (const path of paths) {
      const refused = await client.get(`/docs/deliveries${path}`)
      assert.equal(refused.status, 401, path)
      assert.match(refused.headers.get('www-authenticate') ?? '', /^Basic/)
      const headers = as('dana', 'wrong')
      assert.equal((await client.get(`/docs/deliveries${path}`, { headers })).status, 403, path)
    }
    const { page } = await consoleOf(client)
    assert.match(page, /<title>Deliveries · Invoices<\/title>/)
    assert.match(page, / data-docs="[./]*docs" data-openapi="[./]*openapi\.json" /)
    assert.equal((await client.get('/docs/send?place=[]')).status, 401)
  })

  it('has a policy, and nobody keeps its pages', async () => {
    await using client = await testClient(createApp({ authorize: operator }))
    const { headers } = await client.get('/docs/deliveries/msg_1', { headers: as('dana') })
    assert.equal(
      headers.get('content-security-policy'),
      "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'",
    )
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin')
  })

  it('shows deliveries and acts upon them', async () => {
    await using client = await testClient(createApp({ authorize: operator }))
    const { read, act } = await consoleOf(client)
    let status = 500
    client.externalApi('https://a.example', () => Response.json({ ok: true }, { status }))
    await send(client, 'https://a.example/in?token=hidden')
    const [{ id, state, outcomes, lastStatus, url }] = (await read('/deliveries')).items
    assert.deepEqual([state, outcomes, lastStatus], ['scheduled', ['rejected'], 500])
    assert.equal(url, 'https://a.example/in/paid?***')
    const [place] = (await read('/destinations')).items
    assert.equal(place.url, 'https://a.example/in?***')
    assert.equal((await read(`/deliveries?destination=${encodeURIComponent(place.url)}`)).items.length, 1)
    assert.equal((await read('/deliveries?state=delivered')).items.length, 0)
    assert.equal((await read('/deliveries?state=retrying')).items.length, 1)

    status = 200
    assert.equal((await act(`/deliveries/${id}/send-now`)).status, 200)
    await client.deliver()
    const shown = await read(`/deliveries/${id}`)
    assert.equal(shown.state, 'delivered')
    assert.deepEqual(shown.body, { bytes: 13, text: '{"paid":true}' })
    assert.deepEqual(shown.attempts[1].responseBody, { bytes: 11, text: '{"ok":true}' })
    assert.deepEqual(shown.declared, { timeoutMs: 15_000, statuses: ['200'] })
    assert.equal((await act(`/deliveries/${id}/send-now`)).status, 409)
    assert.equal((await act(`/deliveries/${id}/cancel`)).status, 409)
    const { id: other } = (await (await act(`/deliveries/${id}/replay`, { newId: true })).json()) as { id: string }
    assert.notEqual(other, id)
    assert.equal((await act(`/deliveries/${other}/replay`)).status, 409)
    assert.equal((await act(`/deliveries/${other}/cancel`)).status, 200)
    const replay = (await (await act('/replays', { query: 'state=cancelled' })).json()) as { id: string }
    assert.match((await read(`/replays/${replay.id}`)).id, /^replay_/)
    const { counts } = await read('/overview')
    assert.deepEqual([counts.delivered, counts.cancelled], [1, 1])
    for (const path of ['/deliveries/msg_none', '/deliveries/..%2f', '/replays/none'])
      assert.notEqual((await read(path)).status, 200, path)
  })

  it('pauses and resumes, and says by whom', async () => {
    await using client = await testClient(createApp({ authorize: operator }))
    const { read, act } = await consoleOf(client)
    client.externalApi('https://a.example', () => Response.json({ ok: true }))
    await send(client, 'https://a.example/in')
    const url = 'https://a.example/in'
    assert.equal((await act('/destinations/pause', { url, reason: 'maintenance' })).status, 200)
    const [paused] = (await read('/destinations')).items
    assert.deepEqual([paused.state, paused.reason, paused.pausedBy], ['paused', 'maintenance', 'dana'])
    assert.deepEqual(
      (await read('/overview')).places.map((place: { url: string }) => place.url),
      [url],
    )
    assert.equal((await act('/destinations/resume', { url })).status, 200)
    assert.equal((await read('/destinations?state=healthy')).items.length, 1)
    assert.equal((await act('/sending/pause', { reason: 'all stop' })).status, 200)
    assert.deepEqual((await read('/overview')).paused.by, 'dana')
    assert.equal((await act('/sending/resume')).status, 200)
    for (const json of [{}, { url: 'nonsense', reason: 'x' }, { url, reason: 'x'.repeat(2_000) }, { url: 7 }])
      assert.equal((await act('/destinations/pause', json)).status, 400, JSON.stringify(json).slice(0, 60))
    for (const query of ['state=dead', 'since=x']) assert.equal((await read(`/deliveries?${query}`)).status, 400, query)
    assert.equal((await act('/replays', { query: 'state=waiting' })).status, 400)
  })

  it('refuses actions of another origin and without its token', async () => {
    await using client = await testClient(createApp({ authorize: operator }))
    const { read, act } = await consoleOf(client)
    for (const more of [{ origin: 'https://evil.example' }, { origin: 'null' }, { [TOKEN_HEADER]: 'guessed' }])
      assert.equal((await act('/sending/pause', { reason: 'x' }, more)).status, 403, JSON.stringify(more))
    const headers = as('dana')
    const bare = await client.post('/docs/deliveries/api/sending/pause', { headers, json: { reason: 'x' } })
    assert.equal(bare.status, 403)
    const foreign = await client.get('/docs/deliveries/api/overview', {
      headers: { ...headers, origin: 'https://evil.example' },
    })
    assert.equal(foreign.status, 403)
    assert.equal((await read('/overview')).paused, undefined)
  })

  it('tells of changes by a stream, of which there are not too many', async () => {
    await using client = await testClient(createApp({ authorize: operator }))
    client.externalApi('https://a.example', () => Response.json({ ok: true }))
    const headers = as('dana')
    const seen: number[] = []
    for await (const { event, data } of readEvents(await client.get('/docs/deliveries/api/events', { headers }))) {
      assert.equal(event, 'overview')
      seen.push(JSON.parse(data).counts.delivered)
      if (seen.length === 2) break
      await send(client, 'https://a.example/in')
      await client.clock.advance({ seconds: 2 })
    }
    assert.deepEqual(seen, [0, 1])
    const opened = await Promise.all(
      Array.from({ length: 40 }, () => client.get('/docs/deliveries/api/events', { headers })),
    )
    const readers = opened.map(response => response.body?.getReader())
    await Promise.all(readers.map(reader => reader?.read()))
    const late = await client.get('/docs/deliveries/api/events', { headers })
    assert.equal(late.status, 503)
    for (const reader of readers) await reader?.cancel()
    assert.equal((await client.get('/docs/deliveries/api/events', { headers })).status, 200)
  })

  it('says that the store is away, and that it is back', async () => {
    let isAway = false
    const real = memoryStore()
    const counts: typeof real.counts = async () => {
      if (isAway) throw new StoreUnavailableError('The disk is away')
      return real.counts()
    }
    await using client = await testClient(createApp({ authorize: operator }), { store: { ...real, counts } })
    const headers = as('dana')
    const seen: string[] = []
    for await (const { event } of readEvents(await client.get('/docs/deliveries/api/events', { headers }))) {
      if (seen.push(event) === 3) break
      isAway = !isAway
      await client.clock.advance({ seconds: 2 })
      assert.equal((await client.get('/docs/deliveries/api/overview', { headers })).status, isAway ? 503 : 200)
    }
    assert.deepEqual(seen, ['overview', 'store', 'overview'])
  })

  it('ends a stream after five minutes, so that its page passes docs.authorize anew', async () => {
    await using client = await testClient(createApp({ authorize: operator }))
    let count = 0
    for await (const _ of readEvents(await client.get('/docs/deliveries/api/events', { headers: as('dana') }))) {
      count++
      await client.clock.advance({ minutes: 5 })
    }
    assert.ok(count > 0)
  })

  it('stands where the options say, and not in mounted applications', async () => {
    await using client = await testClient(createApp({ authorize: operator, console: '/ops/console' }))
    const headers = as('dana')
    const page = await client.get('/ops/console', { headers })
    assert.match(await page.text(), /data-base=".\/console" data-docs="[./]+docs"/)
    assert.equal((await client.get('/docs/deliveries', { headers })).status, 404)
    await using without = await testClient(createApp({ authorize: operator, console: false }))
    assert.equal((await without.get('/docs/deliveries', { headers })).status, 404)
    assert.equal((await without.get('/docs/send?place=[]', { headers })).status, 404)

    const outer = createApp({ authorize: operator })
    const inner = createApp({ authorize: operator })
    outer.mount('/inner', inner)
    await using both = await testClient(outer)
    assert.equal((await both.get('/docs/deliveries', { headers })).status, 200)
    assert.equal((await both.get('/inner/docs/deliveries', { headers })).status, 404)
    await client.close()
  })

  it('refuses an authorize that is no dependency', () => {
    assert.throws(() => createApp({ authorize: (() => true) as never }), {
      message: '"docs.authorize" is not a dependency: make one with dependency({…}, fn)',
    })
    assert.throws(() => createApp({ console: 'console' }), /"docs.console" is "console": give a path/)
  })
})
