import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StreamFormat } from '../http/body/stream-format.ts'
import { OpenStreams } from './open-streams.ts'

const lines: StreamFormat = {
  mediaType: 'text/plain',
  headers: {},
  encode: async (data, check) => `${await check(data)}\n`,
}
const told: StreamFormat = { ...lines, farewell: 'come back\n' }
const asItIs = async (data: unknown) => data

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const piece of stream) text += Buffer.from(piece).toString()
  return text
}

/** Items that never end, and what is told when they are ended. */
function endless(onEnd: () => void) {
  return (async function* () {
    try {
      for (let count = 1; ; count++) yield count
    } finally {
      onEnd()
    }
  })()
}

test('a stream that begins while the server closes says its farewell, and its items are ended', async () => {
  for (const [format, text] of [
    [told, 'come back\n'],
    [lines, ''],
  ] as const) {
    const streams = new OpenStreams(10)
    streams.endAll()
    let returned = false
    const items = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: 1 }),
        return: async () => {
          returned = true
          return { done: true as const, value: undefined }
        },
      }),
    }
    const stream = streams.begin(items, format, asItIs)
    assert.equal(await textOf(stream), text)
    await stream.finished
    assert.deepEqual([returned, streams.count], [true, 0])
    streams.reopen()
    assert.equal(await textOf(streams.begin(['a', 'b'], format, asItIs)), 'a\nb\n')
  }
})

test('a stream that is open while the server closes ends after the item on its way, with its farewell', async () => {
  const streams = new OpenStreams(10)
  let ended = false
  const stream = streams.begin(
    endless(() => {
      ended = true
    }),
    told,
    asItIs,
  )
  assert.equal(Buffer.from((await stream.next()).value ?? []).toString(), '1\n')
  streams.endAll()
  assert.equal(await textOf(stream), 'come back\n')
  await stream.finished
  assert.deepEqual([ended, streams.count, await stream.next()], [true, 0, { done: true, value: undefined }])
})

test('no more streams are open than the limit allows, and one that has ended makes room', async () => {
  const streams = new OpenStreams(1)
  const first = streams.begin(['a'], lines, asItIs)
  assert.throws(() => streams.begin(['b'], lines, asItIs), { status: 503 })
  assert.equal(await textOf(first), 'a\n')
  assert.equal(await textOf(streams.begin(['b'], lines, asItIs)), 'b\n')
})

test('a stream whose item is not as declared ends its items, and fails', async () => {
  const streams = new OpenStreams(1)
  let ended = false
  const items = endless(() => {
    ended = true
  })
  const stream = streams.begin(items, lines, async () => {
    throw new TypeError('not as declared')
  })
  await assert.rejects(textOf(stream), /not as declared/)
  assert.deepEqual([ended, streams.count], [true, 0])
})
