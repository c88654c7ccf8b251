import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../../test/support/recording-log.ts'
import { TOKEN_HEADER } from '../../docs/access/docs-access.ts'
import { callback } from '../../operation/callback-definition.ts'
import { webhook } from '../../operation/webhook-definition.ts'
import { verify } from '../../signature/verify.ts'
import { type TestClient, testClient } from '../../testing/test-client.ts'
import { appInternals, Ringback } from '../ringback.ts'

const URL_TEMPLATE = '{$request.query.callback_url}/invoices/{$request.body#/id}'
const PLACE = ['paths', '/invoices/', 'post', 'callbacks', 'paid', URL_TEMPLATE, 'post']
const RECEIVER = 'https://receiver.example'

function createApp(): Ringback {
  const app = new Ringback({
    ...{ title: 'Invoices', version: '1.0.0', log: new RecordingLog() },
    webhooks: { 'invoice.paid': webhook.post({ data: z.object({ total: z.number() }) }) },
  })
  const confirmed = callback.post('{$request.body#/reply_to}', { body: z.object({ at: z.string() }) })
  const paid = callback.post(URL_TEMPLATE, {
    body: z.object({ paid: z.boolean(), reply_to: z.url().optional() }),
    response: z.object({ ok: z.boolean() }),
    query: z.object({ n: z.string().optional() }),
    callbacks: { confirmed },
  })
  const query = z.object({ callback_url: z.url() })
  app.post('/invoices/', { query, body: z.object({ id: z.string() }), callbacks: { paid } }, async () => {})
  appInternals(app).develop()
  return app
}

/** Somebody at the panel of a callback. */
async function panelOf(client: TestClient, place: readonly string[] = PLACE) {
  const local = { clientAddress: '127.0.0.1' }
  const at = `http://localhost/docs/send`
  const known = await (await client.get(`${at}?place=${encodeURIComponent(JSON.stringify(place))}`, local)).json()
  const post = (path: string, json: object, headers: Readonly<Record<string, string>> = {}) =>
    client.post(at + path, {
      ...local,
      headers: { origin: 'http://localhost', [TOKEN_HEADER]: known.token, ...headers },
      json: { place, ...json },
    })
  const values = { '$request.query.callback_url': `${RECEIVER}/events`, '$request.body#/id': '7' }
  const send = async (json: object = {}) => (await post('', { values, body: '{"paid":true}', ...json })).json()
  return { known, post, send, values }
}

describe('The panel', () => {
  it('knows each callback, nested callback and webhook of the document', async () => {
    await using client = await testClient(createApp())
    const { known } = await panelOf(client)
    assert.deepEqual(known.fields, [
      { name: '$request.query.callback_url', label: 'callback_url' },
      { name: '$request.body#/id', label: 'id' },
    ])
    assert.deepEqual([known.method, known.contentType], ['POST', 'application/json'])
    assert.match(known.secret, /^whsec_/)
    const nested = [...PLACE, 'callbacks', 'confirmed', '{$request.body#/reply_to}', 'post']
    assert.deepEqual((await panelOf(client, nested)).known.fields, [
      { name: '$request.body#/reply_to', label: 'reply_to' },
    ])
    assert.deepEqual((await panelOf(client, ['webhooks', 'invoice.paid', 'post'])).known.fields, [
      { name: 'URL', label: 'URL' },
    ])
    for (const place of [
      [],
      ['paths', '/', 'get'],
      PLACE.slice(0, 3),
      [...PLACE, 'callbacks'],
      ['webhooks', 'x', 'post'],
    ])
      assert.equal((await panelOf(client, place)).known.status, 404, place.join())
  })

  it('composes the URL and checks the body while somebody types', async () => {
    await using client = await testClient(createApp())
    const { post, values } = await panelOf(client)
    const check = async (json: object) => (await post('/check', json)).json()
    assert.deepEqual(await check({ values, body: '{"paid":true}' }), {
      url: `${RECEIVER}/events/invoices/7`,
      base: `${RECEIVER}/events`,
      faults: [],
    })
    const { fault, field, faults } = await check({
      values: { ...values, '$request.body#/id': '' },
      body: '{"paid":"yes"}',
    })
    assert.deepEqual([fault, field], ['Must not be empty', '$request.body#/id'])
    assert.deepEqual(faults, [{ pointer: '/paid', detail: 'must be boolean' }])
    assert.deepEqual((await check({ values, body: '{' })).faults, [{ pointer: '', detail: 'is not JSON' }])
    const hook = await panelOf(client, ['webhooks', 'invoice.paid', 'post'])
    const envelope = { type: 'invoice.paid', timestamp: '2026-01-31T12:00:00Z', data: { total: '7' } }
    const checked = await (
      await hook.post('/check', { values: { URL: RECEIVER }, body: JSON.stringify(envelope) })
    ).json()
    assert.deepEqual(checked.faults, [{ pointer: '/data/total', detail: 'must be number' }])
  })

  it('says of a webhook what any status means for its endpoint', async () => {
    await using client = await testClient(createApp())
    const { post } = await panelOf(client, ['webhooks', 'invoice.paid', 'post'])
    const envelope = { type: 'invoice.paid', timestamp: '2026-01-31T12:00:00Z', data: { total: 7 } }
    for (const [status, meaning] of [
      [204, undefined],
      [410, 'disables this endpoint'],
      [503, 'counts as failed'],
    ] as const) {
      client.externalApi(RECEIVER, () => new Response(null, { status }))
      const sent = await (await post('', { values: { URL: RECEIVER }, body: JSON.stringify(envelope) })).json()
      const detail = `has the status ${status}, which ${meaning}`
      assert.deepEqual(sent.faults, meaning === undefined ? [] : [{ pointer: '', detail }])
    }
  })

  it('sends by a test key and says whether the response is as declared', async () => {
    const app = createApp()
    await using client = await testClient(app)
    const { known, send } = await panelOf(client)
    const received: Request[] = []
    let response: () => Response = () => Response.json({ ok: true })
    client.externalApi(RECEIVER, request => {
      received.push(request)
      return response()
    })
    const sent = await send({ headers: { 'x-tenant': 'a' }, query: { n: '1' } })
    assert.deepEqual([sent.outcome, sent.response.status, sent.faults], ['responded', 200, []])
    const [request] = received as [Request]
    assert.equal(request.url, `${RECEIVER}/events/invoices/7?n=1`)
    assert.deepEqual([request.headers.get('x-tenant'), request.headers.get('content-type')], ['a', 'application/json'])
    const message = { headers: Object.fromEntries(request.headers), body: '{"paid":true}' }
    const options = { audience: `${RECEIVER}/events`, now: client.clock.now() }
    verify(message, { secrets: [known.secret], ...options })
    verify(message, { publicKeys: [known.publicKey], ...options })
    const production = await app.secretFor(`${RECEIVER}/events`)
    assert.throws(() => verify(message, { secrets: [production], ...options }))
    assert.equal(client.deliveries.length, 0)

    response = () => Response.json({ ok: 'yes', note: '<img src=x onerror=alert(1)>' })
    const odd = await send()
    assert.deepEqual(odd.faults, [{ pointer: '/ok', detail: 'must be boolean' }])
    assert.match(odd.response.body.text, /<img src=x/)
    response = () => new Response('no', { status: 418, headers: { 'set-cookie': 'a=b' } })
    const teapot = await send()
    assert.deepEqual(teapot.faults, [{ pointer: '', detail: 'has the status 418, which is not declared' }])
    assert.equal(teapot.response.headers['set-cookie'], '***')
  })

  it('sends a wrong signature, an old timestamp and the same id again on purpose', async () => {
    await using client = await testClient(createApp())
    const { known, send } = await panelOf(client)
    const received: Record<string, string>[] = []
    client.externalApi(RECEIVER, request => {
      received.push(Object.fromEntries(request.headers))
      return Response.json({ ok: true })
    })
    const first = await send()
    await send({ manner: 'wrong-signature' })
    await send({ manner: 'old-timestamp' })
    await send({ manner: 'repeated', webhookId: first.headers['webhook-id'] })
    const options = { secrets: [known.secret], audience: `${RECEIVER}/events`, now: client.clock.now() }
    const verdicts = received.map(headers => {
      try {
        return verify({ headers, body: '{"paid":true}' }, options).id === first.headers['webhook-id']
      } catch (error) {
        return (error as Error).message
      }
    })
    assert.deepEqual([verdicts[0], verdicts[3]], [true, true])
    assert.match(String(verdicts[1]), /signature/i)
    assert.match(String(verdicts[2]), /timestamp/i)
    assert.equal((await send({ manner: 'repeated', webhookId: 'msg_forged' })).status, 400)
    assert.equal((await send({ manner: 'twice' })).status, 400)
  })

  it('refuses an address as the guard does, by one text', async () => {
    await using client = await testClient(createApp())
    const { send } = await panelOf(client)
    const texts = new Set<string>()
    for (const base of [
      'http://10.0.4.17/hooks',
      'http://169.254.169.254',
      'http://db.internal',
      'http://a.example:6379',
    ]) {
      const { outcome, error, tookMs } = await send({
        values: { '$request.query.callback_url': base, '$request.body#/id': '7' },
      })
      assert.deepEqual([outcome, tookMs], ['refused', 0], base)
      texts.add(error)
    }
    assert.equal(texts.size, 1)
  })

  it('refuses what no request can be made of, other origins, and large bodies', async () => {
    await using client = await testClient(createApp())
    const { post, send, values } = await panelOf(client)
    assert.equal((await send({ values: {} })).status, 422)
    for (const name of ['webhook-id', 'host', 'content-length', 'transfer-encoding', 'a b'])
      assert.equal((await send({ headers: { [name]: 'x' } })).status, 422, name)
    assert.equal((await send({ body: 'x'.repeat(300_000) })).status, 413)
    assert.equal((await send({ headers: 'x' })).status, 400)
    assert.equal((await post('', { values }, { origin: 'https://evil.example' })).status, 403)
    assert.equal((await post('', { values }, { [TOKEN_HEADER]: '' })).status, 403)
  })
})
