import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutFinalDots } from './without-final-dots.ts'

test('withoutFinalDots takes the dots of the root away, and no others', () => {
  for (const [name, expected] of [
    ['a', 'a'],
    ['a.', 'a'],
    ['a...', 'a'],
    ['a.b.', 'a.b'],
    ['a..b', 'a..b'],
    ['...', ''],
    ['', ''],
  ])
    assert.equal(withoutFinalDots(name!), expected)
})
