import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { describe, it } from 'node:test'
import { as, invoiceApp, newEndpoint, type Told } from '../../../../test/support/endpoint-client.ts'
import { RecordingLog } from '../../../../test/support/recording-log.ts'
import { type TestClient, testClient } from '../../testing/test-client.ts'

const codesOf = ({ body }: Told): string[] =>
  body.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`)

describe('An endpoint that is registered', () => {
  it('shows its secret once, under a Location and for no cache', async () => {
    await using client = await testClient(invoiceApp())
    const a = as(client, 'a')
    const created = await a('POST', '/endpoints', { ...newEndpoint(), description: 'books', metadata: { plan: 'x' } })
    assert.equal(created.status, 201)
    assert.equal(created.headers.get('cache-control'), 'no-store')
    const { secret, ...endpoint } = created.body
    assert.equal(created.headers.get('location'), `/webhooks/endpoints/${endpoint.id}`)
    assert.match(secret, /^whsec_/)
    assert.equal(endpoint.secrets[0].fingerprint, hash('sha256', secret).slice(0, 8))
    const { text } = await a('GET', `/endpoints/${endpoint.id}`)
    assert.deepEqual(JSON.parse(text), endpoint)
    assert.doesNotMatch(text, /"secret"|"owner"|whsec_/)
  })

  it('is one for one idempotency key, however often and at once', async () => {
    await using client = await testClient(invoiceApp())
    const a = as(client, 'a')
    const create = (json: object = newEndpoint(), call = a) =>
      call('POST', '/endpoints', json, { 'idempotency-key': 'k' })
    const first = await create()
    const others = await Promise.all(Array.from({ length: 10 }, () => create()))
    for (const told of others) assert.deepEqual([told.status, told.body], [201, first.body])
    assert.equal((await a('GET', '/endpoints')).body.items.length, 1)

    const other = await create(newEndpoint('https://www.external.org/other'))
    assert.deepEqual([other.status, other.body.code], [409, 'idempotency-key-reused'])
    assert.doesNotMatch(other.text, /whsec_/)
    const b = await create(newEndpoint(), as(client, 'b'))
    assert.equal(b.status, 201)
    assert.notEqual(b.body.id, first.body.id)

    await a('POST', `/endpoints/${first.body.id}/rotate-secret`, {})
    const stale = await create()
    assert.deepEqual([stale.status, stale.body.code], [409, 'idempotency-key-reused'])
    for (const key of ['', 'x'.repeat(256)])
      assert.equal((await a('POST', '/endpoints', newEndpoint(), { 'idempotency-key': key })).status, 422)
  })

  it('is refused with the places of all that is wrong', async () => {
    await using client = await testClient(invoiceApp())
    const a = as(client, 'a')
    const long = `https://www.external.org/${'x'.repeat(2_024)}`
    for (const [change, ...codes] of [
      [{ url: 'https://user:word@www.external.org/' }, '#/url destination'],
      [{ url: 'https://www.external.org/#here' }, '#/url destination'],
      [{ url: long }, '#/url maxLength'],
      [{ url: 'ftp://www.external.org/' }, '#/url destination'],
      [{ url: 'nothing' }, '#/url destination'],
      [{ url: 'http://169.254.169.254/latest' }, '#/url destination'],
      [{ url: 'https://localhost/' }, '#/url destination'],
      [{ headers: { 'webhook-id': 'x' } }, '#/headers/webhook-id invalid'],
      [{ headers: { 'Content-Type': 'x' } }, '#/headers/Content-Type invalid'],
      [{ headers: { 'x y': 'x' } }, '#/headers/x y invalid'],
      [{ headers: { 'x-a': 'a\r\nx-b: c' } }, '#/headers/x-a invalid'],
      [{ headers: { 'x-a': 'x'.repeat(4_096) } }, '#/headers invalid'],
      [{ events: [] }, '#/events minItems'],
      [{ events: ['invoice.paid', 'invoice.sent'] }, '#/events/1 enum'],
      [{ events: ['invoice.audited'] }, '#/events/0 enum'],
      [{ events: ['*', '*'] }, '#/events uniqueItems'],
      [{ channels: ['a b'] }, '#/channels/0 pattern'],
      [{ channels: Array.from({ length: 11 }, (_, index) => `c${index}`) }, '#/channels maxItems'],
      [{ ratePerSecond: 0 }, '#/ratePerSecond minimum'],
      [{ description: 'a\u0000' }, '#/description invalid'],
      [{ metadata: { a: 1 } }, '#/metadata/a type'],
    ] as const) {
      const told = await a('POST', '/endpoints', { ...newEndpoint(), ...change })
      assert.equal(told.status, 422, `${JSON.stringify(change).slice(0, 80)}: ${told.text}`)
      assert.deepEqual(codesOf(told), codes, JSON.stringify(change).slice(0, 80))
    }
    const [one, other] = ['http://169.254.169.254/', 'https://localhost/'].map(url =>
      a('POST', '/endpoints', newEndpoint(url)),
    )
    assert.equal((await one!).text, (await other!).text)
    assert.deepEqual((await a('GET', '/endpoints')).body.items, [])
  })

  it('is one of at most so many, also at once', async () => {
    await using client = await testClient(invoiceApp())
    const a = as(client, 'a')
    const create = (count: number) =>
      Promise.all(Array.from({ length: count }, () => a('POST', '/endpoints', newEndpoint())))
    assert.ok((await create(40)).every(({ status }) => status === 201))
    const told = await create(20)
    assert.equal(told.filter(({ status }) => status === 201).length, 10)
    for (const { status, body } of told.filter(({ status }) => status !== 201))
      assert.deepEqual([status, body.code], [409, 'endpoint-limit'])
    assert.equal((await a('GET', '/endpoints')).body.items.length, 50)
    assert.equal((await as(client, 'b')('POST', '/endpoints', newEndpoint())).status, 201)
  })

  it('stays as it is when what was read of it is sent back', async () => {
    await using client = await testClient(invoiceApp())
    const a = as(client, 'a')
    const { body } = await a('POST', '/endpoints', {
      ...newEndpoint(),
      ...{ description: 'books', metadata: { plan: 'x' }, channels: ['eu'], ratePerSecond: 2 },
      headers: { 'X-Token': 'value-of-a-header' },
    })
    client.clock.advance({ minutes: 1 })
    const path = `/endpoints/${body.id}`
    const before = await a('GET', path)
    const { url, events, description, metadata, channels, ratePerSecond } = before.body
    const patched = await a('PATCH', path, { url, events, description, metadata, channels, ratePerSecond })
    assert.deepEqual([patched.status, patched.text], [200, before.text])
    assert.equal((await a('PATCH', path, before.body)).status, 422)
    assert.deepEqual(before.body.headerNames, ['x-token'])

    const refused = await a('PATCH', path, { description: 'new', url: 'http://10.0.0.1/' })
    assert.deepEqual([refused.status, codesOf(refused)], [422, ['#/url destination']])
    assert.equal((await a('GET', path)).text, before.text)
    const merged = await a('PATCH', path, {
      metadata: { plan: null, size: 'l' },
      headers: { 'X-TOKEN': null, 'x-b': 'c' },
    })
    assert.deepEqual([merged.body.metadata, merged.body.headerNames], [{ size: 'l' }, ['x-b']])
  })

  it('keeps an event that is no longer offered', async () => {
    const app = invoiceApp({ events: ['invoice.paid'] })
    await using client = await testClient(app)
    const a = as(client, 'a')
    const { id } = await app.endpoints.create({ owner: 'a', ...newEndpoint(undefined, ['*']), events: ['*'] })
    assert.equal((await a('PATCH', `/endpoints/${id}`, { events: ['*', 'invoice.paid'] })).status, 200)
    assert.equal((await a('PATCH', `/endpoints/${id}`, { events: ['*', 'invoice.created'] })).status, 422)
    assert.equal((await a('POST', '/endpoints', newEndpoint())).status, 422)
  })

  it('shows secret and headers nowhere else', async () => {
    const log = new RecordingLog()
    const app = invoiceApp({}, { log })
    await using client = await testClient(app)
    const a = as(client, 'a')
    client.externalApi('https://www.external.org', () => new Response('no', { status: 500 }))
    const value = 'a-header-value-that-is-secret'
    const { body } = await a('POST', '/endpoints', { ...newEndpoint(), headers: { 'x-token': value } })
    const path = `/endpoints/${body.id}`
    const rotated = await a('POST', `${path}/rotate-secret`, {})
    assert.equal(rotated.headers.get('cache-control'), 'no-store')
    const secrets = [value, body.secret, rotated.body.secret]
    await app.webhooks['invoice.paid'].send({ invoice_id: '7' }, { owner: 'a' })
    await client.deliver()
    const texts = await everythingOf(client, path)
    const known = secrets.flatMap(secret => {
      const bytes = Buffer.from(secret)
      return [secret, bytes.toString('base64').slice(0, -4), bytes.toString('hex'), secret.replace('whsec_', '')]
    })
    for (const text of [...texts, JSON.stringify(log.messages), JSON.stringify(app.openapi())])
      for (const secret of known) assert.ok(!text.includes(secret), text)
  })
})

/** What every operation shows of an endpoint. */
async function everythingOf(client: TestClient, path: string): Promise<string[]> {
  const a = as(client, 'a')
  const list = await a('GET', `${path}/deliveries`)
  const { id, message } = list.body.items[0]
  const told = [
    list,
    await a('GET', path),
    await a('GET', '/endpoints'),
    await a('GET', `/deliveries/${id}`),
    await a('GET', `/messages/${message}`),
    await a('GET', '/messages'),
    await a('PATCH', path, { description: 'x' }),
    await a('POST', `${path}/disable`),
    await a('POST', `${path}/enable`, {}),
    await a('POST', `${path}/test`, { event: 'invoice.created' }),
    await a('POST', `${path}/recover`, { since: '2026-01-01T00:00:00Z' }),
    await a('POST', `${path}/rotate-secret`, { overlapSeconds: -1 }),
  ]
  return told.map(({ text }) => text)
}
