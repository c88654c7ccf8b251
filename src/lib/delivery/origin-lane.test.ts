import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as check, integer, property } from 'fast-check'
import { laneLimits } from './origin-lane.ts'

const idle = { known: 0, new: 0, silent: 0 }

test('laneLimits keeps half of the slots for the known, and a part for groups with few new origins', () => {
  assert.deepEqual(laneLimits(64, idle), { strangers: 32, new: 24, newOfAnyGroup: 18, first: 8 })
  const busy = { known: 500, new: 370, silent: 130 }
  assert.deepEqual(laneLimits(1_024, busy), { strangers: 12, new: 14, newOfAnyGroup: 0, first: 0 })
  const filled = { known: 0, new: 287, silent: 0 }
  assert.deepEqual(laneLimits(1_024, filled), { strangers: 32, new: 32, newOfAnyGroup: 1, first: 0 })
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
