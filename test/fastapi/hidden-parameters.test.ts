// FastAPI, tutorial/query-params-str-validations: "Exclude parameters from OpenAPI".
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { callback, Ringback } from 'ringback'
import { testClient } from 'ringback/testing'
import { typebox } from 'ringback/typebox'
import Type from 'typebox'
import { z } from 'zod'
import { assertValid } from '../support/check-document.ts'

it('reads a query parameter that the document does not show', async () => {
  const app = new Ringback({ title: 'Items', version: '1.0.0' })
  const hidden = z.string().optional().meta({ documented: false })
  app.get('/items/', { query: z.object({ hidden_query: hidden }), response: z.any() }, async ({ query }) => ({
    hidden_query: query.hidden_query ?? 'Not found',
  }))
  await using client = await testClient(app)
  assert.deepEqual(await (await client.get('/items/?hidden_query=somevalue')).json(), { hidden_query: 'somevalue' })
  assert.deepEqual(await (await client.get('/items/')).json(), { hidden_query: 'Not found' })
  assert.equal(app.openapi().paths?.['/items/']?.get?.parameters, undefined)
  await assertValid(app.openapi())
})

it('hides headers, cookies and response headers, and what they refer to, but no part of a path', async () => {
  const app = new Ringback({ title: 'Items', version: '1.0.0' })
  const Kind = z.enum(['a', 'b']).meta({ id: 'Kind' })
  const hidden = { documented: false }
  app.post(
    '/items/{item_id}',
    {
      params: z.object({ item_id: z.int().meta(hidden) }),
      query: z.object({ kind: z.array(Kind).optional().meta(hidden), callback_url: z.url().meta(hidden) }),
      headers: z.object({ 'x-hidden': z.string().meta(hidden), 'x-shown': z.string() }),
      cookies: typebox(Type.Object({ session: Type.Optional(Type.String(hidden)) })),
      responseHeaders: z.object({ 'x-inner': z.string().optional().meta(hidden) }),
      callbacks: {
        done: callback.post('{$callback_url}', { headers: z.object({ 'x-secret': z.string().meta(hidden) }) }),
      },
    },
    async () => {},
  )
  const document = app.openapi()
  await assertValid(document)
  const operation = document.paths?.['/items/{item_id}']?.post
  assert.deepEqual(
    operation?.parameters?.map(parameter => ('name' in parameter ? parameter.name : '')),
    ['item_id', 'x-shown'],
  )
  for (const word of ['x-inner', 'x-secret', 'Kind', 'documented'])
    assert.ok(!JSON.stringify(document).includes(word), word)
})
