import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engineFor, engineOnSockets, stores } from '../../../test/support/engine-on-sockets.ts'
import type { FailedDelivery } from '../delivery/handlers/on-failed.ts'
import { claimRequest } from './conformance/rows.ts'

for (const [name, makeStore] of stores) {
  test(`onFailed gets what a list shows and how the last attempt ended, in a ${name} store`, async t => {
    const failed: FailedDelivery[] = []
    const { engine, request, clock, receiver } = await engineOnSockets(t, [503, 500], {
      store: makeStore(t),
      retryDelaysSeconds: [0, 5],
      onFailed: delivery => void failed.push(delivery),
    })
    const url = `${receiver.url}/hooks?token=t0ken`
    const { id } = await engine.send(request({ url, recipient: 'tenant 1' }))
    await engine.deliverDue()
    assert.equal(failed.length, 0)
    clock.advance({ minutes: 1 })
    await engine.deliverDue()
    const [listed] = (await engine.deliveries.list()).items
    assert.deepEqual(failed, [{ ...listed, status: 500, error: undefined }])
    const [one] = failed
    assert.deepEqual([one?.state, one?.url, one?.attemptCount], ['failed', `${receiver.url}/hooks?***`, 2])
    assert.equal(failed[0]?.id, id)
  })

  test(`onFailed is told of what is blocked and what found nobody, not of what is delivered or cancelled, in a ${name} store`, async t => {
    const failed: FailedDelivery[] = []
    const { engine, request, receiver } = await engineOnSockets(t, [200], {
      store: makeStore(t),
      retryDelaysSeconds: [0],
      onFailed: delivery => void failed.push(delivery),
    })
    await engine.send(request())
    const { id } = await engine.send(request({ at: Date.UTC(2027, 0, 1) }))
    await engine.deliveries.cancel(id)
    const { id: blocked } = await engine.send(request({ url: 'ftp://a.example/', destination: 'ftp://a.example/' }))
    await engine.deliverDue()
    assert.deepEqual(
      failed.map(delivery => [delivery.id, delivery.state, delivery.status, typeof delivery.error]),
      [[blocked, 'blocked', undefined, 'string']],
    )
    await receiver.stop()
    const { id: unreachable } = await engine.send(request())
    await engine.deliverDue()
    const last = failed.at(-1)
    assert.deepEqual([last?.id, last?.state, last?.status], [unreachable, 'failed', undefined])
    assert.match(last?.error ?? '', /refused/)
  })

  test(`onFailed that throws runs again after 1, 5 and 30 minutes, and the log says when, in a ${name} store`, async t => {
    const ranAt: number[] = []
    const { engine, request, clock, log } = await engineOnSockets(t, [410], {
      store: makeStore(t),
      onFailed() {
        ranAt.push(clock.now())
        throw new Error('the mail server is away')
      },
    })
    await engine.send(request())
    await engine.deliverDue()
    for (let minutes = 0; minutes < 120; minutes++) {
      clock.advance({ minutes: 1 })
      await engine.deliverDue()
    }
    const minutes = ranAt.map((at, index) => (at - (ranAt[index - 1] ?? at)) / 60_000)
    assert.deepEqual(minutes, [0, 1, 5, 30])
    const said = log.messages.filter(({ level }) => level === 'error').map(({ text }) => text)
    const again = (when: string) => `onFailed of callback "paid" failed; it runs again in ${when}`
    assert.deepEqual(said, [
      ...['1 min', '5 min', '30 min'].map(again),
      'onFailed of callback "paid" failed 4 times and is not run again',
    ])
    assert.match(String(log.messages.find(({ level }) => level === 'error')?.fields['error']), /mail server/)
  })

  test(`onFailed that throws once runs once more, in whatever worker, in a ${name} store`, async t => {
    const store = makeStore(t)
    const seen: string[] = []
    const { engine, request, clock } = await engineOnSockets(t, [410], {
      store,
      onFailed() {
        seen.push('first')
        throw new Error('no')
      },
    })
    await engine.send(request())
    await engine.deliverDue()
    const other = engineFor({ store, clock, onFailed: ({ id }) => void seen.push(id) })
    clock.advance({ seconds: 59 })
    await other.deliverDue()
    assert.deepEqual(seen, ['first'])
    clock.advance({ hours: 10 })
    await other.deliverDue()
    await other.deliverDue()
    assert.equal(seen.length, 2)
    clock.advance({ hours: 10 })
    await other.deliverDue()
    assert.equal(seen.length, 2)
  })

  test(`onFailed runs in another worker where its own died before it had run, in a ${name} store`, async t => {
    const store = makeStore(t)
    const { engine, request, clock } = await engineOnSockets(t, [410], {
      store,
      onFailed: () => new Promise(() => {}),
    })
    await engine.send(request())
    void engine.deliverDue()
    await new Promise(resolve => engine.on('delivery.settled', resolve))
    const seen: string[] = []
    const other = engineFor({ store, clock, onFailed: ({ id }) => void seen.push(id) })
    await other.deliverDue()
    assert.equal(seen.length, 0)
    clock.advance({ seconds: 49 })
    await other.deliverDue()
    assert.equal(seen.length, 0)
    clock.advance({ minutes: 5 })
    await other.deliverDue()
    await other.deliverDue()
    assert.equal(seen.length, 1)
  })

  test(`onFailed is told of a delivery whose workers died, in a ${name} store`, async t => {
    const store = makeStore(t)
    const failed: FailedDelivery[] = []
    const { engine, request, clock } = await engineOnSockets(t, [200], {
      store,
      onFailed: delivery => void failed.push(delivery),
    })
    const { id } = await engine.send(request())
    for (let deaths = 0; deaths < 10; ) {
      const { claimed } = await store.claim(claimRequest(clock.now()))
      deaths += claimed.length
      clock.advance({ hours: 1 })
    }
    await engine.deliverDue()
    assert.deepEqual(
      failed.map(delivery => [delivery.id, delivery.state]),
      [[id, 'failed']],
    )
  })
}

test('onFailed that never ends has failed after 50 s: it runs again, at most three times', async t => {
  let runs = 0
  const { engine, request, clock, log } = await engineOnSockets(t, [410], {
    onFailed() {
      runs++
      return new Promise(() => {})
    },
  })
  await engine.send(request())
  const first = engine.deliverDue()
  await new Promise(resolve => engine.on('delivery.settled', resolve))
  clock.advance({ seconds: 49 })
  assert.equal(log.messages.filter(({ level }) => level === 'error').length, 0)
  clock.advance({ seconds: 1 })
  await first
  for (let minutes = 0; minutes < 60; minutes++) {
    clock.advance({ minutes: 1 })
    const again = engine.deliverDue()
    while (!(await Promise.race([again.then(() => true), new Promise(resolve => setImmediate(resolve, false))])))
      clock.advance({ seconds: 50 })
  }
  assert.equal(runs, 4)
  const last = log.messages.findLast(({ level }) => level === 'error')
  assert.match(last?.text ?? '', /failed 4 times and is not run again/)
  assert.match(String(last?.fields['error']), /has not ended within 50 s/)
})

test('onResponse that throws is not taken for run: it runs again', async t => {
  const seen: unknown[] = []
  const { engine, request, clock } = await engineOnSockets(t, [200], {
    onResponse({ status, body, valid }) {
      seen.push([status, Buffer.from(body).toString(), valid])
      if (seen.length < 3) throw new Error('no')
    },
  })
  await engine.send(request({ hasOnResponse: true }))
  await engine.deliverDue()
  for (const [minutes, runs] of [
    [0.9, 1],
    [0.1, 2],
    [4.9, 2],
    [0.1, 3],
    [100, 3],
  ] as const) {
    clock.advance({ minutes })
    await engine.deliverDue()
    assert.equal(seen.length, runs)
  }
  assert.deepEqual(new Set(seen.map(each => JSON.stringify(each))), new Set(['[200,"{\\"ok\\":true}",true]']))
})

test('a started worker runs a handler again by itself', async t => {
  const runs = Promise.withResolvers<void>()
  let count = 0
  const { engine, request, clock } = await engineOnSockets(t, [410], {
    onFailed() {
      if (++count === 1) throw new Error('no')
      runs.resolve()
    },
  })
  await engine.send(request())
  const settled = new Promise(resolve => engine.on('delivery.settled', resolve))
  await engine.start()
  await settled
  const moving = setInterval(() => clock.advance({ seconds: 1 }), 1)
  await runs.promise
  clearInterval(moving)
  assert.equal(count, 2)
})

test('a delivery that is sent again is told of again when it fails again', async t => {
  const failed: (number | undefined)[] = []
  const { engine, request } = await engineOnSockets(t, [410, 400, 410], {
    finalStatuses: [400, 410],
    onFailed: ({ status }) => void failed.push(status),
  })
  const { id } = await engine.send(request())
  await engine.deliverDue()
  await engine.deliveries.replay(id)
  await engine.deliverDue()
  await engine.deliveries.replay(id, { newId: true })
  await engine.deliverDue()
  assert.deepEqual(failed, [410, 400, 410])
})
