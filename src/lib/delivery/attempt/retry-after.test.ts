import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as check, property, string } from 'fast-check'
import { retryAfterMs } from './retry-after.ts'

const now = Date.UTC(2026, 0, 1)

test('retryAfterMs reads seconds and HTTP dates', () => {
  assert.equal(retryAfterMs('120', now), 120_000)
  assert.equal(retryAfterMs(' 120 ', now), 120_000)
  assert.equal(retryAfterMs('Thu, 01 Jan 2026 00:10:00 GMT', now), 600_000)
  assert.equal(retryAfterMs('Thursday, 01-Jan-26 00:10:00 GMT', now), 600_000)
})

test('retryAfterMs keeps it between one second and a day', () => {
  assert.equal(retryAfterMs('0', now), 1_000)
  assert.equal(retryAfterMs('Wed, 31 Dec 2025 00:00:00 GMT', now), 1_000)
  assert.equal(retryAfterMs('99999999999999999999', now), 86_400_000)
})

test('retryAfterMs gives nothing for what is neither', () => {
  for (const value of [undefined, '', '-1', '1.5', 'soon', '2026-01-01', 'Thu, nonsense'])
    assert.equal(retryAfterMs(value, now), undefined)
})

test('retryAfterMs never leaves its limits', () => {
  check(
    property(string(), value => {
      const ms = retryAfterMs(value, now)
      assert.ok(ms === undefined || (ms >= 1_000 && ms <= 86_400_000))
    }),
  )
})
