import assert from 'node:assert/strict'
import { test } from 'node:test'
import { triesForEach } from './name-channel.ts'

test('triesForEach asks a lone server more often than each of several', () => {
  assert.deepEqual([0, 1, 2, 3, 10].map(triesForEach), [5, 5, 3, 3, 3])
})
