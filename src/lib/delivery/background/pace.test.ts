import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../../manual-clock.ts'
import type { ClaimedDelivery } from '../stored-delivery.ts'
import { BackgroundPace } from './pace.ts'

const endpoint = { id: 'ep_1', owner: 'acme', sealed: new Uint8Array() }
const claimed = (given: Partial<ClaimedDelivery>) => [given as ClaimedDelivery]

test('work in the background goes slower for ten seconds after something urgent was claimed', () => {
  const clock = new ManualClock()
  const pace = new BackgroundPace(clock)
  const alone = pace.now
  pace.note([])
  pace.note(claimed({ attemptNumber: 1, endpoint: { ...endpoint, madeLater: true } }))
  pace.note(claimed({ attemptNumber: 2 }))
  assert.equal(pace.now, alone)
  for (const urgent of [{ attemptNumber: 1 }, { attemptNumber: 1, endpoint: { ...endpoint, madeLater: false } }]) {
    pace.note([...claimed({ attemptNumber: 2 }), ...claimed(urgent)])
    clock.advance({ ms: 9_999 })
    assert.ok(pace.now.pieceSize < alone.pieceSize && pace.now.rests > alone.rests)
    clock.advance({ ms: 1 })
    assert.equal(pace.now, alone)
  }
})

test('a clock that is set back slows nothing down', () => {
  const clock = new ManualClock()
  const pace = new BackgroundPace({ ...clock, now: () => times.shift() ?? 0, setTimer: () => () => {} })
  const times = [20_000, 0]
  pace.note(claimed({ attemptNumber: 1 }))
  assert.ok(pace.now.rests < 1)
})
