import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engineFor, engineOnSockets, stores } from '../../../test/support/engine-on-sockets.ts'
import { Ringback } from '../app/ringback.ts'
import type { Outage } from '../delivery/handlers/on-outage.ts'

const startMs = Date.UTC(2026, 0, 1)

for (const [name, makeStore] of stores) {
  test(`onOutage is told once by all workers when it began and once when it ended, in a ${name} store`, async t => {
    const store = makeStore(t)
    const told: Outage[] = []
    const onOutage = (outage: Outage) => void told.push(outage)
    const statuses = [...Array(5).fill(503), 200]
    const { engine, request, clock, receiver } = await engineOnSockets(t, statuses, {
      store,
      onOutage,
      retryDelaysSeconds: [0, 60, 1_200, 1_800, 7_200, 7_200],
    })
    const other = engineFor({ store, clock, onOutage })
    const destination = `${receiver.url}/hooks?key=s3cret`
    await engine.send(request({ url: destination, destination, recipient: 'tenant 1' }))
    for (let minutes = 0; minutes < 59; minutes++) {
      await engine.deliverDue()
      await other.deliverDue()
      clock.advance({ minutes: 1 })
    }
    assert.equal(told.length, 0)
    for (let minutes = 0; minutes < 600; minutes++) {
      clock.advance({ minutes: 1 })
      await other.deliverDue()
      await engine.deliverDue()
    }
    assert.equal(receiver.received.length, 6)
    const same = { url: `${receiver.url}/hooks?***`, recipient: 'tenant 1', since: startMs }
    const endedAt = told[1]?.endedAt
    assert.deepEqual(told, [
      { ...same, state: 'began', endedAt: undefined },
      { ...same, state: 'ended', endedAt },
    ])
    assert.equal(endedAt, (await engine.deliveries.list()).items[0]?.settledAt)
  })

  test(`onOutage is not told of a destination for which nothing waited, in a ${name} store`, async t => {
    const told: Outage[] = []
    const { engine, request, clock } = await engineOnSockets(t, [410, 500, 200], {
      store: makeStore(t),
      onOutage: outage => void told.push(outage),
      retryDelaysSeconds: [0, 1_800],
    })
    await engine.send(request())
    await engine.deliverDue()
    clock.advance({ days: 3 })
    await engine.deliverDue()
    await engine.send(request())
    await engine.deliverDue()
    for (let minutes = 0; minutes < 100; minutes++) {
      clock.advance({ minutes: 1 })
      await engine.deliverDue()
    }
    assert.deepEqual(told, [])
    assert.equal((await engine.deliveries.counts()).delivered, 1)
  })

  test(`onOutage that throws runs again after 1, 5 and 30 minutes, in a ${name} store`, async t => {
    const ranAt: number[] = []
    const { engine, request, clock, receiver, log } = await engineOnSockets(t, [200], {
      store: makeStore(t),
      outageAfterSeconds: 60,
      retryDelaysSeconds: [0, 7_200, 7_200, 7_200],
      onOutage({ state }) {
        assert.equal(state, 'began')
        ranAt.push(clock.now())
        throw new Error('no')
      },
    })
    await receiver.stop()
    await engine.send(request())
    await engine.deliverDue()
    for (let minutes = 0; minutes < 100; minutes++) {
      clock.advance({ minutes: 1 })
      await engine.deliverDue()
    }
    assert.deepEqual(
      ranAt.map(at => (at - startMs) / 60_000),
      [1, 2, 7, 37],
    )
    const last = log.messages.findLast(({ text }) => text.startsWith('onOutage'))
    assert.equal(last?.text, 'onOutage failed 4 times and is not run again')
    assert.equal(last?.fields['destination'], `${receiver.url}/hooks`)
  })
}

test('a started worker tells of an outage by itself', async t => {
  const began = Promise.withResolvers<Outage>()
  const ended = Promise.withResolvers<Outage>()
  const { engine, request, clock, receiver } = await engineOnSockets(t, [200], {
    outageAfterSeconds: 90,
    retryDelaysSeconds: [0, 10, 10, 10, 200, 200, 200, 200],
    onOutage: outage => (outage.state === 'began' ? began : ended).resolve(outage),
  })
  await receiver.stop()
  await engine.send(request())
  await engine.start()
  const moving = setInterval(() => clock.advance({ seconds: 1 }), 1)
  await began.promise
  await receiver.start()
  const { since, endedAt = 0 } = await ended.promise
  clearInterval(moving)
  assert.ok(endedAt - since >= 90_000)
})

test('the options of outages are refused where they cannot be', () => {
  const app = { title: 'Payments', version: '1.0.0' }
  for (const [delivery, words] of [
    [{ onOutage: 'mail' }, /"onOutage" is "mail", not a function/],
    [{ outageAfterSeconds: 0 }, /"outageAfterSeconds" is 0; give a number of seconds from 1/],
    [{ outageAfterSeconds: '60' }, /"outageAfterSeconds" is "60"/],
    [{ outageAfterSeconds: Number.NaN }, /is NaN/],
    [{ outageAfterSeconds: Number.POSITIVE_INFINITY }, /is Infinity/],
  ] as const)
    assert.throws(() => new Ringback({ ...app, delivery: delivery as never }), {
      name: 'DefinitionError',
      message: words,
    })
})
