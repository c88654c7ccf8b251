import assert from 'node:assert/strict'
import test from 'node:test'
import { byteRangeOf } from './byte-range.ts'

const CASES: readonly (readonly [header: string, size: number, expected: ReturnType<typeof byteRangeOf>])[] = [
  ['bytes=0-4', 10, { first: 0, last: 4 }],
  ['Bytes = 0-4', 10, { first: 0, last: 4 }],
  ['bytes=5-', 10, { first: 5, last: 9 }],
  ['bytes=-3', 10, { first: 7, last: 9 }],
  ['bytes=-30', 10, { first: 0, last: 9 }],
  ['bytes=2-99', 10, { first: 2, last: 9 }],
  ['bytes=9-9', 10, { first: 9, last: 9 }],
  ['bytes=10-', 10, 'unsatisfiable'],
  ['bytes=-0', 10, 'unsatisfiable'],
  ['bytes=0-', 0, 'unsatisfiable'],
  ['bytes=-1', 0, 'unsatisfiable'],
  ['bytes=0-99999999999999999999', 10, { first: 0, last: 9 }],
  ['bytes=0-2, 3-4', 10, { first: 0, last: 4 }],
  ['bytes=4-6,2-5', 10, { first: 2, last: 6 }],
  ['bytes=0-2,99-', 10, { first: 0, last: 2 }],
  ['bytes=0-1,5-6', 10, undefined],
  ['bytes=4-2', 10, undefined],
  ['bytes=a-b', 10, undefined],
  ['bytes=-', 10, undefined],
  ['bytes=', 10, undefined],
  ['bytes', 10, undefined],
  ['items=0-4', 10, undefined],
  ['', 10, undefined],
]

for (const [header, size, expected] of CASES)
  test(`"${header}" of ${size} bytes`, () => assert.deepEqual(byteRangeOf(header, size), expected))
