import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cutText } from './cut-text.ts'

test('cutText leaves alone what fits, and shows what it has cut', () => {
  assert.equal(cutText('', 3), '')
  assert.equal(cutText('abc', 3), 'abc')
  assert.equal(cutText('abcd', 3), 'ab…')
})

test('cutText cuts no character in two', () => {
  assert.equal(cutText('a\u{1f600}b', 4), 'a\u{1f600}b')
  assert.equal(cutText('a\u{1f600}bc', 4), 'a\u{1f600}…')
  assert.equal(cutText('a\u{1f600}bc', 3), 'a…')
  assert.equal(cutText('\u{1f600}\u{1f600}', 2), '…')
})
