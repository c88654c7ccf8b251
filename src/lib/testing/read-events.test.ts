import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { Ringback } from '../app/ringback.ts'
import { eventStream, serverSentEvent } from '../operation/bodies/event-stream.ts'
import { jsonLines } from '../operation/bodies/json-lines.ts'
import { readEvents } from './read-events.ts'
import { readJsonLines } from './read-json-lines.ts'
import { testClient } from './test-client.ts'

/** A response whose bytes come in pieces of one. */
function dripped(text: string): Response {
  const bytes = Buffer.from(text).values()
  return new Response(
    new ReadableStream({
      pull(controller) {
        const { done, value } = bytes.next()
        if (done) controller.close()
        else controller.enqueue(new Uint8Array([value]))
      },
    }),
  )
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

describe('Events', () => {
  it('are read as browsers read them, however they are cut', async () => {
    const text =
      ': a comment\n\nevent: token\ndata: "grün"\nid: 7\nretry: 50\n\r\ndata:one\rdata:  two\r\n\r\nunknown: x\nid\ndata\n\nevent: lost\n\ndata: unfinished\n'
    const expected = [
      { event: 'token', data: '"grün"', id: '7', retryMs: 50 },
      { event: 'message', data: 'one\n two', id: '7' },
      { event: 'message', data: '', id: '' },
    ]
    for (const response of [new Response(text), dripped(text)])
      assert.deepEqual(await all(readEvents(response)), expected)
  })

  it('of an application are read one by one, and the stream ends when nobody reads on', async () => {
    const app = new Ringback({ title: 'Events', version: '1.0.0', log: new RecordingLog() })
    const events: string[] = []
    app.get('/events', { response: eventStream(z.number()) }, async function* () {
      try {
        for (let number = 1; ; number++) {
          events.push(`made ${number}`)
          yield serverSentEvent(number, { event: 'tick', id: String(number) })
        }
      } finally {
        events.push('ended')
      }
    })
    app.get('/lines', { response: jsonLines(z.object({ n: z.number() })) }, function* () {
      for (let n = 1; n <= 3; n++) yield { n }
    })
    await using client = await testClient(app)
    for await (const { event, data, id } of readEvents(await client.get('/events'))) {
      assert.deepEqual([event, data], ['tick', id])
      if (id === '2') break
    }
    assert.equal(events.at(-1), 'ended')
    assert.deepEqual(await all(readJsonLines(await client.get('/lines'))), [{ n: 1 }, { n: 2 }, { n: 3 }])
  })
})

describe('Lines of JSON', () => {
  it('are read however they are cut, with or without a last line break', async () => {
    const text = '{"a":"grün"}\r\n\n7\n"x"'
    for (const response of [new Response(text), dripped(text), new Response(`${text}\n`)])
      assert.deepEqual(await all(readJsonLines(response)), [{ a: 'grün' }, 7, 'x'])
    assert.deepEqual(await all(readJsonLines(new Response(null))), [])
    await assert.rejects(all(readJsonLines(new Response('{'))), SyntaxError)
  })
})
