import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as check, integer, property } from 'fast-check'
import { isRatePerSecond, restMs, startsAtOnce } from './start-rate.ts'

test('startsAtOnce and restMs let no second have more starts than the rate', () => {
  const rates = integer({ min: 1, max: 1_000 })
  const claims = array(integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 300 })
  check(
    property(rates, claims, (rate, wanted) => {
      const starts: number[] = []
      let now = 0
      for (const rows of wanted) {
        const count = Math.min(rows, startsAtOnce(rate))
        for (let start = 0; start < count; start++) starts.push(now)
        now += restMs(rate, count)
      }
      let first = 0
      for (const [index, at] of starts.entries()) {
        while (starts[first]! <= at - 1_000) first++
        assert.ok(index - first + 1 <= rate, `${index - first + 1} starts in the second before ${at}`)
      }
    }),
  )
})

test('restMs loses no more than a twentieth of the rate', () => {
  for (const rate of [1, 2, 10, 20, 50, 100, 400]) {
    const perSecond = (1_000 / restMs(rate, startsAtOnce(rate))) * startsAtOnce(rate)
    assert.ok(perSecond <= rate && perSecond >= rate * 0.93, `${perSecond} of ${rate}`)
  }
  assert.equal(restMs(0.5, startsAtOnce(0.5)), 2_000)
})

test('isRatePerSecond takes numbers that a destination can keep', () => {
  assert.deepEqual([0.001, 1, 2.5, 10_000].map(isRatePerSecond), [true, true, true, true])
  assert.deepEqual([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 10_001, '5', null].filter(isRatePerSecond), [])
})
