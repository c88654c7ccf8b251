import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as check, integer, property } from 'fast-check'
import { laneLimits } from './origin-lane.ts'

const idle = { known: 0, new: 0, silent: 0 }

test('laneLimits keeps half of the slots for the known, and a part for groups with few new origins', () => {
  assert.deepEqual(laneLimits(8, idle), { strangers: 4, new: 3, newOfAnyGroup: 3, first: 1 })
  const busy = { known: 500, new: 380, silent: 130 }
  assert.deepEqual(laneLimits(1_024, busy), { strangers: 2, new: 4, newOfAnyGroup: 0, first: 0 })
  const filled = { known: 0, new: 287, silent: 0 }
  assert.deepEqual(laneLimits(1_024, filled), { strangers: 6, new: 6, newOfAnyGroup: 1, first: 0 })
})

test('laneLimits lets few strangers begin at once, however many slots are free', () => {
  for (const total of [64, 1_024, 100_000])
    assert.deepEqual(laneLimits(total, idle), { strangers: 6, new: 6, newOfAnyGroup: 6, first: 6 })
})

test('laneLimits lets strangers have one slot at least, and never more than half beyond that', () =>
  check(
    property(
      integer({ min: 1, max: 5_000 }),
      integer({ min: 0, max: 600 }),
      integer({ min: 0, max: 600 }),
      (total, fresh, silent) => {
        const most = Math.ceil(total / 2)
        const limits = laneLimits(total, { known: 0, new: fresh, silent })
        assert.ok(limits.strangers + Math.min(fresh + silent, most) <= most)
        assert.ok(limits.newOfAnyGroup <= limits.new)
        assert.ok(limits.first <= limits.strangers)
        assert.ok(laneLimits(total, idle).newOfAnyGroup >= 1)
        for (const limit of Object.values(limits)) assert.ok(limit >= 0)
      },
    ),
  ))
