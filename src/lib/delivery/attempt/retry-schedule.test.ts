import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as check, double, integer, property } from 'fast-check'
import { defaultRetryDelaysSeconds, retryDelayMs } from './retry-schedule.ts'

test('defaultRetryDelaysSeconds is the schedule of Standard Webhooks, ten attempts in about three days', () => {
  const [minute, hour] = [60, 3_600]
  const hours = [2, 5, 10, 14, 20, 24].map(count => count * hour)
  assert.deepEqual(defaultRetryDelaysSeconds, [0, 5, 5 * minute, 30 * minute, ...hours])
})

test('retryDelayMs gives the wait of its place, and none after the last', () => {
  const noJitter = () => 0
  assert.deepEqual(
    [0, 1, 2, 3].map(used => retryDelayMs([0, 5, 300], used, noJitter)),
    [0, 5_000, 300_000, undefined],
  )
})

test('retryDelayMs only adds, and at most a tenth', () => {
  const delays = array(integer({ min: 0, max: 100_000 }), { minLength: 1 })
  check(
    property(
      delays,
      integer({ min: 0, max: 20 }),
      double({ min: 0, max: 0.999, noNaN: true }),
      (list, used, random) => {
        const seconds = list[used]
        const given = retryDelayMs(list, used, () => random)
        if (seconds === undefined || given === undefined) return assert.equal(given, seconds)
        assert.ok(given >= seconds * 1000 && given <= seconds * 1100)
      },
    ),
  )
})
