import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caret } from './caret.ts'

test('caret puts the caret under the character at the index', () => {
  assert.equal(caret('{url}/x', 1), '{url}/x\n ^')
})

test('caret counts characters, not code units, and shows control characters as spaces', () => {
  assert.equal(caret('\u{1f600}a\tb\nc', 4), '\u{1f600}a b c\n   ^')
})
