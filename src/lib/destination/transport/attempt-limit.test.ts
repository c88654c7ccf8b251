import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../../manual-clock.ts'
import { AttemptLimit } from './attempt-limit.ts'

test('AttemptLimit begins no step once the attempt has ended, and rejects with what ended it', async () => {
  const limit = new AttemptLimit(new ManualClock(), 'https://a.example', { timeoutMs: 1_000 })
  const reason = new Error('The worker stopped')
  limit.end(reason)
  limit.end(new Error('again'))
  let began = false
  const run = limit.run<void>(resolve => {
    began = true
    resolve()
  })
  await assert.rejects(run, reason)
  // Its own failure is not left unhandled, of which Node would tell before the next pass.
  await assert.rejects(limit.wait(Promise.reject(new Error('a look-up'))), reason)
  await new Promise(setImmediate)
  assert.equal(began, false)
  limit.release()
})

test('AttemptLimit gives up the step on its way with the reason of its signal, and only that one', async () => {
  const controller = new AbortController()
  const limits = { timeoutMs: 1_000, signal: controller.signal }
  const limit = new AttemptLimit(new ManualClock(), 'https://a.example', limits)
  assert.equal(await limit.wait(Promise.resolve(7)), 7)
  const reasons: unknown[] = []
  const run = limit.run((_, reject) => reason => {
    reasons.push(reason)
    reject(reason)
  })
  const reason = new Error('The worker stopped')
  controller.abort(reason)
  await assert.rejects(run, reason)
  assert.deepEqual(reasons, [reason])
  assert.throws(() => new AttemptLimit(new ManualClock(), 'https://a.example', limits), reason)
  limit.release()
})
