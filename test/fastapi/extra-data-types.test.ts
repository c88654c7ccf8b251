// FastAPI, tutorial/extra-data-types.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Ringback } from 'ringback'
import { testClient } from 'ringback/testing'
import { z } from 'zod'
import { Instant, Seconds } from '../../examples/value-types.ts'
import { assertValid } from '../support/check-document.ts'

it('computes with dates and durations', async () => {
  const Sent = z.object({
    start_datetime: Instant,
    end_datetime: Instant,
    process_after: Seconds,
    repeat_at: z.iso.time().nullish(),
  })
  const Given = Sent.extend({ item_id: z.uuid(), start_process: Instant, duration: Seconds })
  const app = new Ringback({ title: 'Items', version: '1.0.0' })
  app.put(
    '/items/{item_id}',
    { params: z.object({ item_id: z.uuid() }), body: Sent, response: Given },
    ({ params, body }) => {
      const start_process = new Date(body.start_datetime.getTime() + body.process_after * 1000)
      const duration = (body.end_datetime.getTime() - start_process.getTime()) / 1000
      return { ...params, ...body, start_process, duration }
    },
  )
  await using client = await testClient(app)
  const item_id = 'ff97dd87-a4a5-4a12-b412-cde99f33e00e'
  const json = {
    start_datetime: '2018-12-22T14:00:00+00:00',
    end_datetime: '2018-12-24T15:00:00+00:00',
    repeat_at: '15:30:00',
    process_after: 'PT5M',
  }
  const response = await client.put(`/items/${item_id}`, { json })
  assert.deepEqual(await response.json(), {
    ...json,
    item_id,
    start_datetime: '2018-12-22T14:00:00.000Z',
    end_datetime: '2018-12-24T15:00:00.000Z',
    process_after: 'PT300S',
    start_process: '2018-12-22T14:05:00.000Z',
    duration: 'PT176100S',
  })
  assert.equal((await client.put('/items/1', { json })).status, 422)
  await assertValid(app.openapi())
})
