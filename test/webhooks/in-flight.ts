import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { everyone } from '../../src/lib/delivery/endpoints/owner.ts'
import { verify } from '../../src/lib/signature/verify.ts'
import { engineWith, type MakeStore, webhookEngine } from './webhook-engine.ts'

/** What happens to endpoints while something is on its way to them. */
export function inFlightCases(name: string, makeStore: MakeStore): void {
  for (const [status, state, reason] of [
    [200, 'delivered', undefined],
    [500, 'cancelled', 'endpoint-deleted'],
    [410, 'cancelled', 'endpoint-deleted'],
  ] as const)
    test(`What is on its way to a deleted endpoint and ends with ${status} is ${state}, in ${name}`, async t => {
      const { engine, register, send, receiver, clock } = await webhookEngine(t, makeStore)
      const { id } = await register('a')
      const { promise, resolve } = Promise.withResolvers<void>()
      receiver.respondLater(async () => {
        await promise
        return status
      })
      await send('invoice.paid')
      await send('invoice.sent')
      const delivered = engine.deliverDue()
      await receiver.until(() => receiver.received.length > 0)
      await engine.endpoints.delete(id, { owner: 'a' })
      resolve()
      await delivered
      clock.advance({ days: 2 })
      await engine.deliverDue()
      const { items } = await engine.deliveries.list({ endpoint: id })
      assert.ok(items.some(item => item.state === state && item.reason === reason))
      assert.ok(items.every(item => item.state === state || item.state === 'cancelled'))
      assert.ok(receiver.received.length <= 2)
    })

  test(`An endpoint that changes during a fan-out gets nothing after that, in ${name}`, async t => {
    const { engine, register, send, receiver, clock, store } = await webhookEngine(t, makeStore)
    const ids: string[] = []
    for (let index = 0; index < 12; index++) ids.push((await register(`o${index}`)).id)
    clock.advance({ seconds: 1 })
    const message = await send('invoice.paid', { owner: '' })
    clock.advance({ seconds: 1 })
    await register('late')
    await store.continueFanouts({ limit: 4, now: clock.now() })
    // Two that have their deliveries already, and two that have not
    for (const index of [0, 11]) await engine.endpoints.delete(ids[index]!, { owner: everyone })
    for (const index of [1, 10]) await engine.endpoints.disable(ids[index]!, { owner: `o${index}` })
    await engine.endpoints.enable(ids[1]!, { owner: 'o1' })
    await engine.deliverDue()
    const paths = receiver.received.map(({ url }) => url).sort()
    assert.deepEqual(paths, [2, 3, 4, 5, 6, 7, 8, 9].map(index => `/o${index}`).sort())
    const shown = await engine.messages.get(message, { owner: everyone })
    assert.deepEqual([shown?.deliveries.delivered, shown?.deliveries.cancelled], [8, 2])
  })

  test(`A message that is cancelled in the middle makes nothing more, and its counts add up, in ${name}`, async t => {
    const { engine, register, send, receiver, clock, store } = await webhookEngine(t, makeStore)
    for (let index = 0; index < 20; index++) await register(`o${index}`)
    clock.advance({ seconds: 1 })
    const message = await send('invoice.paid', { owner: '' })
    assert.equal(await store.continueFanouts({ limit: 7, now: clock.now() }), 7)
    assert.deepEqual(await engine.messages.cancel(message, { owner: everyone }), { cancelled: 7 })
    await engine.deliverDue()
    assert.equal(receiver.received.length, 0)
    const shown = await engine.messages.get(message, { owner: everyone })
    assert.deepEqual([shown?.expanded, shown?.deliveries.cancelled], [true, 7])
    const counts = await engine.deliveries.counts()
    assert.deepEqual([counts.cancelled, counts.scheduled], [7, 0])
  })

  test(`Ten thousand that wait are cancelled at once, and none of them is sent, in ${name}`, async t => {
    const { engine, register, send, receiver, clock } = await webhookEngine(t, makeStore)
    const { id } = await register('a')
    // So that none waits longer in the store's queue than it may, on a machine with more to do as well.
    for (let sent = 0; sent < 10_000; sent += 500)
      await Promise.all(Array.from({ length: 500 }, () => send('invoice.paid')))
    await engine.endpoints.disable(id, { owner: 'a' })
    await engine.endpoints.enable(id, { owner: 'a' })
    const counts = await engine.deliveries.counts()
    assert.deepEqual([counts.cancelled, counts.scheduled], [10_000, 0])
    clock.advance({ days: 1 })
    await engine.deliverDue()
    assert.equal(receiver.received.length, 0)
  })

  test(`A rate holds for four workers together, in ${name}`, async t => {
    const { engine, register, send, receiver, clock, store } = await webhookEngine(t, makeStore)
    await register('a', { ratePerSecond: 5 })
    const others = Array.from({ length: 3 }, () => engineWith({ store, clock }))
    for (let index = 0; index < 40; index++) await send('invoice.paid')
    const startedAt: number[] = []
    for (let step = 0; step < 60; step++) {
      const before = receiver.received.length
      await Promise.all([engine, ...others].map(each => each.deliverDue()))
      for (let index = before; index < receiver.received.length; index++) startedAt.push(clock.now())
      clock.advance({ seconds: 0.1 })
    }
    for (const at of startedAt) {
      const within = startedAt.filter(other => other >= at && other < at + 1_000).length
      assert.ok(within <= 6, `${within} within a second`)
    }
    assert.ok(receiver.received.length >= 25, `${receiver.received.length} in six seconds`)
  })

  test(`A foreign verifier takes what arrives, before, during and after a rotation, in ${name}`, async t => {
    const clock = { now: () => Date.now(), setTimer: () => () => {} }
    const { engine, register, send, receiver } = await webhookEngine(t, makeStore, { clock })
    const { id, secret: first } = await register('a')
    const takes = (secret: string) => {
      const { headers, body } = receiver.received.at(-1)!
      try {
        new Webhook(secret).verify(body, headers as Record<string, string>)
        return true
      } catch {
        return false
      }
    }
    const arrives = async () => {
      await send('invoice.paid')
      await engine.deliverDue()
    }
    await arrives()
    assert.equal(takes(first), true)
    const { secret: second } = await engine.endpoints.rotateSecret(id, { owner: 'a' })
    await arrives()
    assert.deepEqual([takes(first), takes(second)], [true, true])
    const { secret: third } = await engine.endpoints.rotateSecret(id, { owner: 'a', overlapSeconds: 0 })
    await arrives()
    assert.deepEqual([takes(first), takes(second), takes(third)], [true, false, true])
    const other = await register('a')
    const { headers, body } = receiver.received.at(-1)!
    const publicKeys = [...engine.publicKeys]
    assert.ok(verify({ headers, body }, { publicKeys, audience: id }))
    assert.throws(() => verify({ headers, body }, { publicKeys, audience: other.id }), { code: 'ERR_SIGNATURE' })
  })
}
