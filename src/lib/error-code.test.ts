import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { errorCode } from './error-code.ts'

test('errorCode is the code of an error, and empty for whatever else is thrown', () => {
  assert.throws(
    () => readFileSync('/none'),
    (error: unknown) => errorCode(error) === 'ENOENT',
  )
  for (const other of [new Error('x'), Object.assign(new Error('x'), { code: 5 }), 'ENOENT', { code: 'ENOENT' }, null])
    assert.equal(errorCode(other), '')
})
