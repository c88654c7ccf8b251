import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../../test/support/recording-log.ts'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import type { FailedDelivery } from '../../delivery/handlers/on-failed.ts'
import { callback } from '../../operation/callback-definition.ts'
import { memoryStore } from '../../store/memory-store.ts'
import { testClient } from '../../testing/test-client.ts'
import { Ringback } from '../ringback.ts'
import type { RingbackOptions } from '../ringback-options.ts'

const external = 'https://www.external.org'
const query = z.object({ callback_url: z.url() })

/** An application whose receivers answer 410 to everything. */
async function setUp(
  delivery: NonNullable<RingbackOptions['delivery']>,
  onFailed?: (delivery: FailedDelivery) => void | Promise<void>,
  store: DeliveryStore = memoryStore(),
) {
  const log = new RecordingLog()
  const app = new Ringback({ title: 'Payments', version: '1.0.0', delivery, log })
  const paid = callback.post('{$callback_url}/paid', { ...(onFailed && { onFailed }) })
  app.post('/pay', { query, callbacks: { paid } }, async ({ callbacks }) => {
    await callbacks.paid.send()
  })
  const client = await testClient(app, { store: { ...store, close: async () => {} } })
  client.externalApi(external, () => new Response(null, { status: 410 }))
  return { app, client, log }
}

const pay = `/pay?callback_url=${external}`

test('onFailed of the callback and of the application are both called, with the same', async () => {
  const seen: [string, FailedDelivery][] = []
  const { client } = await setUp(
    { onFailed: delivery => void seen.push(['app', delivery]) },
    delivery => void seen.push(['callback', delivery]),
  )
  await client.post(pay)
  await client.deliver()
  assert.deepEqual(
    seen.map(([whose]) => whose),
    ['callback', 'app'],
  )
  assert.deepEqual(seen[0]?.[1], seen[1]?.[1])
  assert.deepEqual([seen[0]?.[1].callback, seen[0]?.[1].status], ['paid', 410])
  await client.close()
})

for (const [whose, throws] of [
  ['application', 'app'],
  ['callback', 'callback'],
] as const)
  test(`where the onFailed of the ${whose} throws, both have run and both run again`, async () => {
    const seen: string[] = []
    const tell = (who: string) => () => {
      seen.push(who)
      if (who === throws && seen.length <= 2) throw new Error('no')
    }
    const { client } = await setUp({ onFailed: tell('app') }, tell('callback'))
    await client.post(pay)
    await client.deliver()
    assert.deepEqual(seen, ['callback', 'app'])
    client.clock.advance({ minutes: 1 })
    await client.deliver()
    assert.deepEqual(seen, ['callback', 'app', 'callback', 'app'])
    client.clock.advance({ hours: 1 })
    await client.deliver()
    assert.equal(seen.length, 4)
    await client.close()
  })

test('onFailed of the application runs, and the log says so, where the code no longer has the callback', async () => {
  const store = memoryStore()
  const before = await setUp({}, () => {}, store)
  await before.client.post(pay)
  await before.client.close()
  const log = new RecordingLog()
  const seen: string[] = []
  const delivery = { onFailed: ({ callback: name }: FailedDelivery) => void seen.push(name) }
  const app = new Ringback({ title: 'Payments', version: '2.0.0', delivery, log })
  const client = await testClient(app, { store })
  client.externalApi(external, () => new Response(null, { status: 410 }))
  await client.deliver()
  assert.deepEqual(seen, ['paid'])
  const warned = log.messages.find(({ text }) => text.includes('the code no longer has'))
  assert.deepEqual([warned?.level, warned?.fields['callback']], ['warn', 'paid'])
  await client.close()
})

test('onFailed finds the delivery settled', async () => {
  const { app, client } = await setUp({}, async () => {
    seen.push((await app.deliveries.counts()).failed)
  })
  const seen: number[] = []
  await client.post(pay)
  await client.deliver()
  assert.deepEqual(seen, [1])
  await client.close()
})

test('onFailed that is not a function is refused where it is given', () => {
  const options = { title: 'Payments', version: '1.0.0', delivery: { onFailed: 'mail' as never } }
  assert.throws(() => new Ringback(options), {
    name: 'DefinitionError',
    message: /"onFailed" is "mail", not a function/,
  })
  assert.throws(() => callback.post('{$callback_url}', { onFailed: {} as never }), {
    name: 'DefinitionError',
    message: /"onFailed" of .* is an object, not a function/,
  })
})
