import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../../manual-clock.ts'
import { Heartbeats } from './heartbeats.ts'

function setUp(everyMs = 30_000) {
  const clock = new ManualClock()
  const heartbeats = new Heartbeats(everyMs, () => clock)
  const beats: string[] = []
  const dead = new Set<string>()
  const add = (name: string) => {
    const beating = {
      beat: () => {
        beats.push(`${name} ${(clock.now() - Date.UTC(2026, 0, 1)) / 1000}`)
        return !dead.has(name)
      },
    }
    heartbeats.add(beating)
    return beating
  }
  return { clock, heartbeats, beats, dead, add }
}

test('Each is asked in its own time, until it has ended', () => {
  const { clock, heartbeats, beats, dead, add } = setUp()
  const a = add('a')
  clock.advance({ seconds: 10 })
  add('b')
  clock.advance({ seconds: 60 })
  assert.deepEqual(beats.splice(0), ['a 30', 'b 40', 'a 60', 'b 70'])
  dead.add('b')
  clock.advance({ seconds: 60 })
  assert.deepEqual(beats.splice(0), ['a 90', 'b 100', 'a 120'])
  heartbeats.delete(a)
  clock.advance({ seconds: 600 })
  assert.deepEqual(beats, [])
  add('c')
  clock.advance({ seconds: 30 })
  assert.deepEqual(beats, ['c 760'])
})

test('A clock that is set back stops nothing', () => {
  let now = 1_000_000_000
  let fire: () => void = () => {}
  const delays: number[] = []
  const heartbeats = new Heartbeats(30_000, () => ({
    now: () => now,
    setTimer: (fn, delayMs) => {
      delays.push(delayMs)
      fire = fn
      return () => {}
    },
  }))
  let beats = 0
  heartbeats.add({ beat: () => ++beats > 0 })
  now -= 86_400_000
  fire()
  fire()
  assert.equal(beats, 1)
  now += 30_000
  fire()
  assert.equal(beats, 2)
  assert.ok(delays.every(delayMs => delayMs <= 30_000))
})
