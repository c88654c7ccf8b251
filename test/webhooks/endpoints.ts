import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everyone } from '../../src/lib/delivery/endpoints/owner.ts'
import { verify } from '../../src/lib/signature/verify.ts'
import { Receiver } from '../support/receiver.ts'
import { type MakeStore, webhookEngine } from './webhook-engine.ts'

/** How endpoints are registered and changed, and what that does to what waits. */
export function endpointCases(name: string, makeStore: MakeStore): void {
  test(`An endpoint is its owner's alone, in ${name}`, async t => {
    const { engine, register } = await webhookEngine(t, makeStore)
    const { endpoints } = engine
    const { id, secret, ...shown } = await register('a', { metadata: { plan: 'x' }, headers: { 'X-Key': 's3cret' } })
    assert.match(secret, /^whsec_/)
    assert.deepEqual(await endpoints.get(id, { owner: 'a' }), { id, ...shown })
    assert.deepEqual(shown.headerNames, ['x-key'])
    for (const ask of [
      () => endpoints.get(id, { owner: 'b' }),
      () => endpoints.update(id, { description: 'x' }, { owner: 'a ' }),
      () => endpoints.delete(id, { owner: 'b' }),
      () => endpoints.enable(id, { owner: 'b' }),
      () => endpoints.disable(id, { owner: 'b' }),
      () => endpoints.rotateSecret(id, { owner: 'b' }),
      () => endpoints.test(id, { owner: 'b', event: 'invoice.paid' }),
      () => endpoints.recover(id, { owner: 'b', since: new Date(0) }),
      () => endpoints.get('ep_invented', { owner: 'a' }),
    ])
      await assert.rejects(ask, { code: 'ERR_ENDPOINT_NOT_FOUND' })
    await register('b')
    assert.deepEqual(
      (await endpoints.list({ owner: 'b' })).items.map(({ owner }) => owner),
      ['b'],
    )
    assert.equal((await endpoints.list({ owner: everyone })).items.length, 2)
    await endpoints.delete(id, { owner: 'a' })
    await assert.rejects(endpoints.get(id, { owner: 'a' }), { code: 'ERR_ENDPOINT_NOT_FOUND' })
    assert.deepEqual((await endpoints.list({ owner: 'a' })).items, [])
  })

  test(`A list has pages that stay the same while others register, in ${name}`, async t => {
    const { engine, register, clock } = await webhookEngine(t, makeStore, { endpoints: { maxPerOwner: 100 } })
    const ids: string[] = []
    for (let index = 0; index < 7; index++) {
      clock.advance({ seconds: 1 })
      ids.unshift((await register('a', { events: index % 2 ? ['invoice.paid'] : ['*'] })).id)
    }
    const seen: string[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await engine.endpoints.list({ owner: 'a', limit: 3, ...(cursor !== undefined && { cursor }) })
      seen.push(...page.items.map(({ id }) => id))
      await register('a')
      if (page.nextCursor === null) break
      cursor = page.nextCursor
    }
    assert.deepEqual(seen, ids)
    await engine.endpoints.disable(ids[0]!, { owner: 'a' })
    const disabled = await engine.endpoints.list({ owner: 'a', status: 'disabled' })
    assert.deepEqual(
      disabled.items.map(({ id }) => id),
      [ids[0]],
    )
    assert.equal((await engine.endpoints.list({ owner: 'a', event: 'invoice.sent', limit: 100 })).items.length, 7)
  })

  test(`A repeated registration gives the same, and the limit holds for many at once, in ${name}`, async t => {
    const { engine, register } = await webhookEngine(t, makeStore, { endpoints: { maxPerOwner: 5 } })
    const keyed = { idempotencyKey: 'k' }
    const first = await register('a', keyed)
    assert.deepEqual(await register('a', keyed), first)
    await assert.rejects(register('a', { ...keyed, description: 'x' }), { code: 'ERR_IDEMPOTENCY_CONFLICT' })
    assert.notEqual((await register('b', keyed)).id, first.id)
    const many = await Promise.allSettled(Array.from({ length: 20 }, () => register('a')))
    assert.equal(many.filter(({ status }) => status === 'fulfilled').length, 4)
    const same = await Promise.all(Array.from({ length: 10 }, () => register('c', keyed)))
    assert.equal(new Set(same.map(({ id, secret }) => `${id} ${secret}`)).size, 1)
    await engine.endpoints.rotateSecret(first.id, { owner: 'a' })
    await assert.rejects(register('a', keyed), { code: 'ERR_IDEMPOTENCY_CONFLICT' })
  })

  test(`A change that is refused changes nothing, in ${name}`, async t => {
    const { engine, register, clock } = await webhookEngine(t, makeStore)
    const { secret: _, ...before } = await register('a')
    clock.advance({ minutes: 1 })
    const { id } = before
    for (const [change, code] of [
      [{ url: 'http://10.0.0.1/' }, 'ERR_INVALID_ENDPOINT'],
      [{ url: 'https://user:word@example.com/' }, 'ERR_INVALID_ENDPOINT'],
      [{ url: 'https://example.com/#a' }, 'ERR_INVALID_ENDPOINT'],
      [{ url: `https://example.com/${'x'.repeat(2_048)}` }, 'ERR_INVALID_ENDPOINT'],
      [{ headers: { 'Webhook-Id': 'x' } }, 'ERR_INVALID_ENDPOINT'],
      [{ headers: { a: 'b\r\nc: d' } }, 'ERR_INVALID_ENDPOINT'],
      [{ events: ['invoice.payed'] }, 'ERR_INVALID_ENDPOINT'],
      [{ description: 'kept?', metadata: { ['x'.repeat(41)]: 'y' } }, 'ERR_INVALID_ENDPOINT'],
      [{ ratePerSecond: 0 }, 'ERR_INVALID_ENDPOINT'],
    ] as const)
      await assert.rejects(engine.endpoints.update(id, change, { owner: 'a' }), { code })
    assert.deepEqual(await engine.endpoints.get(id, { owner: 'a' }), before)
    const { url, events, channels, description, metadata, ratePerSecond } = before
    const same = { url, events, channels, description, metadata, ratePerSecond }
    assert.deepEqual(await engine.endpoints.update(id, same, { owner: 'a' }), before)
  })

  test(`What waits goes to the new URL, and attempts say which they called, in ${name}`, async t => {
    const { engine, register, send, receiver } = await webhookEngine(t, makeStore, { statuses: [500, 200] })
    const { id } = await register('a')
    await send('invoice.paid')
    await engine.deliverDue()
    await engine.endpoints.update(id, { url: `${receiver.url}/new` }, { owner: 'a' })
    const [waiting] = (await engine.deliveries.list({ endpoint: id })).items
    await engine.deliveries.sendNow(waiting!.id)
    await engine.deliverDue()
    const { attempts, state } = (await engine.deliveries.get(waiting!.id))!
    assert.deepEqual(
      attempts.map(({ url }) => url),
      [`${receiver.url}/a`, `${receiver.url}/new`],
    )
    assert.equal(state, 'delivered')
    assert.deepEqual((await engine.deliveries.list({ owner: 'a' })).items.length, 1)
    assert.deepEqual((await engine.deliveries.list({ owner: 'b' })).items, [])
  })

  test(`A new URL is tried at once after a dead one, in ${name}`, async t => {
    const { engine, register, send, receiver } = await webhookEngine(t, makeStore)
    const dead = new Receiver()
    await dead.start()
    const { id } = await register('a', { url: dead.url })
    await dead.stop()
    for (let index = 0; index < 20; index++) await send('invoice.paid')
    await engine.deliverDue()
    assert.notEqual((await engine.endpoints.get(id, { owner: 'a' })).failingSince, null)
    const updated = await engine.endpoints.update(id, { url: `${receiver.url}/live` }, { owner: 'a' })
    assert.equal(updated.failingSince, null)
    await send('invoice.sent')
    await engine.deliverDue()
    assert.ok(receiver.received.length >= 1)
  })

  test(`Disabling cancels what waits, also where it is enabled at once, in ${name}`, async t => {
    const { engine, register, send, receiver, clock } = await webhookEngine(t, makeStore)
    const { id } = await register('a')
    for (let index = 0; index < 60; index++) await send('invoice.paid')
    const disabled = await engine.endpoints.disable(id, { owner: 'a' })
    assert.deepEqual([disabled.status, disabled.disabledReason], ['disabled', 'owner'])
    assert.equal((await engine.deliveries.counts()).cancelled, 60)
    await engine.endpoints.enable(id, { owner: 'a' })
    clock.advance({ seconds: 1 })
    const later = await send('invoice.sent')
    await engine.deliverDue()
    assert.deepEqual(
      receiver.received.map(({ headers }) => String(headers['webhook-id']).split('_')[1]),
      [later.slice(4)],
    )
    const [first] = (await engine.deliveries.list({ endpoint: id, state: 'cancelled' })).items
    assert.equal(first?.reason, 'endpoint-disabled')
  })

  test(`An operator's disabling is not an owner's to end, in ${name}`, async t => {
    const { engine, register, send } = await webhookEngine(t, makeStore)
    const { id } = await register('a')
    await engine.endpoints.disable(id, { owner: everyone })
    assert.equal((await engine.endpoints.disable(id, { owner: 'a' })).disabledReason, 'operator')
    await assert.rejects(engine.endpoints.enable(id, { owner: 'a' }), { code: 'ERR_ENDPOINT_DISABLED' })
    const message = await send('invoice.paid')
    assert.equal((await engine.messages.get(message, { owner: 'a' }))?.deliveries.scheduled, 0)
    await engine.endpoints.enable(id, { owner: everyone })
  })

  test(`A deleted endpoint gets nothing more, and its history stays, in ${name}`, async t => {
    const { engine, register, send, receiver, clock } = await webhookEngine(t, makeStore, { statuses: [500] })
    const { id } = await register('a')
    await send('invoice.paid')
    await engine.deliverDue()
    await engine.endpoints.delete(id, { owner: 'a' })
    clock.advance({ days: 1 })
    await engine.deliverDue()
    assert.equal(receiver.received.length, 1)
    const [delivery] = (await engine.deliveries.list({ endpoint: id })).items
    assert.deepEqual([delivery?.state, delivery?.reason], ['cancelled', 'endpoint-deleted'])
    await assert.rejects(engine.deliveries.replay(delivery!.id), { code: 'ERR_REPLAY' })
  })

  test(`A rotation acts on the very next attempt, and overlaps, in ${name}`, async t => {
    const { engine, register, send, receiver, clock } = await webhookEngine(t, makeStore)
    const { id, secret: first } = await register('a')
    const signs = (secret: string) => {
      const { headers, body } = receiver.received.at(-1)!
      try {
        verify({ headers, body }, { secrets: [secret], now: clock.now(), audience: id })
        return true
      } catch {
        return false
      }
    }
    await send('invoice.paid')
    await engine.deliverDue()
    assert.ok(signs(first))
    const { secret: second } = await engine.endpoints.rotateSecret(id, { owner: 'a', overlapSeconds: 60 })
    await send('invoice.paid')
    await engine.deliverDue()
    assert.deepEqual([signs(first), signs(second)], [true, true])
    clock.advance({ seconds: 61 })
    const { secret: third, secrets } = await engine.endpoints.rotateSecret(id, { owner: 'a' })
    assert.deepEqual(
      secrets.map(({ expiresAt }) => expiresAt?.getTime() ?? null),
      [null, clock.now() + 86_400_000],
    )
    await send('invoice.paid')
    await engine.deliverDue()
    assert.deepEqual([signs(first), signs(second), signs(third)], [false, true, true])
    await engine.endpoints.rotateSecret(id, { owner: 'a' })
    await assert.rejects(engine.endpoints.rotateSecret(id, { owner: 'a' }), { code: 'ERR_TOO_MANY_SECRETS' })
    const rotation = { owner: 'a', overlapSeconds: 0, idempotencyKey: 'r' }
    const { secret: leaked } = await engine.endpoints.rotateSecret(id, rotation)
    assert.equal((await engine.endpoints.rotateSecret(id, rotation)).secret, leaked)
    const conflict = { code: 'ERR_IDEMPOTENCY_CONFLICT' }
    await assert.rejects(engine.endpoints.rotateSecret(id, { ...rotation, overlapSeconds: 1 }), conflict)
    await engine.endpoints.rotateSecret(id, { owner: 'a', overlapSeconds: 0 })
    await assert.rejects(engine.endpoints.rotateSecret(id, rotation), conflict)
  })
}
