import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ValidationFailure } from './validation-failure.ts'

test('ValidationFailure costs no stack, and leaves those of the errors after it', () => {
  assert.doesNotMatch(new ValidationFailure([]).stack ?? '', /\n {4}at /)
  assert.match(new Error('another').stack ?? '', /\n {4}at /)
})
