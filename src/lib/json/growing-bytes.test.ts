import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GrowingBytes } from './growing-bytes.ts'

test('GrowingBytes gives what was added, in memory of its own', () => {
  for (const texts of [[], [''], ['abc'], ['a', 'bc', '', 'defghij'], [...'abcdefghijklmnopqrstuvwxyz']]) {
    const bytes = new GrowingBytes()
    for (const text of texts) bytes.add(Buffer.from(text))
    const taken = bytes.taken()
    assert.equal(Buffer.from(taken).toString(), texts.join(''))
    assert.equal(bytes.length, taken.length)
    assert.equal(taken.buffer.byteLength, taken.length)
  }
})

test('GrowingBytes keeps nothing of the chunks', () => {
  const bytes = new GrowingBytes()
  const chunk = Buffer.from('a')
  bytes.add(chunk)
  chunk.write('b')
  assert.equal(Buffer.from(bytes.taken()).toString(), 'a')
})
