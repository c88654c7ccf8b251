import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import type { DeliveryStore } from '../delivery/delivery-store.ts'
import { NotInTransactionError } from '../delivery/not-in-transaction-error.ts'
import { StoreUnavailableError } from '../delivery/store-unavailable-error.ts'
import { callback } from '../operation/callback-definition.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { memoryStore } from '../store/memory-store.ts'
import { sqliteStore } from '../store/sqlite/sqlite-store.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'

const external = 'https://www.external.org'
const body = z.object({ n: z.number() })
const query = z.object({ fails: z.string().optional() })
const paid = callback.post('https://www.external.org/paid', { body })
const numbered = callback.post('https://www.external.org/{$response.body.id}', { body })
const response = z.object({ id: z.string() })
const key = { idempotencyKey: 'order-1' }

function createApp(store: DeliveryStore = memoryStore()) {
  const log = new RecordingLog()
  const app = new Ringback({ title: 'Held', version: '1.0.0', log })
  return { log, app, start: () => testClient(app, { store }) }
}

/** A transaction whose commit fails if the request says so. */
function transaction(beforeCommit: () => unknown = () => {}) {
  return dependency({ scope: 'handler', query }, async function* ({ query }) {
    yield 1
    await beforeCommit()
    if (query.fails !== undefined) throw new Error('The commit failed')
  })
}

test('a delivery sent beside a commit that fails is taken back, with its idempotency key', async () => {
  const { app } = createApp()
  const definition = { dependencies: { tx: transaction() }, response, callbacks: { paid, numbered } }
  app.post('/x', definition, async ({ callbacks }) => {
    await callbacks.paid.send({ n: 1 }, key)
    await callbacks.paid.send({ n: 2 })
    await callbacks.numbered.send({ n: 3 })
    return { id: 'a' }
  })
  await using client = await testClient(app)
  client.externalApi(external, async () => new Response(null, { status: 204 }))
  assert.equal((await client.post('/x?fails=1')).status, 500)
  assert.deepEqual(client.deliveries, [])
  assert.deepEqual((await app.deliveries.list()).items, [])
  client.clock.advance({ minutes: 2 })
  await client.deliver()
  assert.equal((await client.post('/x')).status, 200)
  await client.deliver()
  assert.equal((await app.deliveries.list({ state: 'delivered' })).items.length, 3)
})

test('a delivery sent beside a commit is held until that, and then reported and due', async () => {
  const { app } = createApp()
  const seen: unknown[] = []
  const tx = transaction(async () => {
    const { items } = await app.deliveries.list()
    const now = client.clock.now()
    seen.push(...items.map(({ state, nextAttemptAt = 0 }) => [state, nextAttemptAt - now]).reverse())
    await client.deliver()
  })
  app.on('delivery.created', ({ id }) => seen.push(id))
  app.post('/x', { dependencies: { tx }, callbacks: { paid } }, async ({ callbacks }) => {
    const at = new Date(client.clock.now() + 20_000)
    await callbacks.paid.send({ n: 1 })
    await callbacks.paid.send({ n: 2 }, { at })
    await callbacks.paid.send({ n: 3 }, { delayMs: 90_000 })
  })
  await using client = await testClient(app)
  client.externalApi(external, async () => new Response(null, { status: 204 }))
  assert.equal((await client.post('/x')).status, 204)
  const ids = client.deliveries.map(({ id }) => id)
  assert.deepEqual(seen, [['scheduled', 60_000], ['scheduled', 60_000], ['scheduled', 90_000], ...ids])
  const now = client.clock.now()
  const { items } = await app.deliveries.list()
  assert.deepEqual(
    items.map(({ nextAttemptAt = 0 }) => nextAttemptAt - now),
    [90_000, 20_000, 0],
  )
  await client.deliver()
  assert.equal((await app.deliveries.list({ state: 'delivered' })).items.length, 1)
})

test('a held delivery goes out after a minute if the process could not decide', async () => {
  const { app } = createApp()
  const { promise: never } = Promise.withResolvers<void>()
  const { promise: committing, resolve } = Promise.withResolvers<void>()
  const tx = transaction(() => {
    resolve()
    return never
  })
  app.post('/x', { dependencies: { tx }, callbacks: { paid } }, async ({ callbacks }) => {
    await callbacks.paid.send({ n: 1 })
  })
  await using client = await testClient(app)
  client.externalApi(external, async () => new Response(null, { status: 204 }))
  void client.post('/x')
  await committing
  client.clock.advance({ seconds: 59 })
  await client.deliver()
  assert.equal((await app.deliveries.counts()).scheduled, 1)
  client.clock.advance({ seconds: 1 })
  await client.deliver()
  assert.equal((await app.deliveries.counts()).delivered, 1)
})

test('only operations with something to close hold their deliveries', async () => {
  const asked: string[] = []
  const store = new Proxy(memoryStore(), {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return (request: { readonly heldUntil?: number }) => {
        asked.push(`${String(name)} ${request?.heldUntil === undefined ? '' : 'held'}`.trim())
        return member.call(target, request)
      }
    },
  })
  const { app, start } = createApp(store)
  const plain = dependency({ scope: 'handler' }, () => 1)
  const later = dependency({}, async function* () {
    yield 1
  })
  const paths = { '/none': {}, '/plain': { plain }, '/later': { later }, '/held': { tx: transaction() } }
  for (const [path, dependencies] of Object.entries(paths))
    app.post(path, { dependencies, callbacks: { paid } }, async ({ callbacks }) => {
      await callbacks.paid.send({ n: 1 })
    })
  await using client = await start()
  for (const path of Object.keys(paths)) assert.equal((await client.post(path)).status, 204)
  assert.deepEqual(
    asked.filter(name => name !== 'close'),
    ['add', 'add', 'add', 'add held', 'makeDue'],
  )
})

test('a request that repeats the key of a held delivery keeps it, whatever happens to the first', async () => {
  for (const second of ['/plain', '/tx']) {
    const { app } = createApp()
    const { promise: open, resolve: letGo } = Promise.withResolvers<void>()
    const { promise: committing, resolve } = Promise.withResolvers<void>()
    const tx = transaction(() => {
      resolve()
      return open
    })
    app.post('/first', { dependencies: { tx }, callbacks: { paid } }, async function pay({ callbacks }) {
      await callbacks.paid.send({ n: 1 }, key)
    })
    const dependencies = second === '/tx' ? { other: transaction() } : {}
    const kept = { operation: 'pay', callback: 'paid', template: 'https://www.external.org/paid', values: {} }
    app.post(second, { dependencies, response }, async ({ app }) => app.restore(paid, kept).send({ n: 1 }, key))
    await using client = await testClient(app)
    client.externalApi(external, async () => new Response(null, { status: 204 }))
    const first = client.post('/first?fails=1')
    await committing
    const { id } = (await (await client.post(second)).json()) as { id: string }
    letGo()
    assert.equal((await first).status, 500)
    assert.equal((await app.deliveries.get(id))?.state, 'scheduled', second)
    await client.deliver()
    assert.equal((await app.deliveries.get(id))?.state, 'delivered', second)
  }
})

/** A store whose operation fails this many times. */
function failing(name: 'makeDue' | 'takeBack' | 'add', times: number): DeliveryStore {
  const store = memoryStore()
  let left = times
  const fail = async (request: never): Promise<never> => {
    if (left-- > 0) throw new StoreUnavailableError('it is away')
    return (await store[name](request)) as never
  }
  return { ...store, [name]: fail }
}

test('a store that fails when held deliveries are released does not change the response, and they go out a minute later', async () => {
  const { app, log, start } = createApp(failing('makeDue', 1))
  app.post('/x', { dependencies: { tx: transaction() }, callbacks: { paid } }, async ({ callbacks }) => {
    await callbacks.paid.send({ n: 1 })
  })
  await using client = await start()
  client.externalApi(external, async () => new Response(null, { status: 204 }))
  assert.equal((await client.post('/x')).status, 204)
  assert.match(log.messages.map(({ text }) => text).join(), /a minute late/)
  client.clock.advance({ minutes: 1 })
  await client.deliver()
  assert.equal((await app.deliveries.counts()).delivered, 1)
})

test('a store that fails when held deliveries are taken back is asked again, and one that cannot hold them rolls back', async () => {
  const { app, start } = createApp(failing('takeBack', 2))
  const { app: away, start: startAway } = createApp(failing('add', 1))
  let committed = 0
  for (const each of [app, away]) {
    const tx = transaction(() => committed++)
    each.post('/x', { dependencies: { tx }, callbacks: { paid } }, async ({ callbacks }) => {
      await callbacks.paid.send({ n: 1 })
    })
  }
  await using client = await start()
  await using awayClient = await startAway()
  assert.equal((await client.post('/x?fails=1')).status, 500)
  assert.equal((await app.deliveries.counts()).scheduled, 0)
  assert.equal((await awayClient.post('/x')).status, 503)
  assert.equal(committed, 1)
})

test('send with a transaction is stored if that commits', async () => {
  const database = new DatabaseSync(':memory:')
  database.exec('create table orders (id text)')
  const { app, start } = createApp(sqliteStore({ database }))
  const errors: unknown[] = []
  app.post('/x', { query, callbacks: { paid } }, async ({ query, callbacks }) => {
    database.exec('begin')
    database.exec("insert into orders values ('1')")
    await callbacks.paid.send({ n: 1 }, { transaction: database })
    database.exec(query.fails === undefined ? 'commit' : 'rollback')
  })
  app.post('/refused', { response, callbacks: { paid, numbered } }, async ({ callbacks }) => {
    const sends = [
      callbacks.paid.send({ n: 2 }, { transaction: database }),
      callbacks.paid.send({ n: 2 }, { transaction: new DatabaseSync(':memory:') }),
      // @ts-expect-error The response is known only when the transaction has ended.
      callbacks.numbered.send({ n: 2 }, { transaction: database }),
    ]
    for (const send of sends) errors.push(await Promise.resolve(send).catch((error: unknown) => error))
    return { id: 'a' }
  })
  await using client = await start()
  assert.equal((await client.post('/x?fails=1')).status, 204)
  assert.equal((await app.deliveries.counts()).scheduled, 0)
  assert.equal((await client.post('/x')).status, 204)
  assert.equal((await app.deliveries.counts()).scheduled, 1)
  assert.equal(database.prepare('select count(*) as n from orders').get()?.n, 1)
  assert.equal((await client.post('/refused')).status, 200)
  for (const error of errors) assert.ok(error instanceof NotInTransactionError, String(error))
  assert.equal(errors.length, 3)
  assert.equal((await app.deliveries.counts()).scheduled, 1)
})
