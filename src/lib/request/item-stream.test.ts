import assert from 'node:assert/strict'
import test from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { StreamFormat } from '../http/body/stream-format.ts'
import { ItemStream } from './item-stream.ts'

const format: StreamFormat = {
  mediaType: 'text/plain',
  headers: {},
  encode: item => String(item),
  keepAlive: { text: '', afterMs: 60_000 },
  farewell: 'bye',
}

test('an open stream keeps nothing of the items that it has sent', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const items = (async function* () {
    for (;;) yield 'x'
  })()
  const stream = new ItemStream(
    items,
    format,
    item => item,
    () => {},
  )
  const read = async (count: number) => {
    for (let index = 0; index < count; index++) await stream.next()
    collect()
    return process.memoryUsage().heapUsed
  }
  const before = await read(1_000)
  const after = await read(50_000)
  assert.ok(after - before < 2_000_000, `${after - before} bytes more`)
  await stream.return()
})

test('an item that comes while nobody waits for it is the next one', async () => {
  const first = Promise.withResolvers<void>()
  const items = (async function* () {
    await first.promise
    yield 'a'
    yield 'b'
  })()
  const ends: boolean[] = []
  const stream = new ItemStream(
    items,
    { ...format, keepAlive: { text: ':', afterMs: 1 } },
    item => item,
    (_, isEarly) => ends.push(isEarly),
  )
  const next = async () => Buffer.from((await stream.next()).value ?? []).toString()
  assert.equal(await next(), ':')
  first.resolve()
  await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual([await next(), await next(), await next(), await next()], ['a', 'b', '', ''])
  assert.deepEqual(ends, [false])
})

test('the end of the server comes before an item that is still awaited', async () => {
  const ends: boolean[] = []
  let isOver = false
  const items: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise<IteratorResult<string>>(() => {}),
      return: async () => {
        isOver = true
        return { done: true, value: undefined }
      },
    }),
  }
  const stream = new ItemStream(
    items,
    format,
    item => item,
    (_, isEarly) => ends.push(isEarly),
  )
  const waiting = stream.next()
  stream.end()
  assert.deepEqual(await waiting, { done: false, value: Buffer.from('bye') })
  assert.deepEqual(await stream.next(), { done: true, value: undefined })
  await stream.finished
  assert.deepEqual([ends, isOver], [[true], true])
})

test('who ends a stream early waits until its items have cleaned up, and hears of a failure', async () => {
  for (const failure of [undefined, new Error('The cursor cannot be closed')]) {
    let isClean = false
    const items = (async function* () {
      try {
        yield 'a'
      } finally {
        await new Promise(setImmediate)
        isClean = true
        // biome-ignore lint/correctness/noUnsafeFinally: it is what fails here
        if (failure !== undefined) throw failure
      }
    })()
    const stream = new ItemStream(
      items,
      format,
      item => item,
      () => {},
    )
    await stream.next()
    if (failure === undefined) await stream.return()
    else await assert.rejects(stream.return(), failure)
    assert.equal(isClean, true)
  }
})
