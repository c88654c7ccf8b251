import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeBase64, decodeCanonicalBase64 } from './base64.ts'

test('decodeBase64 reads padded and unpadded text', () => {
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      const padded = Buffer.from(bytes).toString('base64')
      assert.deepEqual(decodeBase64(padded), Buffer.from(bytes))
      assert.deepEqual(decodeBase64(padded.replaceAll('=', '')), Buffer.from(bytes))
      assert.deepEqual(decodeCanonicalBase64(padded), Buffer.from(bytes))
    }),
  )
})

test('decodeBase64 refuses text of another alphabet', () => {
  for (const text of ['a_b-', 'ab cd', 'YQ==YQ==', 'é', 'YQ===']) assert.equal(decodeBase64(text), undefined, text)
})

test('decodeCanonicalBase64 refuses a last character with bits that encode nothing, and missing padding', () => {
  assert.deepEqual(decodeBase64('YR=='), Buffer.from('a'))
  for (const text of ['YR==', 'YQ', 'YQ=']) assert.equal(decodeCanonicalBase64(text), undefined, text)
})
