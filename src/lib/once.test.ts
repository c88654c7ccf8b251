import assert from 'node:assert/strict'
import { test } from 'node:test'
import { once } from './once.ts'

test('once makes nothing before it is asked, and the same thing ever after, undefined too', () => {
  for (const value of [{}, undefined]) {
    let calls = 0
    const get = once(() => {
      calls++
      return value
    })
    assert.equal(calls, 0)
    assert.equal(get(), value)
    assert.equal(get(), value)
    assert.equal(calls, 1)
  }
})
