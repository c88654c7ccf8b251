import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkStoredText } from './check-stored-text.ts'

test('checkStoredText takes text that UTF-8 can encode, and says where other text goes wrong', () => {
  for (const text of [undefined, '', 'order 17', 'Größe', '\u{1f600}', '\ufffd', '\u0001']) checkStoredText('key', text)
  for (const [text, words] of [
    ['\ud800', '"key" has half of a surrogate pair at 0: give text that UTF-8 can encode'],
    ['ab\udfff', '"key" has half of a surrogate pair at 2: give text that UTF-8 can encode'],
    ['\u{1f600}\ud83d', '"key" has half of a surrogate pair at 2: give text that UTF-8 can encode'],
    ['\ude00\ud83d', '"key" has half of a surrogate pair at 0: give text that UTF-8 can encode'],
    ['a\0b', '"key" has a NUL at 1: give text without it'],
  ] as const)
    assert.throws(() => checkStoredText('key', text), { name: 'RangeError', message: words })
})
