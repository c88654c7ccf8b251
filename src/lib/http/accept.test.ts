import assert from 'node:assert/strict'
import test from 'node:test'
import { acceptedType } from './accept.ts'

const JSON_TYPE = 'application/json'
const CSV = 'text/csv'
const HTML = 'text/html'

const CASES: readonly (readonly [accept: string | undefined, expected: string | undefined])[] = [
  [undefined, JSON_TYPE],
  ['', JSON_TYPE],
  ['*/*', JSON_TYPE],
  ['text/csv', CSV],
  ['TEXT/CSV', CSV],
  ['text/*', CSV],
  ['application/*;q=0.5, text/*', CSV],
  ['text/csv;q=0.5, application/json;q=0.9', JSON_TYPE],
  ['text/html;q=0.9, text/csv', CSV],
  // The most specific range counts, wherever it stands.
  ['text/*, text/csv;q=0.1', HTML],
  ['*/*, application/json;q=0', CSV],
  ['text/*;q=0.9, */*;q=0.1, text/csv;q=0', HTML],
  ['application/json;q=0, text/csv;q=0', undefined],
  ['*/*;q=0', undefined],
  ['image/png', undefined],
  ['application/xml, image/*', undefined],
  ['text/csv;q=0.000', undefined],
  ['text/csv; charset=utf-8', CSV],
  ['text/csv;header=present;q=0.4, text/html;q=0.3', CSV],
  ['text/csv;header=present;q=0.1, text/csv;q=0.8, text/html;q=0.3', CSV],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8', HTML],
  [',,;q=1,"', undefined],
]

for (const [accept, expected] of CASES)
  test(`"${accept}" takes ${expected}`, () => assert.equal(acceptedType([JSON_TYPE, CSV, HTML], accept), expected))

test('a long header is read in one go', () => {
  const many = Array.from({ length: 2_000 }, (_, index) => `a/b${index};q=0.${index}`).join(',')
  assert.equal(acceptedType([JSON_TYPE, CSV], `${many},text/csv`), CSV)
})
