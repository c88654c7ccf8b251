import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import type { AttemptHeaders } from '../delivery/attempt/attempt-headers.ts'
import { callback } from '../operation/callback-definition.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'

const external = 'https://www.external.org'
const query = z.object({ callback_url: z.url() })
const paid = callback.post('{$callback_url}/paid', {})

function appWith(attemptHeaders: AttemptHeaders) {
  const log = new RecordingLog()
  const app = new Ringback({ title: 'Payments', version: '1.0.0', delivery: { attemptHeaders }, log })
  app.post('/send', { query, callbacks: { paid } }, async ({ callbacks }) => {
    await callbacks.paid.send()
  })
  app.post('/call', { query, callbacks: { paid } }, async ({ callbacks }) => {
    await callbacks.paid.call()
  })
  return { app, log }
}

test('attemptHeaders of an application is asked for what is sent and what is called', async () => {
  const asked: unknown[] = []
  const { app } = appWith(async ({ url, lastStatus, body }) => {
    asked.push([url, lastStatus, body.length])
    return { authorization: `Bearer ${asked.length}` }
  })
  await using client = await testClient(app)
  const got: unknown[] = []
  client.externalApi(external, ({ headers }) => {
    got.push(headers.get('authorization'))
    return new Response(null, { status: 204 })
  })
  await client.post(`/send?callback_url=${external}`)
  await client.deliver()
  assert.equal((await client.post(`/call?callback_url=${external}`)).status, 204)
  assert.deepEqual(got, ['Bearer 1', 'Bearer 2'])
  const each = [`${external}/paid`, undefined, 0]
  assert.deepEqual(asked, [each, each])
})

test('a call whose headers cannot be had is a 502 that says nothing of them', async () => {
  const { app, log } = appWith(() => ({ host: 's3cret.example' }))
  await using client = await testClient(app)
  const response = await client.post(`/call?callback_url=${external}`)
  assert.equal(response.status, 502)
  assert.equal((await response.json()).detail, 'The callback could not be made: its headers could not be had')
  assert.doesNotMatch(JSON.stringify(log.messages.map(({ fields }) => String(fields['error']))), /s3cret/)
})

test('attemptHeaders that is not a function is refused where it is given', () => {
  const delivery = { attemptHeaders: { authorization: 'x' } as never }
  assert.throws(() => new Ringback({ title: 'Payments', version: '1.0.0', delivery }), {
    name: 'DefinitionError',
    message: /"attemptHeaders" is an object, not a function/,
  })
})
