import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holdsMoreValues } from './holds-more-values.ts'

test('holdsMoreValues counts every value of JSON, whatever it is and however deep', () => {
  for (const [json, count] of [
    ['1', 1],
    ['null', 1],
    ['""', 1],
    ['{}', 1],
    ['[]', 1],
    ['[1,null,"a",true]', 5],
    ['{"a":{"b":[1,2]},"c":{}}', 6],
    [`${'['.repeat(50_000)}${']'.repeat(50_000)}`, 50_000],
  ] as const) {
    assert.equal(holdsMoreValues(JSON.parse(json), count), false, json.slice(0, 20))
    assert.equal(holdsMoreValues(JSON.parse(json), count - 1), true, json.slice(0, 20))
  }
})

test('holdsMoreValues takes what is wide or deep, and not what is both', () => {
  const nested = (depth: number, width: number): unknown =>
    JSON.parse(`${'['.repeat(depth)}${Array(width).fill('1').join(',')}${']'.repeat(depth)}`)
  assert.equal(holdsMoreValues(nested(1, 49_999), 50_000), false)
  assert.equal(holdsMoreValues(nested(16, 49_984), 50_000), false)
  assert.equal(holdsMoreValues(nested(40_000, 1), 50_000), false)
  assert.equal(holdsMoreValues(nested(20, 49_000), 50_000), true)
  assert.equal(holdsMoreValues(nested(1500, 40_000), 50_000), true)
  assert.equal(holdsMoreValues(JSON.parse(`${'[1,'.repeat(500)}1${']'.repeat(500)}`), 50_000), true)
  assert.equal(holdsMoreValues(nested(1500, 40_000), Number.POSITIVE_INFINITY), false)
})
