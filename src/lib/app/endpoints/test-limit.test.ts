import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { TestLimit } from './test-limit.ts'

describe('TestLimit', () => {
  it('lets ten through in any minute, for each owner', () => {
    const limit = new TestLimit()
    for (let index = 0; index < 10; index++) assert.equal(limit.take('a', index * 1_000), undefined)
    assert.equal(limit.take('a', 9_500), 51)
    assert.equal(limit.take('b', 9_500), undefined)
    assert.equal(limit.take('a', 59_999), 1)
    assert.equal(limit.take('a', 60_000), undefined)
    assert.equal(limit.take('a', 60_000), 1)
  })

  it('goes on after the clock was set back', () => {
    const limit = new TestLimit()
    for (let index = 0; index < 10; index++) limit.take('a', 1_000_000)
    assert.equal(limit.take('a', 0), undefined)
  })
})
