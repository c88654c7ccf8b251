import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accepted, rejected, unreachable } from '../../store/conformance/rows.ts'
import { laneAfter } from './lane-after.ts'

const lease = { id: 'a', token: 1 }

test('laneAfter knows an origin by its last response, whatever its status', () => {
  for (const lane of ['known', 'new', 'silent'] as const) {
    assert.equal(laneAfter(lane, accepted(lease)), 'known')
    assert.equal(laneAfter(lane, rejected(lease, 1_000)), 'known')
    assert.equal(laneAfter(lane, unreachable(lease, 1_000)), 'silent')
    const timedOut = { ...unreachable(lease, 1_000), outcome: 'timed-out', originSignal: undefined } as const
    assert.equal(laneAfter(lane, timedOut), 'silent')
    assert.equal(laneAfter(lane, { ...unreachable(lease, 1_000), originSignal: undefined }), 'silent')
  }
})

test('laneAfter leaves an origin where it is after what was our own doing', () => {
  for (const lane of ['known', 'new', 'silent'] as const)
    for (const outcome of ['abandoned', 'unreachable'] as const)
      assert.equal(laneAfter(lane, { ...unreachable(lease, 0), outcome, destinationSignal: undefined }), lane)
})
