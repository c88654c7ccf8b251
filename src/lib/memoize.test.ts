import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from './manual-clock.ts'
import { memoize } from './memoize.ts'

test('memoize makes a value once for each key', () => {
  const asked: string[] = []
  const lengthOf = memoize(2, key => asked.push(key) && key.length)
  assert.deepEqual([lengthOf('a'), lengthOf('bb'), lengthOf('a'), lengthOf('bb')], [1, 2, 1, 2])
  assert.deepEqual(asked, ['a', 'bb'])
})

test('memoize forgets the oldest key when it is full', () => {
  const asked: string[] = []
  const lengthOf = memoize(2, key => asked.push(key))
  for (const key of ['a', 'b', 'c', 'c', 'b', 'a']) lengthOf(key)
  assert.deepEqual(asked, ['a', 'b', 'c', 'a'])
})

test('memoize does not remember a key whose value could not be made', () => {
  const asked: string[] = []
  const failing = memoize(2, key => {
    asked.push(key)
    throw new Error('no')
  })
  assert.throws(() => failing('a'))
  assert.throws(() => failing('a'))
  assert.deepEqual(asked, ['a', 'a'])
})

test('memoize keeps no long key', () => {
  const asked: string[] = []
  const lengthOf = memoize(2, key => asked.push(key))
  const long = 'x'.repeat(1_001)
  lengthOf(long)
  lengthOf(long)
  assert.equal(asked.length, 2)
})

test('memoize forgets everything when its time has passed', () => {
  const asked: string[] = []
  const clock = new ManualClock()
  const lengthOf = memoize(2, key => asked.push(key), { ms: 5_000, clock })
  lengthOf('a')
  clock.advance(4_999)
  lengthOf('a')
  assert.equal(asked.length, 1)
  clock.advance(1)
  lengthOf('a')
  assert.equal(asked.length, 2)
})
