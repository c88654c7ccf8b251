import assert from 'node:assert/strict'
import { test } from 'node:test'

// Before the application is loaded, which reads it.
process.env['API_KEYS'] = 'key-of-ada=ada,key-of-bob=bob'
const { app } = await import('./app.ts')
const { testClient } = await import('ringback/testing')

const order = { title: 'Tides', pages: 12 }
const ada = { headers: { 'x-api-key': 'key-of-ada' } }

test('A client that gives a URL is called back when its report is ready', async () => {
  await using client = await testClient(app, ada)
  const received: unknown[] = []
  client.externalApi('https://ada.example', async request => {
    received.push(await request.json())
    return Response.json({ ok: true })
  })

  const response = await client.post('/reports', { query: { callback_url: 'https://ada.example/events' }, json: order })
  assert.equal(response.status, 202)
  const report = (await response.json()) as { readonly id: string; readonly words: number }
  assert.equal(report.words, 3600)

  await client.deliver()
  assert.deepEqual(received, [report])
  assert.equal(client.deliveries[0]?.url, `https://ada.example/events/reports/${report.id}`)
})

test('A receiver that is away for an hour hears of it later', async () => {
  await using client = await testClient(app, ada)
  let away = true
  client.externalApi('https://ada.example', () =>
    away ? new Response(null, { status: 503 }) : Response.json({ ok: true }),
  )
  await client.post('/reports', { query: { callback_url: 'https://ada.example/events' }, json: order })
  await client.deliver()
  assert.equal((await app.deliveries.counts()).delivered, 0)

  away = false
  client.clock.advance({ hours: 1 })
  await client.deliver()
  assert.equal((await app.deliveries.counts()).delivered, 1)
})

test('Nobody reads the report of another account', async () => {
  await using client = await testClient(app)
  const ordered = await client.post('/reports', { ...ada, json: order })
  const { id } = (await ordered.json()) as { readonly id: string }
  assert.equal((await client.get(`/reports/${id}`, ada)).status, 200)
  assert.equal((await client.get(`/reports/${id}`, { headers: { 'x-api-key': 'key-of-bob' } })).status, 404)
  assert.equal((await client.get(`/reports/${id}`)).status, 401)
})
