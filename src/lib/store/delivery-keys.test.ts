import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { createDelivery } from '../delivery/create-delivery.ts'
import type { DeliveryRequest } from '../delivery/delivery-request.ts'
import type { DeliveryStore } from '../delivery/delivery-store.ts'
import { StoreUnavailableError } from '../delivery/store-unavailable-error.ts'
import { memoryStore } from './memory-store.ts'
import { sqliteStore } from './sqlite/sqlite-store.ts'

const unknown = {
  code: 'ERR_MASTER_SECRET_UNKNOWN',
  message: /was used with other master secrets.*ringback keys adopt/,
}
const [first, second, third] = ['1', '2', '3'].map(digit => digit.repeat(32)) as [string, string, string]
const request: DeliveryRequest = {
  ...{ operation: 'o', callback: 'c', method: 'POST' },
  ...{ url: 'https://a.example/', destination: 'https://a.example/' },
}
const sealedRequest = { ...request, headers: { authorization: 'Bearer x' } }
const silent = { debug() {}, info() {}, warn() {}, error() {} }

function engineOf(
  store: DeliveryStore,
  masterSecret: string | readonly string[],
  { sent = [], sealBodies = false }: { sent?: string[]; sealBodies?: boolean } = {},
) {
  const transport = {
    async send({ url }: { url: string | URL }) {
      sent.push(String(url))
      const response = { status: 200, headers: {}, body: new Uint8Array(), bodyTruncated: false }
      return { ...response, address: '192.0.2.1' }
    },
    async close() {},
  }
  return createDelivery({ store, signing: { masterSecret }, transport, log: silent, worker: false, sealBodies })
}

function temporaryPath(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return join(folder, 'd.sqlite')
}

/** Uses a file with secrets, and lets go of it. */
async function use(path: string, masterSecret: string | readonly string[]): Promise<void> {
  const engine = engineOf(sqliteStore({ path }), masterSecret)
  try {
    await engine.start()
  } finally {
    await engine.close({ graceMs: 0 })
  }
}

test('a start is refused with a secret that the store was never used with, and goes on with the earlier one', async t => {
  const path = temporaryPath(t)
  await use(path, first)
  await assert.rejects(use(path, second), unknown)
  await assert.rejects(use(path, [second, third]), unknown)
  await assert.rejects(use(path, second), new RegExp(path))
  await use(path, first)
})

test('a list that holds a known secret adds its others, wherever it stands', async t => {
  const path = temporaryPath(t)
  await use(path, first)
  await use(path, [second, first])
  await use(path, second)
  await use(path, [third, second])
  await use(path, third)
  await use(path, first)
})

for (const [what, begin] of [
  ['stores', (engine: ReturnType<typeof engineOf>) => engine.send(request)],
  ['stores what it prepared', (engine: ReturnType<typeof engineOf>) => engine.store([engine.prepare(sealedRequest)])],
  ['calls', (engine: ReturnType<typeof engineOf>) => engine.call(request)],
  ['sends what is due', (engine: ReturnType<typeof engineOf>) => engine.deliverDue()],
] as const)
  test(`a process that only ${what} and never starts is refused as well, before anything is signed`, async () => {
    const store = memoryStore()
    await engineOf(store, first).send(request)
    const sent: string[] = []
    await assert.rejects(async () => begin(engineOf(store, second, { sent })), unknown)
    assert.deepEqual(sent, [])
    assert.equal((await store.counts()).scheduled, 1)
    await begin(engineOf(store, first, { sent }))
  })

test('a refused process goes on once its secret was adopted', async () => {
  const store = memoryStore()
  await engineOf(store, first).start()
  const engine = engineOf(store, second)
  await assert.rejects(engine.send(request), unknown)
  await engineOf(store, [second, first]).start()
  await engine.send(request)
})

test('nothing is held, shown or changed under a secret that the store was never used with', async () => {
  const store = memoryStore()
  await engineOf(store, first).start()
  const refused = engineOf(store, second)
  await assert.rejects(refused.hold([refused.prepare(request)]), unknown)
  await assert.rejects(refused.secretFor('customer-17'), unknown)
  await assert.rejects(refused.rotateSecret('customer-17'), unknown)
  assert.equal((await store.counts()).scheduled, 0)
  assert.deepEqual(await store.secretVersions({ recipient: 'customer-17', now: 0 }), [1])
})

test('the store is asked once, however much is stored', async () => {
  const store = memoryStore()
  let asked = 0
  const useKeys: DeliveryStore['useKeys'] = request => {
    asked++
    return store.useKeys(request)
  }
  const engine = engineOf({ ...store, useKeys }, first)
  await Promise.all([engine.send(request), engine.send(request), engine.call(request)])
  await engine.send(request)
  await engine.start()
  await engine.deliverDue()
  assert.equal(asked, 1)
})

for (const [what, holds, fits, doesNot] of [
  ['sealed headers', sealedRequest, first, second],
  ['sealed headers, of a rotated secret', sealedRequest, [second, first], [second, third]],
  ['a sealed body', { ...request, body: Buffer.from('x'), sealBodies: true }, first, second],
] as const)
  test(`a store without ids that holds ${what} takes only a secret that opens them`, async t => {
    const path = temporaryPath(t)
    const { sealBodies = false, ...held } = { sealBodies: false, ...holds }
    const engine = engineOf(sqliteStore({ path }), first, { sealBodies })
    await engine.send(held)
    await engine.close({ graceMs: 0 })
    using database = new DatabaseSync(path)
    database.exec('delete from ringback_key')
    await assert.rejects(use(path, doesNot), unknown)
    assert.equal(database.prepare('select count(*) as count from ringback_key').get()?.['count'], 0)
    await use(path, fits)
    // Whatever becomes of what is sealed: from now on the store knows it by itself.
    const owner = engineOf(sqliteStore({ path }), fits)
    await owner.deliveries.erase({})
    await owner.close({ graceMs: 0 })
    await assert.rejects(use(path, third), unknown)
  })

test('a store without ids and sealed headers takes the first secret', async t => {
  const path = temporaryPath(t)
  const engine = engineOf(sqliteStore({ path }), first)
  await engine.send(request)
  await engine.close({ graceMs: 0 })
  using database = new DatabaseSync(path)
  database.exec('delete from ringback_key')
  await use(path, second)
  await assert.rejects(use(path, first), unknown)
})

test('what is stored within a transaction is refused there, and its end decides what is known', async () => {
  const database = new DatabaseSync(':memory:')
  const store = sqliteStore({ database })
  const engine = engineOf(store, first)
  database.exec('begin')
  await engine.store([engine.prepare(request)], { transaction: database })
  database.exec('rollback')
  assert.equal((await store.useKeys({ ids: ['other'], adopt: false })).known, true)
  database.exec('begin')
  await assert.rejects(engine.store([engine.prepare(request)], { transaction: database }), unknown)
  database.exec('commit')
  assert.equal((await store.counts()).scheduled, 0)
})

test('a store that does not answer now is asked again before anything is stored or sent', async () => {
  const store = memoryStore()
  const engine = engineOf(store, first)
  await engine.send(request)
  let away = true
  const useKeys: DeliveryStore['useKeys'] = async request => {
    if (away) throw new StoreUnavailableError('it is away')
    return store.useKeys(request)
  }
  const sent: string[] = []
  const other = engineOf({ ...store, useKeys }, second, { sent })
  await other.start()
  await assert.rejects(other.send(request), { code: 'ERR_STORE_UNAVAILABLE' })
  away = false
  await assert.rejects(other.send(request), unknown)
  await assert.rejects(other.deliverDue(), unknown)
  assert.deepEqual(sent, [])
})
