// FastAPI, tutorial/{query-param,cookie-param,header-param}-models: "Forbid Extra …".
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Ringback } from 'ringback'
import { testClient } from 'ringback/testing'
import { z } from 'zod'
import { assertValid } from '../support/check-document.ts'

const app = new Ringback({ title: 'Models', version: '1.0.0' })
const response = z.any()
const query = z.strictObject({
  limit: z.int().positive().max(100).default(100),
  offset: z.int().min(0).default(0),
  order_by: z.enum(['created_at', 'updated_at']).default('created_at'),
  tags: z.array(z.string()).default([]),
})
const cookies = z.strictObject({ session_id: z.string(), fatebook_tracker: z.string().optional() })
const headers = z.strictObject({
  host: z.string(),
  save_data: z.boolean(),
  'if-modified-since': z.string().optional(),
  'x-tag': z.array(z.string()).default([]),
})
app.get('/query/', { query, response }, async ({ query }) => query)
app.get('/cookies/', { cookies, response }, async ({ cookies }) => cookies)
app.get('/headers/', { headers, response }, async ({ headers }) => headers)

interface Problem {
  readonly errors: readonly { readonly in: string; readonly pointer: string; readonly code: string }[]
}
const errorsOf = async (response: Response) => {
  assert.equal(response.status, 422)
  return ((await response.json()) as Problem).errors.map(({ in: place, pointer, code }) => [place, pointer, code])
}

it('refuses a query parameter that the model does not have', async () => {
  await using client = await testClient(app)
  const read = await client.get('/query/?limit=10&tags=a&tags=b')
  assert.deepEqual(await read.json(), { limit: 10, offset: 0, order_by: 'created_at', tags: ['a', 'b'] })
  const refused = await client.get('/query/?limit=10&tool=plumbus')
  assert.deepEqual(await errorsOf(refused), [['query', '#/tool', 'additionalProperties']])
})

it('refuses a cookie that the model does not have', async () => {
  await using client = await testClient(app)
  const refused = await client.get('/cookies/', { headers: { cookie: 'session_id=a; santa_tracker=good-list-please' } })
  assert.deepEqual(await errorsOf(refused), [['cookie', '#/santa_tracker', 'additionalProperties']])
})

// In FastAPI a model that forbids extra headers refuses `accept` and `user-agent`, which every client sends.
it('reads a header model, strict or not, whatever else clients and proxies send', async () => {
  await using client = await testClient(app)
  const sent = { host: 'testserver', save_data: 'true', tool: 'plumbus', accept: '*/*' }
  const read = await client.get('/headers/', { headers: sent })
  assert.deepEqual(await read.json(), { host: 'testserver', save_data: true, 'x-tag': [] })
  const missing = await client.get('/headers/', { headers: { save_data: 'maybe' } })
  assert.deepEqual((await errorsOf(missing)).map(([, pointer, code]) => [pointer, code]).toSorted(), [
    ['#/host', 'required'],
    ['#/save_data', 'type'],
  ])
})

it('has a document', () => assertValid(app.openapi()))
