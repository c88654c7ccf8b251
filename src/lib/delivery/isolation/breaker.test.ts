import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as check, constantFrom, integer, property, record } from 'fast-check'
import {
  afterAttempt,
  type Breaker,
  breakerChange,
  closedBreaker,
  probesOnly,
  withoutProbe,
  withProbe,
} from './breaker.ts'

const failure = { kind: 'failure' } as const
const slow = { kind: 'slow' } as const

/** The breaker after failures at these times. */
function failing(...times: number[]): Breaker {
  return times.reduce((breaker, now) => afterAttempt(breaker, failure, 'd', now), closedBreaker)
}

test('afterAttempt opens after five failures in a row over at least 30 s', () => {
  assert.equal(failing(0, 1, 2, 3, 29_999).state, 'slowed')
  assert.equal(failing(0, 10_000, 20_000, 30_000).state, 'closed')
  const open = failing(0, 1, 2, 3, 30_000)
  assert.deepEqual([open.state, open.pausedUntil], ['open', 60_000])
})

test('afterAttempt counts from the first failure after a success', () => {
  const healed = afterAttempt(failing(0, 1, 2, 3), { kind: 'success' }, 'd', 5)
  assert.equal(healed, closedBreaker)
  assert.equal(afterAttempt(healed, failure, 'd', 40_000).failingSince, 40_000)
})

test('afterAttempt doubles the pause with each failed probe, up to an hour', () => {
  let breaker = failing(0, 1, 2, 3, 30_000)
  const pauses: number[] = []
  for (let probe = 0; probe < 9; probe++) {
    const now = breaker.pausedUntil
    breaker = afterAttempt(withProbe(breaker, 'p', now + 25_000), failure, 'p', now)
    pauses.push((breaker.pausedUntil - now) / 1000)
  }
  assert.deepEqual(pauses, [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600])
})

test('afterAttempt slows down with the fifth failure in a row, however fast they come', () => {
  assert.equal(failing(0, 1, 2, 3).state, 'closed')
  const slowed = failing(0, 1, 2, 3, 4)
  assert.deepEqual([slowed.state, slowed.pausedUntil, probesOnly(slowed)], ['slowed', 1_004, true])
  const again = afterAttempt(withProbe(slowed, 'p', 26_004), failure, 'p', 1_004)
  assert.deepEqual([again.state, again.pausedUntil], ['slowed', 3_004])
  assert.equal(afterAttempt(slowed, { kind: 'success' }, 'p', 5), closedBreaker)
})

test('afterAttempt lets only the probe of an open breaker lengthen the pause', () => {
  const open = failing(0, 1, 2, 3, 30_000)
  assert.equal(afterAttempt(open, failure, 'straggler', 31_000).pausedUntil, open.pausedUntil)
  assert.equal(afterAttempt(open, { kind: 'success' }, 'straggler', 31_000), closedBreaker)
})

test('afterAttempt slows down from one second, doubling with each slow probe up to a minute', () => {
  let breaker = afterAttempt(closedBreaker, slow, 'd', 0)
  assert.deepEqual([breaker.state, breaker.pausedUntil, probesOnly(breaker)], ['slowed', 1_000, true])
  const pauses: number[] = []
  for (const now of [1_000, 2_000, 3_000]) {
    breaker = afterAttempt(withProbe({ ...breaker, failures: 1 }, 'p', now + 25_000), slow, 'p', now)
    pauses.push(breaker.pausedUntil - now)
  }
  assert.deepEqual(pauses, [2_000, 4_000, 8_000])
})

test('afterAttempt obeys Retry-After where it is longer than the pause', () => {
  const breaker = afterAttempt(closedBreaker, { kind: 'slow', retryAfterMs: 90_000 }, 'd', 0)
  assert.equal(breaker.pausedUntil, 90_000)
  assert.equal(afterAttempt(breaker, { kind: 'slow', retryAfterMs: 5_000 }, 'straggler', 1_000).pausedUntil, 90_000)
  assert.equal(afterAttempt(breaker, { kind: 'slow', retryAfterMs: 90_000 }, 'straggler', 1_000).pausedUntil, 91_000)
  assert.equal(afterAttempt(breaker, slow, 'straggler', 91_000).pausedUntil, 91_000)
})

test('afterAttempt ends a slow-down with any response that does not ask for less', () => {
  const breaker = afterAttempt(afterAttempt(closedBreaker, slow, 'd', 0), failure, 'd', 1_000)
  assert.deepEqual([breaker.state, breaker.pausedUntil, breaker.failures], ['closed', 0, 2])
})

test('afterAttempt leaves the probe of a closed breaker alone until it ends itself', () => {
  const probing = withProbe(closedBreaker, 'p', 25_000)
  const failed = afterAttempt(probing, failure, 'straggler', 1_000)
  assert.deepEqual([failed.state, failed.probe, failed.pausedUntil, failed.failures], ['closed', 'p', 25_000, 1])
  const ended = afterAttempt(failed, failure, 'p', 2_000)
  assert.deepEqual([ended.state, ended.probe, ended.pausedUntil, ended.failures], ['closed', undefined, 0, 2])
})

test('withoutProbe frees the place of its own probe only', () => {
  const probing = withProbe(failing(0, 1, 2, 3, 30_000), 'p', 90_000)
  assert.equal(withoutProbe(probing, 'other', 70_000), probing)
  assert.equal(withoutProbe(probing, 'p', 70_000).pausedUntil, 70_000)
})

test('breakerChange tells of opening and closing only', () => {
  assert.equal(breakerChange('closed', 'open'), 'opened')
  assert.equal(breakerChange('slowed', 'open'), 'opened')
  assert.equal(breakerChange('open', 'closed'), 'closed')
  assert.equal(breakerChange('slowed', 'closed'), undefined)
  assert.equal(breakerChange('open', 'open'), undefined)
})

test('afterAttempt never pauses for more than an hour without Retry-After, and a success always ends it', () => {
  const step = record({ kind: constantFrom('failure', 'slow'), waitMs: integer({ min: 0, max: 50_000 }) })
  check(
    property(array(step), steps => {
      let breaker = closedBreaker
      let now = 0
      for (const { kind, waitMs } of steps) {
        now = Math.max(now + waitMs, breaker.pausedUntil)
        breaker = afterAttempt(withProbe(breaker, 'p', now), { kind }, 'p', now)
        assert.ok(breaker.pausedUntil - now <= 3_600_000)
        assert.equal(breaker.probe, undefined)
      }
      const { state, pausedUntil } = afterAttempt(breaker, { kind: 'success' }, 'p', now)
      assert.deepEqual([state, pausedUntil], ['closed', 0])
    }),
  )
})
