import assert from 'node:assert/strict'
import { performance } from 'node:perf_hooks'
import { describe, it } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { rest, restLeftMs } from './rest.ts'

const times = fc.record({ pieceMs: fc.nat(2_000), busyMs: fc.nat(2_000), idleMs: fc.nat(2_000) })

describe('a rest', () => {
  it('lasts as long as the piece and what came of it', () => {
    assert.equal(restLeftMs({ pieceMs: 4, busyMs: 0, idleMs: 0 }, 1), 4)
    assert.equal(restLeftMs({ pieceMs: 4, busyMs: 6, idleMs: 3 }, 1), 7)
    assert.equal(restLeftMs({ pieceMs: 4, busyMs: 6, idleMs: 10 }, 1), 0)
  })

  it('ends after 25 ms, or as long as the piece took, in a process that is always busy', () => {
    assert.equal(restLeftMs({ pieceMs: 4, busyMs: 24, idleMs: 0 }, 1), 1)
    assert.equal(restLeftMs({ pieceMs: 4, busyMs: 26, idleMs: 0 }, 1), 0)
    assert.equal(restLeftMs({ pieceMs: 400, busyMs: 300, idleMs: 50 }, 1), 50)
  })

  it('is over at some time, and no sooner the more there was to do', () => {
    fc.assert(
      fc.property(times, fc.nat(100), fc.nat(5), ({ pieceMs, busyMs, idleMs }, more, rests) => {
        const leftMs = restLeftMs({ pieceMs, busyMs, idleMs }, rests)
        assert.equal(restLeftMs({ pieceMs, busyMs, idleMs: idleMs + leftMs }, rests), 0)
        assert.ok(restLeftMs({ pieceMs: pieceMs + more, busyMs, idleMs }, rests) >= leftMs)
      }),
    )
  })

  it('leaves the event loop idle for as long as it was busy meanwhile, unless that is too long', async () => {
    await nextTurn()
    const before = performance.eventLoopUtilization()
    const resting = rest(5, 1)
    for (const begun = performance.now(); performance.now() - begun < 10; );
    await resting
    const { active, idle } = performance.eventLoopUtilization(before)
    assert.ok(active >= 9.5 && (idle >= 9.5 || active + idle >= 24.5), `${idle} ${active}`)
  })
})
