import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Ringback } from 'ringback'
import { testClient } from 'ringback/testing'
import { Webhook } from 'standardwebhooks'
import { z } from 'zod'
import { app, invoiceCallbacks } from '../examples/invoices.ts'

/** The body of FastAPI's page, byte for byte: the total is text. */
const BODY = '{"id": "2expen51ve", "customer": "Mr. Richie Rich", "total": "9999"}'
const JSON_TYPE = { 'content-type': 'application/json' }
const EXTERNAL = 'https://www.external.org'

interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly errors?: readonly { readonly in: string; readonly pointer: string; readonly detail: string }[]
}

const problemOf = async (response: Response): Promise<Problem> => {
  assert.equal(response.headers.get('content-type'), 'application/problem+json')
  const problem = (await response.json()) as Problem
  assert.equal(problem.status, response.status)
  return problem
}
const invoicePath = (callbackUrl: string) => `/invoices/?callback_url=${encodeURIComponent(callbackUrl)}`

describe('The invoice application', () => {
  it('sends the callback that its document describes', async () => {
    await using client = await testClient(app)
    const received: { url: string; method: string; body: unknown }[] = []
    client.externalApi(EXTERNAL, async request => {
      received.push({ url: request.url, method: request.method, body: await request.json() })
      return Response.json({ ok: true })
    })
    const response = await client.post(`/invoices/?callback_url=${EXTERNAL}/events`, { headers: JSON_TYPE, body: BODY })
    assert.equal(response.status, 200)
    assert.deepEqual(await response.json(), { msg: 'Invoice received' })
    assert.equal(received.length, 0, 'nothing is sent before the response')

    await client.deliver()
    const body = { description: 'Payment celebration', paid: true }
    assert.deepEqual(received, [{ url: `${EXTERNAL}/events/invoices/2expen51ve`, method: 'POST', body }])
    const [delivery] = (await app.deliveries.list()).items
    assert.equal(delivery?.state, 'delivered')
    assert.equal(delivery?.responseValid, true)
  })

  it('makes no delivery without a callback_url, and says which callback was skipped', async () => {
    await using client = await testClient(app)
    const response = await client.post('/invoices/', { headers: JSON_TYPE, body: BODY })
    assert.equal(response.status, 200)
    assert.deepEqual(client.deliveries, [])
    const expression = '$request.query.callback_url'
    assert.deepEqual(client.skipped, [{ operation: 'createInvoice', callback: 'invoiceNotification', expression }])
  })

  it('takes a title of null', async () => {
    await using client = await testClient(app)
    const json = { id: '1', title: null, customer: 'c', total: 1 }
    assert.equal((await client.post('/invoices/', { json })).status, 200)
  })

  it('points at every wrong place of a body', async () => {
    await using client = await testClient(app)
    const response = await client.post('/invoices/', { headers: JSON_TYPE, body: '{"id": "1", "total": "abc"}' })
    assert.equal(response.status, 422)
    const places = (await problemOf(response)).errors?.map(error => `${error.in}${error.pointer}`)
    assert.deepEqual(places?.toSorted(), ['body#/customer', 'body#/total'])
  })

  it('responds to broken JSON, an unknown path and a wrong method with problems', async () => {
    await using client = await testClient(app)
    const broken = await client.post('/invoices/', { headers: JSON_TYPE, body: '{"id": ' })
    assert.equal((await problemOf(broken)).status, 400)
    assert.equal((await problemOf(await client.get('/nowhere'))).status, 404)
    const wrongMethod = await client.delete('/invoices/')
    assert.equal((await problemOf(wrongMethod)).status, 405)
    assert.equal(wrongMethod.headers.get('allow'), 'POST')
  })

  for (const url of [
    'javascript:alert(1)',
    'ftp://x.example',
    'https://user:pw@x.example',
    'http://127.0.0.1:9/',
    'http://2130706433/',
    'https://x.example/#a',
    '',
  ])
    it(`refuses the callback_url "${url}" before its handler runs`, async () => {
      let ran = 0
      const counting = new Ringback({ title: 'Invoices', version: '1.0.0' })
      counting.post(
        '/invoices/',
        {
          query: z.object({ callback_url: z.string().optional() }),
          body: z.object({ id: z.string() }),
          callbacks: invoiceCallbacks,
        },
        async () => {
          ran++
        },
      )
      for (const [tested, json] of [
        [app, { id: '1', customer: 'c', total: 1 }],
        [counting, { id: '1' }],
      ] as const) {
        await using client = await testClient(tested)
        const response = await client.post(invoicePath(url), { json })
        assert.equal(response.status, 422)
        const places = (await problemOf(response)).errors?.map(error => `${error.in}${error.pointer}`)
        assert.deepEqual(places, ['query#/callback_url'])
        assert.deepEqual(client.deliveries, [])
      }
      assert.equal(ran, 0)
    })

  it('composes the URL from the parsed base: its query stays, a value stays one segment', async () => {
    await using client = await testClient(app)
    const base = 'https://x.example/hook?token=a'
    const post = (id: string) => client.post(invoicePath(base), { json: { id, customer: 'c', total: 1 } })
    assert.equal((await post('1')).status, 200)
    assert.equal((await post('a/b')).status, 200)
    const refused = await post('..')
    assert.deepEqual(
      (await problemOf(refused)).errors?.map(error => `${error.in}${error.pointer}`),
      ['body#/id'],
    )
    assert.deepEqual(
      client.deliveries.map(({ url }) => url),
      ['https://x.example/hook/invoices/1?token=a', 'https://x.example/hook/invoices/a%2Fb?token=a'],
    )
  })

  it('tries again with one id, the same bytes and a new timestamp; a foreign library verifies each', async () => {
    await using client = await testClient(app)
    const attempts: { id: string; timestamp: string; body: string; headers: Record<string, string> }[] = []
    client.externalApi(EXTERNAL, async request => {
      const headers = Object.fromEntries(request.headers)
      const { 'webhook-id': id = '', 'webhook-timestamp': timestamp = '' } = headers
      attempts.push({ id, timestamp, body: await request.text(), headers })
      return attempts.length < 3 ? new Response('busy', { status: 503 }) : Response.json({ ok: true })
    })
    await client.post(`/invoices/?callback_url=${EXTERNAL}/events`, { headers: JSON_TYPE, body: BODY })
    await client.deliver()
    for (let step = 0; step < 20 && attempts.length < 3; step++) {
      client.clock.advance({ minutes: 5 })
      await client.deliver()
    }
    assert.equal(attempts.length, 3)
    assert.equal(new Set(attempts.map(({ id }) => id)).size, 1)
    assert.equal(new Set(attempts.map(({ body }) => body)).size, 1)
    assert.equal(new Set(attempts.map(({ timestamp }) => timestamp)).size, 3)

    const [delivery] = client.deliveries
    const details = await app.deliveries.get(delivery?.id ?? '')
    assert.deepEqual(
      details?.attempts.map(({ status }) => status),
      [503, 503, 200],
    )
    // The library uses the real time, so only the signature over the sent timestamp is checked here.
    const webhook = new Webhook(await app.secretFor(delivery?.destination ?? ''))
    for (const { id, timestamp, body, headers } of attempts) {
      const expected = webhook.sign(id, new Date(Number(timestamp) * 1000), body)
      assert.ok(headers['webhook-signature']?.split(' ').includes(expected))
    }
  })
})
