import assert from 'node:assert/strict'
import { test } from 'node:test'
import { opensMore } from './opens-more.ts'

const opens = (json: string, most: number) => opensMore(new TextEncoder().encode(json), most)

test('opensMore counts objects and lists, however they are nested, and none in texts', () => {
  for (const [json, count] of [
    ['[[],{},[{}]]', 5],
    ['{"a":{"b":[1,2,{}]}}', 4],
    ['["[[[[","{\\"{[{[","\\\\",[]]', 2],
    ['"[{[{[{"', 0],
    ['{"[":"{","é[":[]}', 2],
    ['['.repeat(1_000), 1_000],
  ] as const) {
    assert.equal(opens(json, count), false, json)
    assert.equal(count > 0 && opens(json, count - 1), count > 0, json)
  }
})
