import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { ManualClock } from '../../manual-clock.ts'
import { StoreUnavailableError } from '../store-unavailable-error.ts'
import { BackgroundWork } from './background-work.ts'

function setUp(results: readonly (boolean | Error)[] = []) {
  const clock = new ManualClock()
  const left = [...results]
  const pieces: number[] = []
  const warnings: string[] = []
  const work = new BackgroundWork({
    clock,
    log: { debug() {}, info() {}, error() {}, warn: text => void warnings.push(text) },
    failure: 'It failed',
    firstMs: 500,
    everyMs: 1_000,
    rests: () => 1,
    async piece(now) {
      pieces.push(now)
      const result = left.shift() ?? false
      if (result instanceof Error) throw result
      return result
    },
  })
  const until = async (count: number) => {
    while (pieces.length < count) await nextTurn()
  }
  return { clock, work, pieces, warnings, until, begun: clock.now() }
}

test('background work looks when its first time has come, and from time to time after there was nothing', async () => {
  const { clock, work, pieces, until, begun } = setUp()
  work.start()
  clock.advance({ ms: 499 })
  assert.equal(await work.doDue(), false)
  assert.deepEqual(pieces, [])
  clock.advance({ ms: 1 })
  await until(1)
  assert.equal(await work.doDue(), false)
  while (pieces.length < 2) {
    clock.advance({ ms: 100 })
    await nextTurn()
  }
  assert.ok(pieces[1]! >= begun + 1_500)
  await work.stop()
})

test('background work goes on by itself while there is more, whatever the clock says', async () => {
  const { clock, work, pieces, until } = setUp([true, true, true, false])
  clock.advance({ seconds: 1 })
  work.start()
  await until(4)
  assert.deepEqual(new Set(pieces), new Set([clock.now()]))
  await work.stop()
})

test('background work that is woken during a piece looks again', async () => {
  const { work, until } = setUp()
  work.start()
  work.wake()
  work.wake()
  await until(2)
  await work.stop()
})

test('background work says what failed, and waits half a minute', async () => {
  const { clock, work, pieces, warnings } = setUp([new Error('too slow'), true])
  assert.equal(await work.doNow(), false)
  assert.deepEqual(warnings, ['It failed'])
  clock.advance({ seconds: 29 })
  assert.equal(await work.doDue(), false)
  clock.advance({ seconds: 1 })
  assert.equal(await work.doDue(), true)
  assert.equal(pieces.length, 2)
})

test('background work leaves it to the worker to say that the store is away, and looks again soon', async () => {
  const { clock, work, pieces, warnings } = setUp([new StoreUnavailableError('it is away'), true])
  assert.equal(await work.doNow(), false)
  clock.advance({ seconds: 1 })
  assert.equal(await work.doDue(), true)
  assert.deepEqual([pieces.length, warnings], [2, []])
})

test('background work that was stopped begins nothing, and goes on after another start', async () => {
  const { work, pieces, until } = setUp([true, true])
  work.start()
  work.wake()
  await work.stop()
  work.wake()
  await nextTurn()
  assert.equal(pieces.length, 1)
  work.start()
  await until(2)
  await work.stop()
})
