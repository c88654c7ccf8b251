import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { createDelivery } from '../delivery/create-delivery.ts'
import { memoryStore } from './memory-store.ts'

test('close gives a slow store the time that is left and a little more, and then abandons it', async t => {
  const log = new RecordingLog()
  const closing = Promise.withResolvers<void>()
  const close = () => {
    closing.resolve()
    return new Promise<void>(() => {})
  }
  const engine = createDelivery({ store: { ...memoryStore(), close }, log, signing: { masterSecret: 'm'.repeat(32) } })
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const closed = engine.close({ graceMs: 60_000 })
  await closing.promise
  // A second is for what the worker still has to record.
  t.mock.timers.tick(60_600)
  await new Promise(setImmediate)
  assert.equal(log.messages.length, 0)
  t.mock.timers.tick(1_000)
  await closed
  assert.match(log.messages[0]?.text ?? '', /did not close in time and was abandoned$/)
})
