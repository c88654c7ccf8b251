import assert from 'node:assert/strict'
import test from 'node:test'
import { z } from 'zod'
import { callback } from '../operation/callback-definition.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { RequestRun } from '../request/request-run.ts'
import { ROUTE_STEPS } from '../request/run-operation.ts'
import { takeSteps } from '../request/take-steps.ts'
import { testClient } from '../testing/test-client.ts'
import { appInternals, Ringback } from './ringback.ts'
import { WebRequestView } from './web-request-view.ts'

test('another kind of route can begin as an operation does, and continue in its own way', async () => {
  const ends: string[] = []
  const user = dependency({ query: z.object({ name: z.string() }), scope: 'handler' }, async function* ({ query }) {
    try {
      yield query.name
    } finally {
      ends.push('cleaned up')
    }
  })
  const app = new Ringback({ title: 'Rooms', version: '1.0.0' })
  const params = z.object({ room: z.coerce.number() })
  app.get('/rooms/{room}', { params, dependencies: { user } }, () => assert.fail('Nobody asks the operation'))
  const application = appInternals(app)
  const [route] = application.operations.all
  const view = new WebRequestView(new Request('http://localhost/rooms/7?name=Ada'), undefined, true)
  const run = new RequestRun(view, route!, { room: '7' }, application)
  const own = (run: RequestRun) => {
    const { params, user } = run.context as unknown as { params: unknown; user: unknown }
    ends.push(JSON.stringify({ params, user }))
    throw new Error('It goes on in its own way')
  }
  await assert.rejects(takeSteps(run, [...ROUTE_STEPS, own]), { message: 'It goes on in its own way' })
  assert.deepEqual(ends, ['{"params":{"room":7},"user":"Ada"}', 'cleaned up'])
})

test('a body that JSON cannot express is not sent as an empty one', async () => {
  const app = new Ringback({ title: 'Rooms', version: '1.0.0', log: { ...console, error() {} } })
  const left = callback.post('https://www.external.org/left', { body: z.any() })
  let thrown: unknown
  app.post('/leave', { callbacks: { left } }, async ({ callbacks }) => {
    thrown = await callbacks.left.send(() => {}).catch((error: unknown) => error)
  })
  await using client = await testClient(app)
  assert.equal((await client.post('/leave')).status, 204)
  assert.match(String(thrown), /body at "#": The value cannot be written as application\/json/)
  assert.deepEqual(client.deliveries, [])
})
