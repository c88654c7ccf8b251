import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkedConcurrency } from './check-concurrency.ts'

const byDefault = { total: 64, perOrigin: 8 }

test('checkedConcurrency takes whole numbers from 1, and the default for what is not given', () => {
  assert.deepEqual(checkedConcurrency('x', undefined, byDefault), byDefault)
  assert.deepEqual(checkedConcurrency('x', { total: 1 }, byDefault), { total: 1, perOrigin: 8 })
  assert.deepEqual(checkedConcurrency('x', { perOrigin: 9_999 }, byDefault), { total: 64, perOrigin: 9_999 })
})

for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '8' as unknown as number]) {
  test(`checkedConcurrency refuses ${JSON.stringify(value)} (${String(value)})`, () => {
    for (const name of ['total', 'perOrigin'])
      assert.throws(() => checkedConcurrency('callConcurrency', { [name]: value }, byDefault), {
        name: 'RangeError',
        message: `"callConcurrency.${name}" is ${typeof value === 'string' ? `"${value}"` : value}; give a whole number from 1`,
      })
  })
}
