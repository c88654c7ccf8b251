import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { escapeControls, escapeControlsInJson, escapeControlsInLines } from './escape-controls.ts'

test('escapeControls shows what could steer a terminal: C0, C1, marks of direction, marks without width', () => {
  assert.equal(escapeControls('\u001b[2J\u0007\r\n\t\u007f'), '\\x1b[2J\\x07\\x0d\\x0a\\x09\\x7f')
  assert.equal(escapeControls('\u009b31m'), '\\x9b31m')
  assert.equal(
    escapeControls('a\u202eb\u2066c\u200bd\u2028e\ufefff'),
    'a\\u{202e}b\\u{2066}c\\u{200b}d\\u{2028}e\\u{feff}f',
  )
  assert.equal(escapeControls('\ud800'), '\\u{d800}')
})

test('escapeControls leaves other text alone, whatever the script', () => {
  const text = 'Überweisung 請求書 🧾 "\\x1b"'
  assert.equal(escapeControls(text), text)
})

test('escapeControlsInLines keeps line breaks and tabs, and takes CRLF for one line break', () => {
  assert.equal(escapeControlsInLines('a\tb\r\nc\nd\re\u001b'), 'a\tb\nc\nd\\x0de\\x1b')
})

test('escapeControlsInJson keeps the meaning of any JSON and lets no control character through but its own line breaks', () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: 'binary' }), json => {
      const indented = JSON.stringify(JSON.parse(json), undefined, 2)
      const escaped = escapeControlsInJson(indented)
      assert.doesNotMatch(escaped, /[^\P{Cc}\n]|\p{Cf}/u)
      assert.deepEqual(JSON.parse(escaped), JSON.parse(indented))
    }),
  )
  assert.equal(escapeControlsInJson('"\u009b\u{e0001}"'), '"\\u009b\\udb40\\udc01"')
})
