import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from './manual-clock.ts'

test('ManualClock stands still until it is advanced', () => {
  const clock = new ManualClock(1_000)
  assert.equal(clock.now(), 1_000)
  clock.advance({ minutes: 1, seconds: 2, ms: 3 })
  assert.equal(clock.now(), 63_003)
})

test('ManualClock runs timers in the order they are due, each at its own time', () => {
  const clock = new ManualClock(0)
  const seen: [string, number][] = []
  clock.setTimer(() => seen.push(['late', clock.now()]), 20)
  clock.setTimer(() => {
    seen.push(['early', clock.now()])
    clock.setTimer(() => seen.push(['nested', clock.now()]), 5)
  }, 10)
  clock.advance(20)
  assert.deepEqual(seen, [
    ['early', 10],
    ['nested', 15],
    ['late', 20],
  ])
})

test('ManualClock does not run a timer that is cancelled or not yet due', () => {
  const clock = new ManualClock(0)
  let runs = 0
  clock.setTimer(() => runs++, 10)()
  clock.setTimer(() => runs++, 11)
  clock.advance(10)
  assert.equal(runs, 0)
  clock.advance(1)
  assert.equal(runs, 1)
})
