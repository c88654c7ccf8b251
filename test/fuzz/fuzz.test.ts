import assert from 'node:assert/strict'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { fuzz } from './fuzz.ts'

test('No request blocks the event loop, is answered at length or fills the memory: five seconds of one seed', async () => {
  const { cases, found } = await fuzz(dirname(dirname(import.meta.dirname)), 1, 5)
  assert.equal(found, undefined)
  assert.ok(cases > 0)
})
