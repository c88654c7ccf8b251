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
