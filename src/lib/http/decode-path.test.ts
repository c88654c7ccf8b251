import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { percentDecode } from '../url/percent-decode.ts'
import { comparablePathSegment } from './decode-path.ts'

test('percentDecode gives back what encodeURIComponent took', () => {
  const text = fc.string({ unit: 'binary' })
  fc.assert(fc.property(text, value => percentDecode(encodeURIComponent(value)) === value))
})

test('percentDecode and comparablePathSegment take any text', () => {
  const segment = fc.string({ unit: fc.constantFrom('%', '2', '5', 'F', 'c', '3', 'a', 'é') })
  fc.assert(
    fc.property(segment, value => {
      assert.equal(typeof percentDecode(value), 'string')
      assert.equal(typeof comparablePathSegment(value), 'string')
    }),
  )
})

test('percentDecode keeps a segment with a broken escape as it is', () => {
  for (const segment of ['%', '%zz', '100%', '%ff', 'a%20%c3']) assert.equal(percentDecode(segment), segment)
  assert.equal(percentDecode('a%/b%20c'), 'a%/b c')
})

test('comparablePathSegment decodes what needs no escape and keeps reserved characters apart', () => {
  assert.equal(comparablePathSegment('%61dmin'), 'admin')
  assert.equal(comparablePathSegment('stra%C3%9fe'), 'straße')
  for (const escaped of ['%2F', '%40me', '%3A', '%2561', '%25'])
    assert.equal(comparablePathSegment(escaped), escaped, escaped)
})
