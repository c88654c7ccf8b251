import assert from 'node:assert/strict'
import { test } from 'node:test'
import { waitAfterDeathMs } from './wait-after-death.ts'

test('waitAfterDeathMs grows to half an hour, and ends with the tenth death in a row', () => {
  const seconds = Array.from({ length: 11 }, (_, index) => waitAfterDeathMs(index + 1)).map(ms => ms && ms / 1_000)
  assert.deepEqual(seconds, [0, 10, 60, 300, 1_800, 1_800, 1_800, 1_800, 1_800, undefined, undefined])
})
