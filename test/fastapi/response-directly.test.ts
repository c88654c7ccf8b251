// FastAPI, advanced/response-directly, response-headers, response-cookies, response-change-status-code.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Ringback } from 'ringback'
import { testClient } from 'ringback/testing'
import { z } from 'zod'

it('sends a web Response as it is, and the document does not say that it has no content', async () => {
  const app = new Ringback({ title: 'Legacy', version: '1.0.0' })
  const xml = '<?xml version="1.0"?><shampoo></shampoo>'
  app.get('/legacy/', {}, () => new Response(xml, { headers: { 'content-type': 'application/xml' } }))
  await using client = await testClient(app)
  const response = await client.get('/legacy/')
  assert.deepEqual(
    [response.status, response.headers.get('content-type'), await response.text()],
    [200, 'application/xml', xml],
  )
  assert.deepEqual(Object.keys(app.openapi().paths!['/legacy/']!.get!.responses!), ['2XX', 'default'])
})

it('sets headers and cookies, whether it returns a value or a response', async () => {
  const app = new Ringback({ title: 'Cats', version: '1.0.0' })
  const response = z.object({ message: z.string() })
  app.get('/headers-and-object/', { response }, ({ responseHeaders }) => {
    responseHeaders.set('X-Cat-Dog', 'alone in the world')
    return { message: 'Hello World' }
  })
  app.get('/headers/', {}, () =>
    Response.json(
      { message: 'Hello World' },
      { headers: { 'X-Cat-Dog': 'alone in the world', 'Content-Language': 'en-US' } },
    ),
  )
  app.post('/cookie-and-object/', { response }, ({ setCookie }) => {
    setCookie('fakesession', 'fake-cookie-session-value')
    return { message: 'Come to the dark side, we have cookies' }
  })
  await using client = await testClient(app)
  for (const path of ['/headers-and-object/', '/headers/']) {
    const got = await client.get(path)
    assert.deepEqual(
      [got.headers.get('x-cat-dog'), await got.json()],
      ['alone in the world', { message: 'Hello World' }],
    )
  }
  const { headers } = await client.post('/cookie-and-object/')
  assert.equal(headers.get('set-cookie'), 'fakesession=fake-cookie-session-value; Path=/; HttpOnly; SameSite=Lax')
})

it('changes the status', async () => {
  const tasks: Record<string, string> = { foo: 'Listen to the Bar Fighters' }
  const app = new Ringback({ title: 'Tasks', version: '1.0.0' })
  const response = z.string()
  app.put(
    '/get-or-create-task/{task_id}',
    { response, responses: { 201: { body: response } } },
    ({ params, respond }) => {
      const known = tasks[params.task_id]
      if (known !== undefined) return known
      tasks[params.task_id] = "This didn't exist before"
      return respond(201, tasks[params.task_id]!)
    },
  )
  await using client = await testClient(app)
  const put = async (id: string) => {
    const got = await client.put(`/get-or-create-task/${id}`)
    return [got.status, await got.json()]
  }
  assert.deepEqual(await put('foo'), [200, 'Listen to the Bar Fighters'])
  assert.deepEqual(await put('bar'), [201, "This didn't exist before"])
})
