import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkedDueAt, checkedTimeoutMs, checkRetryDelays } from './check-times.ts'

test('checkedDueAt takes every time that a Date can hold, in whole milliseconds', () => {
  for (const ms of [-8.64e15, 0, 8.64e15]) assert.equal(checkedDueAt(ms), new Date(ms).getTime())
  assert.equal(checkedDueAt(0.6), 1)
  for (const ms of [-8.64e15 - 2, 8.64e15 + 2, Number.NaN]) assert.throws(() => checkedDueAt(ms), RangeError)
})

test('checkedTimeoutMs takes what a timer can wait for, and rounds it up', () => {
  assert.deepEqual([0.1, 1, 2 ** 31 - 1].map(checkedTimeoutMs), [1, 1, 2 ** 31 - 1])
  for (const ms of [0, -1, 2 ** 31, Number.NaN, '5' as unknown as number])
    assert.throws(() => checkedTimeoutMs(ms), RangeError)
})

test('checkRetryDelays takes 1 to 1,000 waits of 0 s to 31 years, and the same list again', () => {
  for (const waits of [[0], [1e9], Array<number>(1_000).fill(5)]) {
    checkRetryDelays(waits)
    checkRetryDelays(waits)
  }
  const wrong = [[], [0, 1e9 + 1], [0, -1], [Number.NaN], Array<number>(1_001).fill(5), ['5'], '5']
  for (const waits of wrong as number[][])
    for (const _ of ['once', 'twice']) assert.throws(() => checkRetryDelays(waits), RangeError)
})
