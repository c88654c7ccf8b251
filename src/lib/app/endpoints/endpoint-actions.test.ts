import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { as, invoiceApp, newEndpoint } from '../../../../test/support/endpoint-client.ts'
import { everyone } from '../../delivery/endpoints/owner.ts'
import { sqliteStore } from '../../store/sqlite/sqlite-store.ts'
import { testClient } from '../../testing/test-client.ts'

/** An application with one endpoint, whose receiver responds as it is told. */
async function scene() {
  const app = invoiceApp()
  const client = await testClient(app)
  const received: Request[] = []
  const receiver = { status: 204 }
  client.externalApi('https://www.external.org', request => {
    received.push(request)
    return new Response(receiver.status === 204 ? null : 'not now', { status: receiver.status })
  })
  const a = as(client, 'a')
  const { body: endpoint } = await a('POST', '/endpoints', newEndpoint())
  return { app, client, a, endpoint, path: `/endpoints/${endpoint.id}`, received, receiver }
}

describe('What an owner does with an endpoint', () => {
  it('is to disable and enable it, unless the operator has disabled it', async () => {
    const { app, client, a, endpoint, path } = await scene()
    await using _closed = client
    for (let times = 0; times < 2; times++) {
      const { status, body } = await a('POST', `${path}/disable`)
      assert.deepEqual([status, body.status, body.disabledReason], [200, 'disabled', 'owner'])
    }
    const recover = await a('POST', `${path}/recover`, { since: '2026-01-01T00:00:00Z' })
    assert.deepEqual([recover.status, recover.body.code], [409, 'endpoint-disabled'])
    for (let times = 0; times < 2; times++) {
      const { status, body } = await a('POST', `${path}/enable`)
      assert.deepEqual([status, body.status, body.disabledReason], [200, 'enabled', null])
    }
    await app.endpoints.disable(endpoint.id, { owner: everyone })
    const { status, body } = await a('POST', `${path}/enable`, {})
    assert.deepEqual([status, body.code], [409, 'disabled-by-operator'])
  })

  it('is to rotate its secret, once for a key, and three at a time', async () => {
    const { client, a, endpoint, path } = await scene()
    await using _closed = client
    const rotate = (json: object, key?: string) =>
      a('POST', `${path}/rotate-secret`, json, key === undefined ? {} : { 'idempotency-key': key })
    const first = await rotate({ overlapSeconds: 60 }, 'k')
    assert.equal(first.status, 200)
    assert.notEqual(first.body.secret, endpoint.secret)
    const again = await rotate({ overlapSeconds: 60 }, 'k')
    assert.deepEqual([again.status, again.body], [200, first.body])
    const other = await rotate({ overlapSeconds: 61 }, 'k')
    assert.deepEqual([other.status, other.body.code], [409, 'idempotency-key-reused'])
    assert.equal((await rotate({})).status, 200)
    const stale = await rotate({ overlapSeconds: 60 }, 'k')
    assert.deepEqual([stale.status, stale.body.code], [409, 'idempotency-key-reused'])
    const many = await rotate({})
    assert.deepEqual([many.status, many.body.code], [409, 'too-many-secrets'])
    assert.equal(many.body.nextEnd, '2026-01-01T00:01:00.000Z')
    const { body } = await rotate({ overlapSeconds: 0 })
    assert.equal(body.secrets.length, 3)
    for (const overlapSeconds of [-1, 604_801, 1.5, 'x']) assert.equal((await rotate({ overlapSeconds })).status, 422)
  })

  it('is to test it, which says nothing of addresses and counts for nothing', async () => {
    const { client, a, path, received } = await scene()
    await using _closed = client
    await a('POST', `${path}/disable`)
    const before = await a('GET', path)
    const { status, body } = await a('POST', `${path}/test`, { event: 'invoice.created' })
    assert.deepEqual([status, body.outcome, body.status], [200, 'accepted', 204])
    assert.match(body.webhookId, /^test_/)
    assert.equal(received[0]?.headers.get('webhook-id'), body.webhookId)
    assert.equal((await a('GET', path)).text, before.text)
    for (const event of ['invoice.paid', 'invoice.audited', 'invoice.sent', '*', 7]) {
      const told = await a('POST', `${path}/test`, { event })
      assert.deepEqual([told.status, told.body.errors[0].pointer], [422, '#/event'], `${event}: ${told.text}`)
    }
  })

  it('is to test ten times a minute, a stranger never', async () => {
    const { client, a, path } = await scene()
    await using _closed = client
    const test = () => a('POST', `${path}/test`, { event: 'invoice.created' })
    for (let times = 0; times < 10; times++) assert.equal((await test()).status, 200)
    const { status, body, headers } = await test()
    assert.deepEqual([status, body.code, headers.get('retry-after')], [429, 'too-many-tests', '60'])
    const b = as(client, 'b')
    for (let times = 0; times < 11; times++)
      assert.equal((await b('POST', `${path}/test`, { event: 'invoice.created' })).status, 404)
    client.clock.advance({ minutes: 1 })
    assert.equal((await test()).status, 200)
  })

  it('is to see its deliveries, and to send one again', async () => {
    const { app, client, a, path, received, receiver } = await scene()
    await using _closed = client
    receiver.status = 410
    await app.webhooks['invoice.paid'].send({ invoice_id: '7' }, { owner: 'a' })
    await client.deliver()
    const { items } = (await a('GET', `${path}/deliveries?event=invoice.paid&state=failed`)).body
    assert.equal(items.length, 1)
    assert.equal((await a('GET', `${path}/deliveries?event=invoice.created`)).body.items.length, 0)
    assert.equal((await a('GET', `${path}/deliveries?since=2026-01-02T00:00:00Z`)).body.items.length, 0)
    const { body } = await a('GET', `/deliveries/${items[0].id}`)
    assert.deepEqual([body.event, body.attempts.length, body.attempts[0].status], ['invoice.paid', 1, 410])
    assert.equal(body.attempts[0].url, 'https://www.external.org/hooks')
    assert.partialDeepStrictEqual(body.attempts[0], { number: 1, durationMs: 0, outcome: 'rejected' })
    assert.ok(body.attempts[0].startedAt.startsWith('2026-01-01T'))
    assert.equal(body.attempts[0].responseBody, 'not now')
    assert.deepEqual(JSON.parse(body.body).data, { invoice_id: '7' })
    assert.ok(!('address' in body.attempts[0]))
    const gone = await a('POST', `/deliveries/${items[0].id}/replay`)
    assert.deepEqual([gone.status, gone.body.code], [409, 'endpoint-disabled'])

    await a('POST', `${path}/enable`)
    receiver.status = 204
    const replayed = await a('POST', `/deliveries/${items[0].id}/replay`)
    assert.deepEqual([replayed.status, replayed.body], [202, { id: body.id, webhookId: body.webhookId }])
    const twice = await a('POST', `/deliveries/${items[0].id}/replay`)
    assert.deepEqual([twice.status, twice.body.code], [409, 'already-waiting'])
    await client.deliver()
    assert.equal((await a('GET', `/deliveries/${items[0].id}`)).body.state, 'delivered')
    assert.deepEqual(
      received.map(({ headers }) => headers.get('webhook-id')),
      [body.webhookId, body.webhookId],
    )
  })

  it('is to get what was missed', async () => {
    const { app, client, a, path, received } = await scene()
    await using _closed = client
    await a('POST', `${path}/disable`)
    await app.webhooks['invoice.paid'].send({ invoice_id: '7' }, { owner: 'a' })
    await client.deliver()
    assert.equal(received.length, 0)
    for (const [times, count] of [
      ['', 1],
      ['?since=2025-12-31T00:00:00Z&until=2026-01-02T00:00:00Z', 1],
      ['?since=2026-01-02T00:00:00Z', 0],
      ['?until=2025-12-31T00:00:00Z', 0],
    ] as const)
      assert.equal((await a('GET', `/messages${times}`)).body.items.length, count, times)
    client.clock.advance({ minutes: 1 })
    const enabled = await a('POST', `${path}/enable`, { recoverSince: '2026-01-01T00:00:00Z' })
    assert.deepEqual([enabled.status, enabled.body.recovery.state], [200, 'running'])
    const running = await a('POST', `${path}/recover`, { since: '2026-01-01T00:00:00Z' })
    assert.deepEqual([running.status, running.body.code], [409, 'recovery-running'])
    await client.deliver()
    assert.equal(received.length, 1)
    const { recovery } = (await a('GET', path)).body
    assert.deepEqual([recovery.state, recovery.deliveries], ['done', 1])
    const old = await a('POST', `${path}/recover`, { since: '2025-01-01T00:00:00Z' })
    assert.deepEqual([old.status, old.body.errors[0].pointer], [422, '#/since'])
    assert.match(old.body.errors[0].detail, /2025-12-18T/)
    await a('POST', `${path}/disable`)
    await app.webhooks['invoice.paid'].send({ invoice_id: '8' }, { owner: 'a' })
    await a('POST', `${path}/enable`, {})
    const again = await a('POST', `${path}/recover`, { since: '2026-01-01T00:00:00Z', include: 'failed' })
    assert.deepEqual([again.status, again.body.recovery.state], [202, 'running'])
    await client.deliver()
    assert.equal((await a('GET', path)).body.recovery.deliveries, 0, 'it was missed, and has not failed')
  })

  it('is to page through lists that grow meanwhile', async () => {
    const { client, a } = await scene()
    await using _closed = client
    for (let index = 0; index < 4; index++) {
      client.clock.advance({ seconds: 1 })
      await a('POST', '/endpoints', { ...newEndpoint(), description: `${index}` })
    }
    const first = (await a('GET', '/endpoints?limit=2')).body
    await a('POST', '/endpoints', newEndpoint())
    const second = (await a('GET', `/endpoints?limit=2&cursor=${encodeURIComponent(first.nextCursor)}`)).body
    const shown = [...first.items, ...second.items].map(({ description }) => description)
    assert.deepEqual(shown, ['3', '2', '1', '0'])
    for (const limit of ['0', '101', 'x', '1.5'])
      assert.equal((await a('GET', `/endpoints?limit=${limit}`)).status, 422)
  })
})

describe('A test of an endpoint whose address is refused by now', () => {
  it('says the same of every address, and changes nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ringback-refused-'))
    const addresses = ['127.0.0.1', '10.0.0.1', '169.254.169.254']
    const openApp = (allow: string[]) => {
      const signing = { masterSecret: 'm'.repeat(32) }
      const store = sqliteStore({ path: join(folder, 'store.sqlite') })
      return invoiceApp({}, { delivery: { store, signing, worker: false, destinations: { allow } } })
    }
    const before = openApp(addresses)
    const made = await Promise.all(
      addresses.map(host =>
        before.endpoints.create({ owner: 'a', url: `http://${host}:8080/secret-path`, events: ['invoice.created'] }),
      ),
    )
    await before.close()
    const after = openApp([])
    const ask = async (path: string, body?: string) => {
      const headers = { 'x-tenant': 'a', 'content-type': 'application/json' }
      const request = body === undefined ? { headers } : { method: 'POST', headers, body }
      return (await after.fetch(new Request(`http://localhost/webhooks/endpoints/${path}`, request))).json()
    }
    const told = new Set<string>()
    for (const { id } of made) {
      const shown = await ask(id)
      const { webhookId, durationMs, ...result } = (await ask(`${id}/test`, '{"event":"invoice.created"}')) as {
        webhookId: string
        durationMs: number
      }
      assert.match(webhookId, /^test_/)
      assert.ok(durationMs >= 0)
      told.add(JSON.stringify(result))
      assert.deepEqual(await ask(id), shown)
    }
    await after.close()
    await rm(folder, { recursive: true })
    assert.deepEqual(
      [...told].map(text => JSON.parse(text).outcome),
      ['refused'],
    )
    assert.doesNotMatch([...told][0]!, /127|10\.0|169|8080|secret-path/)
  })
})
