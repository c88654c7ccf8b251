import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engineOnSockets, stores } from '../../../test/support/engine-on-sockets.ts'

for (const [name, makeStore] of stores) {
  const cases: readonly (readonly [
    status: number,
    ofEngine: readonly number[] | undefined,
    ofRequest: readonly number[] | undefined,
    ended: boolean,
  ])[] = [
    [410, undefined, undefined, true],
    [400, undefined, undefined, false],
    [410, [], undefined, false],
    [410, [400], undefined, false],
    [400, [400, 422], undefined, true],
    [422, [400, 422], undefined, true],
    [422, [400, 422], [410], false],
    [410, [400], [410], true],
    [410, undefined, [], false],
    [308, undefined, [308], true],
    [599, undefined, [501, 599], true],
    [503, undefined, [503], true],
  ]
  for (const [status, ofEngine, ofRequest, ended] of cases)
    test(`a ${status} ${ended ? 'ends' : 'does not end'} a delivery with ${JSON.stringify([ofEngine, ofRequest])} in a ${name} store`, async t => {
      const { engine, request, receiver, clock } = await engineOnSockets(t, [status, 200], {
        store: makeStore(t),
        retryDelaysSeconds: [0, 5],
        ...(ofEngine && { finalStatuses: ofEngine }),
      })
      const { id } = await engine.send(request({ finalStatuses: ofRequest }))
      await engine.deliverDue()
      clock.advance({ minutes: 2 })
      await engine.deliverDue()
      assert.equal((await engine.deliveries.get(id))?.state, ended ? 'failed' : 'delivered')
      assert.equal(receiver.received.length, ended ? 1 : 2)
    })
}

test('a replay of what a final status ended is sent again, and goes by the same statuses', async t => {
  const { engine, request, receiver } = await engineOnSockets(t, [403, 200], { finalStatuses: [403] })
  const { id } = await engine.send(request())
  await engine.deliverDue()
  await engine.deliveries.replay(id)
  await engine.deliverDue()
  assert.equal((await engine.deliveries.get(id))?.state, 'delivered')
  assert.equal(receiver.received.length, 2)
})
