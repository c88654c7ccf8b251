import assert from 'node:assert/strict'
import { test } from 'node:test'
import { declaredResponse } from './declared-response.ts'

const declaredFor = (status: number, ...keys: string[]) =>
  declaredResponse(status, key => (keys.includes(key) ? key : undefined))

test('declaredResponse takes the status before its class, and that before the default', () => {
  assert.equal(declaredFor(200, 'default', '2XX', '200'), '200')
  assert.equal(declaredFor(201, 'default', '2XX', '200'), '2XX')
  assert.equal(declaredFor(404, 'default', '2XX', '4XX'), '4XX')
  assert.equal(declaredFor(500, 'default', '2XX', '4XX'), 'default')
  assert.equal(declaredFor(500, '2XX', '200'), undefined)
})
