import assert from 'node:assert/strict'
import { test } from 'node:test'
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
