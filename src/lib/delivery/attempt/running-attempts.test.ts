import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ClaimedDelivery } from '../stored-delivery.ts'
import { RunningAttempts } from './running-attempts.ts'

const deliveries = fc.record({
  id: fc.constantFrom('a', 'b', 'c'),
  origin: fc.constantFrom('https://a.example', 'https://b.example'),
  lane: fc.constantFrom('known', 'new', 'silent'),
  content: fc.uint8Array({ maxLength: 4 }),
}) as fc.Arbitrary<ClaimedDelivery>

test('RunningAttempts counts what has begun and not ended, by delivery, origin and lane', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(deliveries, fc.boolean())), begun => {
      const running = new RunningAttempts()
      for (const [delivery] of begun) running.begin(delivery)
      for (const [delivery, ends] of begun) if (ends) running.end(delivery)
      const left = begun.flatMap(([delivery, ends]) => (ends ? [] : [delivery]))
      const count = (of: (one: ClaimedDelivery) => boolean) => left.filter(of).length
      assert.equal(running.size, left.length)
      assert.equal(
        running.contentBytes,
        left.reduce((sum, { content }) => sum + content.length, 0),
      )
      for (const id of ['a', 'b', 'c']) assert.equal(running.has(id), count(one => one.id === id) > 0)
      for (const origin of ['https://a.example', 'https://b.example'])
        assert.equal(
          running.byOrigin.get(origin) ?? 0,
          count(one => one.origin === origin),
        )
      for (const lane of ['known', 'new', 'silent'] as const)
        assert.equal(
          running.byLane[lane],
          count(one => one.lane === lane),
        )
    }),
  )
})

test('RunningAttempts tells of the next end, and aborts what runs but not what begins later', async () => {
  const running = new RunningAttempts()
  const [delivery] = fc.sample(deliveries, 1)
  await running.nextEnd()
  const signal = running.begin(delivery!)
  const ended = running.nextEnd()
  running.abortAll()
  assert.ok(signal.aborted)
  assert.ok(!running.begin(delivery!).aborted)
  running.end(delivery!)
  await ended
})
