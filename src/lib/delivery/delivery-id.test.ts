import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../manual-clock.ts'
import { createIdMaker } from './delivery-id.ts'

test('createIdMaker makes ids that sort in the order they were made, also within a millisecond', () => {
  const clock = new ManualClock()
  const makeId = createIdMaker(clock)
  const ids: string[] = []
  for (let index = 0; index < 1_000; index++) {
    ids.push(makeId())
    if (index % 10 === 0) clock.advance(1)
  }
  assert.deepEqual([...ids].sort(), ids)
  assert.equal(new Set(ids).size, 1_000)
  for (const id of ids) assert.match(id, /^msg_[0-9a-z]{25}$/)
})

test('createIdMaker keeps the order where the clock goes back', () => {
  let now = 2_000_000_000_000
  const makeId = createIdMaker({ now: () => now, setTimer: () => () => {} })
  const before = makeId()
  now -= 60_000
  assert.ok(makeId() > before)
})
