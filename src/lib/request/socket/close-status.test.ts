import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkClose, closeReason } from './close-status.ts'

test('checkClose takes the codes that may be sent, from the first to the last of each range', () => {
  for (const code of [1000, 1003, 1007, 1014, 3000, 4999]) checkClose(code, '')
  for (const code of [999, 1004, 1006, 1015, 2999, 5000, 1000.5, Number.NaN, '1000', undefined])
    assert.throws(() => checkClose(code, ''), /^RangeError: A WebSocket cannot be closed with /, String(code))
})

test('a reason has at most 123 bytes of UTF-8', () => {
  checkClose(1000, 'x'.repeat(123))
  assert.throws(() => checkClose(1000, 'ö'.repeat(62)), /The reason has 124 bytes of UTF-8/)
  assert.throws(() => checkClose(1000, 7), /The reason is 7: give text/)
  assert.equal(closeReason('x'.repeat(123)), 'x'.repeat(123))
  assert.equal(closeReason('ö'.repeat(62)), `${'ö'.repeat(60)}…`)
})
