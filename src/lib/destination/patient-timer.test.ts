import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setPatientTimer } from './patient-timer.ts'

test('the time that the process stood still is given back, where nobody says that it does not matter', async () => {
  let [now, calls] = [0, 0]
  const timers: { readonly fn: () => void; readonly delayMs: number }[] = []
  const clock = {
    now: () => now,
    setTimer(fn: () => void, delayMs: number) {
      timers.push({ fn, delayMs })
      return () => {}
    },
  }
  const passes = async () => {
    for (let pass = 0; pass < 4; pass++) await new Promise(setImmediate)
  }
  setPatientTimer(clock, () => calls++, 1_000)
  now = 1_500
  timers[0]?.fn()
  await passes()
  assert.deepEqual([calls, timers[1]?.delayMs], [0, 500])
  now = 2_000
  timers[1]?.fn()
  await passes()
  assert.equal(calls, 1)
})
