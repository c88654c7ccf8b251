import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CallbackTimeoutError } from '../../destination/transport/callback-timeout-error.ts'
import { ManualClock } from '../../manual-clock.ts'
import { CallLine } from './call-line.ts'
import { TooManyCallsError } from './too-many-calls-error.ts'

/** A line, the calls that it lets go in their order, and what ends each. */
function setUp(total = 3, perOrigin = 2) {
  const clock = new ManualClock()
  const line = new CallLine(clock, { total, perOrigin })
  const begun: { name: string; leftMs: number; end: (error?: Error) => void }[] = []
  const call = (name: string, timeoutMs = 1_000, bytes = 0): Promise<string> =>
    line.run({ origin: name[0] ?? '', timeoutMs, bytes }, leftMs => {
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      begun.push({ name, leftMs, end: error => (error ? reject(error) : resolve(name)) })
      return promise
    })
  /** Ends the calls that have begun, again and again, and gives the names in the order in which they did. */
  const drain = async (): Promise<string[]> => {
    for (let index = 0; index < begun.length; index++) {
      begun[index]?.end()
      await new Promise(setImmediate)
    }
    return begun.map(({ name }) => name)
  }
  return { clock, line, begun, call, drain }
}

test('no more calls go out than the limits say, in all and to one origin', async () => {
  const { begun, call, drain } = setUp()
  const calls = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'].map(name => call(name))
  assert.deepEqual(
    begun.map(({ name }) => name),
    ['a1', 'a2', 'b1'],
  )
  assert.deepEqual((await drain()).toSorted(), ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'])
  assert.deepEqual(await Promise.all(calls), ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'])
})

test('waiting origins take turns, and each its calls in their order', async () => {
  const { call, drain } = setUp(1, 1)
  const names = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1']
  const calls = names.map(name => call(name))
  assert.deepEqual(await drain(), ['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4'])
  await Promise.all(calls)
})

test('the waiting calls of an origin that never answers hold up no other', async () => {
  const { begun, call } = setUp(3, 2)
  const hanging = Array.from({ length: 50 }, (_, index) => call(`a${index}`))
  const other = call('b1')
  assert.deepEqual(
    begun.map(({ name }) => name),
    ['a0', 'a1', 'b1'],
  )
  begun[2]?.end()
  assert.equal(await other, 'b1')
  assert.equal(hanging.length, 50)
})

test('the limit of an origin holds as well after some of its calls have ended', async () => {
  const { begun, call } = setUp(9, 2)
  for (const name of ['a1', 'a2']) void call(name)
  begun[0]?.end()
  await new Promise(setImmediate)
  for (const name of ['a3', 'a4', 'b1']) void call(name)
  assert.deepEqual(
    begun.map(({ name }) => name),
    ['a1', 'a2', 'a3', 'b1'],
  )
})

test('a call that fails makes room as well, before and after it has begun to send', async () => {
  const { line, begun, call } = setUp(1, 1)
  const thrown = new Error('No such URL')
  const failing = line.run({ origin: 'a', timeoutMs: 1_000, bytes: 0 }, () => {
    throw thrown
  })
  await assert.rejects(failing, thrown)
  const second = call('a2')
  const third = call('a3')
  begun[0]?.end(thrown)
  await assert.rejects(second, thrown)
  begun[1]?.end()
  assert.equal(await third, 'a3')
})

test('a call whose turn does not come in its time is timed out, and never sent', async () => {
  const { clock, begun, call, drain } = setUp(1, 1)
  const first = call('a1', 9_000)
  const [second, third] = [call('a2', 500), call('b1', 700)]
  const told = Promise.all([
    assert.rejects(second, (error: unknown) => error instanceof CallbackTimeoutError && error.timeoutMs === 500),
    assert.rejects(third, (error: unknown) => error instanceof CallbackTimeoutError && error.timeoutMs === 700),
  ])
  clock.advance(700)
  await told
  assert.deepEqual(await drain(), ['a1'])
  assert.equal(await first, 'a1')
  assert.equal(begun.length, 1)
})

test('a call that has waited has the time that is left, and tells its whole time', async () => {
  const { clock, begun, call } = setUp(1, 1)
  const first = call('a1')
  const second = call('a2', 1_000)
  clock.advance(400)
  begun[0]?.end()
  await first
  await new Promise(setImmediate)
  assert.equal(begun[1]?.leftMs, 600)
  begun[1]?.end(new CallbackTimeoutError('a', 600))
  await assert.rejects(second, { code: 'ERR_CALLBACK_TIMEOUT', timeoutMs: 1_000 })
})

test('a call that has waited tells of any other failure as it is', async () => {
  const { begun, call } = setUp(1, 1)
  const first = call('a1')
  const second = call('a2')
  const failure = new Error('The connection was refused')
  begun[0]?.end()
  await first
  await new Promise(setImmediate)
  begun[1]?.end(failure)
  await assert.rejects(second, failure)
})

test('beyond 10,000 waiting calls one more is refused at once, until some have gone', async () => {
  const { begun, call, drain } = setUp(1, 1)
  const calls = Array.from({ length: 10_001 }, (_, index) => call(`${index % 7}`))
  await assert.rejects(call('z1'), TooManyCallsError)
  begun[0]?.end()
  await new Promise(setImmediate)
  calls.push(call('z2'))
  await assert.rejects(call('z3'), TooManyCallsError)
  assert.equal((await drain()).length, 10_002)
  await Promise.all(calls)
})

test('beyond 64 MiB of waiting bodies one more is refused at once', async () => {
  const { clock, call } = setUp(1, 1)
  void call('a0', 9_000, 2 ** 30)
  const ended = Promise.allSettled([call('a1', 500, 2 ** 25), call('b1', 500, 2 ** 25)])
  await assert.rejects(call('c1', 500, 1), { code: 'ERR_TOO_MANY_CALLS' })
  const empty = assert.rejects(call('c2', 500, 0), CallbackTimeoutError)
  clock.advance(500)
  await Promise.all([ended, empty])
})

test('a call that has begun in its time gives up its place in the line once only', async () => {
  const { clock, begun, call } = setUp(1, 1)
  void call('a0', 9_000)
  void call('b0', 500, 2 ** 26)
  begun[0]?.end()
  await new Promise(setImmediate)
  clock.advance(500)
  void call('c0', 9_000, 2 ** 26)
  await assert.rejects(call('d0', 9_000, 1), TooManyCallsError)
})

for (const [passedMs, leftMs] of [
  [-50, 500],
  [0, 500],
  [1, 499],
  [500, 1],
] as const)
  test(`a call whose turn comes after ${passedMs} of 500 ms has ${leftMs} left`, async () => {
    let now = 0
    const line = new CallLine({ now: () => now, setTimer: () => () => {} }, { total: 1, perOrigin: 1 })
    const call = { origin: 'a', timeoutMs: 500, bytes: 0 }
    const left: number[] = []
    const send = async (leftMs: number) => void left.push(leftMs)
    const sent = [line.run(call, send), line.run(call, send)]
    now = passedMs
    await Promise.all(sent)
    assert.deepEqual(left, [500, leftMs])
  })
