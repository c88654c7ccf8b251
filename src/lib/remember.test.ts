import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from './manual-clock.ts'
import { remember } from './remember.ts'

/** A function that counts how often it is asked for a text. */
function counting() {
  const asked: string[] = []
  return {
    asked,
    make: (text: string) => {
      asked.push(text)
      return { text }
    },
  }
}

test('remember gives the same value again without asking, and stays right for every text', () => {
  const { asked, make } = counting()
  const remembered = remember(make, { limit: 2 })
  const first = remembered('a')
  assert.equal(remembered('a'), first)
  assert.equal(remembered('b').text, 'b')
  assert.equal(remembered('a'), first)
  assert.deepEqual(asked, ['a', 'b'])
})

test('remember forgets what was not asked for lately, and keeps what was', () => {
  const { asked, make } = counting()
  const remembered = remember(make, { limit: 2 })
  for (const text of ['a', 'b', 'a', 'c', 'a', 'd', 'a', 'e', 'b']) remembered(text)
  assert.deepEqual(asked, ['a', 'b', 'c', 'd', 'e', 'b'])
})

test('remember keeps no long text', () => {
  const { asked, make } = counting()
  const remembered = remember(make, { limit: 2 })
  const long = 'x'.repeat(1_001)
  remembered(long)
  remembered(long)
  assert.equal(asked.length, 2)
})

test('remember asks again when the time has passed', () => {
  const { asked, make } = counting()
  const clock = new ManualClock()
  const remembered = remember(make, { limit: 2, keep: { ms: 5_000, clock } })
  remembered('a')
  clock.advance(4_999)
  remembered('a')
  assert.equal(asked.length, 1)
  clock.advance(1)
  remembered('a')
  assert.equal(asked.length, 2)
})
