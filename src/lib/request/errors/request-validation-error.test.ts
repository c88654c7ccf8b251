import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RequestValidationError } from './request-validation-error.ts'

test('RequestValidationError costs no stack, and leaves those of the errors after it', () => {
  assert.doesNotMatch(new RequestValidationError([]).stack ?? '', /\n {4}at /)
  assert.match(new Error('another').stack ?? '', /\n {4}at /)
})
