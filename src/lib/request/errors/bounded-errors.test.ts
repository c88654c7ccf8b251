import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ValidationError } from '../../schema/validation-error.ts'
import { boundedErrors } from './bounded-errors.ts'

/** An entry that takes so many bytes in JSON, most of them in characters of three. */
function entryOf(bytes: number): ValidationError {
  const entry = { in: 'body', pointer: `#/${'€'.repeat(198)}`, code: 'invalid', detail: '' } as const
  const left = bytes - Buffer.byteLength(JSON.stringify(entry))
  return { ...entry, detail: '€'.repeat(Math.floor(left / 3)) + 'x'.repeat(left % 3) }
}

const entriesOf = (count: number, bytes: number) => Array.from({ length: count }, () => entryOf(bytes))

test('boundedErrors keeps as many entries as fit into 90,000 bytes', () => {
  assert.equal(boundedErrors(entriesOf(100, 900)).length, 100)
  assert.equal(boundedErrors(entriesOf(100, 901)).length, 99)
  assert.equal(boundedErrors(entriesOf(75, 1_200)).length, 75)
  assert.equal(boundedErrors(entriesOf(80, 1_201)).length, 74)
})

test('boundedErrors keeps 100 entries at most, and cuts what is long in each', () => {
  const long = { in: 'query', pointer: `#/${'a'.repeat(300)}`, code: 'invalid', detail: 'b'.repeat(300) } as const
  const [first, ...others] = boundedErrors(Array.from({ length: 150 }, () => long))
  assert.equal(others.length, 99)
  assert.ok(first !== undefined && first.pointer.length <= 200 && first.detail.length <= 200)
  const short = { ...long, pointer: `#/${'a'.repeat(198)}`, detail: 'b'.repeat(200) }
  assert.equal(boundedErrors([short])[0], short)
})
