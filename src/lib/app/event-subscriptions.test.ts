import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { createEmitter } from '../delivery/delivery-events.ts'
import { EventSubscriptions } from './event-subscriptions.ts'

test('a listener hears the engine in use and those after it, until it is removed', () => {
  const subscriptions = new EventSubscriptions()
  const [first, second, third] = [1, 2, 3].map(() => createEmitter(new RecordingLog())) as [Engine, Engine, Engine]
  type Engine = ReturnType<typeof createEmitter>
  const heard: string[] = []
  const listen = (name: string, engine: Engine | undefined) =>
    subscriptions.on('destination.opened', ({ destination }) => void heard.push(`${name}: ${destination}`), engine)
  const early = listen('early', undefined)
  subscriptions.attachTo(first)
  const late = listen('late', first)
  first.emit('destination.opened', { destination: 'a' })
  subscriptions.attachTo(second)
  second.emit('destination.opened', { destination: 'b' })
  early()
  second.emit('destination.opened', { destination: 'c' })
  late()
  second.emit('destination.opened', { destination: 'd' })
  subscriptions.attachTo(third)
  third.emit('destination.opened', { destination: 'e' })
  assert.deepEqual(heard, ['early: a', 'late: a', 'early: b', 'late: b', 'late: c'])
})
