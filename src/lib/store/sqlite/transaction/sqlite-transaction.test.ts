import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, it } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../../../test/support/recording-log.ts'
import { Ringback } from '../../../app/ringback.ts'
import { HttpError } from '../../../http/http-error.ts'
import { callback } from '../../../operation/callback-definition.ts'
import { sqliteStore } from '../sqlite-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'ringback-transaction-'))
const databases: DatabaseSync[] = []
after(() => {
  for (const database of databases) if (database.isOpen) database.close()
  rmSync(folder, { recursive: true })
})

const signing = { masterSecret: 'm'.repeat(32) }
const wait = () => new Promise(resolve => setImmediate(resolve))
const ordered = callback.post('{$callback_url}/ordered', { body: z.object({ id: z.string() }) })
const query = z.object({ callback_url: z.url(), end: z.string().default('return') })
type Tx = DatabaseSync

/** An application whose handlers insert an order and send a callback in one transaction. */
function shop(path = join(folder, `${databases.length}.sqlite`), waitLimitMs = 5_000) {
  const database = new DatabaseSync(path)
  databases.push(database)
  database.exec('create table orders (id text primary key)')
  const store = sqliteStore({ database, waitLimitMs })
  const log = new RecordingLog()
  const app = new Ringback({ title: 'Shop', version: '1.0.0', log, delivery: { store, signing, worker: false } })
  const insert = (tx: Tx, id: string) => tx.prepare('insert into orders (id) values (?)').run(id)
  const dependencies = { tx: store.transaction }
  app.post('/orders/{id}', { query, dependencies, callbacks: { ordered } }, async function createOrder(context) {
    const { params, query, callbacks, tx } = context
    insert(tx, params.id)
    await wait()
    await callbacks.ordered.send({ id: params.id }, { transaction: tx })
    await wait()
    if (query.end === 'throw') throw new HttpError(409, 'It is sold out')
    if (query.end === 'commit') tx.exec('commit')
  })
  const request = (url: string, init: RequestInit = {}) =>
    app.fetch(new Request(`http://a.example${url}`, { method: 'POST', ...init }))
  const order = async (id: string, end = 'return') =>
    (await request(`/orders/${id}?callback_url=https://b.example/${id}&end=${end}`)).status
  const orders = () =>
    database
      .prepare('select id from orders order by id')
      .all()
      .map(({ id }) => String(id))
  const sent = async () => {
    const { items } = await app.deliveries.list({ limit: 100 })
    return items.map(({ url }) => url.split('/')[3]).sort()
  }
  return { database, store, app, log, insert, dependencies, request, order, orders, sent }
}

for (const [where, path] of [
  ['in a file', undefined],
  ['in memory', ':memory:'],
] as const)
  describe(`the transaction of a store ${where}`, () => {
    it('stores rows and callbacks together, and neither where the handler throws or the row cannot be stored', async () => {
      const { app, order, orders, sent } = shop(path)
      assert.deepEqual([await order('a'), await order('b', 'throw'), await order('a')], [204, 409, 500])
      assert.deepEqual([orders(), await sent()], [['a'], ['a']])
      await app.close()
    })

    it('keeps requests that come at the same time out of the transactions of others', async () => {
      const { app, order, orders, sent } = shop(path)
      const ids = Array.from({ length: 30 }, (_, at) => `n${String(at).padStart(2, '0')}`)
      const statuses = await Promise.all(ids.map((id, at) => order(id, at % 3 === 0 ? 'throw' : 'return')))
      const kept = ids.filter((_, at) => statuses[at] === 204)
      assert.equal(kept.length, 20)
      assert.deepEqual([orders(), await sent()], [kept, kept])
      await app.close()
    })

    it("refuses the program's own connection while a transaction is open, and what ended before", async () => {
      const { app, database, dependencies, request, orders, sent } = shop(path)
      const other = Promise.withResolvers<void>()
      const goOn = Promise.withResolvers<void>()
      let kept: (() => unknown)[] = []
      app.post('/open', { query, dependencies }, async ({ tx }) => {
        const statement = tx.prepare("insert into orders (id) values ('open')")
        kept = [() => statement.run(), () => tx.exec('select 1'), () => tx.isTransaction]
        other.resolve()
        await goOn.promise
        assert.throws(() => tx.close(), /not for the connection of a transaction/)
      })
      app.post('/raw', { query, callbacks: { ordered } }, async ({ callbacks }) => {
        await callbacks.ordered.send({ id: 'raw' }, { transaction: database })
      })
      const open = request('/open?callback_url=https://b.example')
      await other.promise
      assert.equal((await request('/raw?callback_url=https://b.example/raw')).status, 500)
      goOn.resolve()
      assert.equal((await open).status, 204)
      for (const use of kept) assert.throws(use, /The transaction has ended/)
      assert.deepEqual([orders(), await sent()], [[], []])
      await app.close()
    })

    it('fails a request whose handler ends the transaction itself', async () => {
      const { app, log, order } = shop(path)
      assert.equal(await order('a', 'commit'), 500)
      assert.match(String(log.messages.at(-1)?.fields?.['error']), /has ended already/)
      assert.equal(await order('b'), 204)
      await app.close()
    })
  })

describe('the transaction of a store', () => {
  it('takes whatever the handler sends, also without naming it, waiting for it, or once more by its key', async () => {
    const { app, dependencies, request, sent } = shop()
    app.post('/all/{id}', { query, dependencies, callbacks: { ordered } }, async ({ params, query, callbacks }) => {
      const first = await callbacks.ordered.send(params, { idempotencyKey: params.id })
      assert.equal((await callbacks.ordered.send(params, { idempotencyKey: params.id })).id, first.id)
      void callbacks.ordered.send({ id: 'unawaited' })
      if (query.end === 'throw') throw new HttpError(409, 'No')
    })
    const all = async (id: string, end: string) =>
      (await request(`/all/${id}?callback_url=https://b.example/${id}&end=${end}`)).status
    assert.deepEqual([await all('a', 'return'), await all('b', 'throw'), await all('a', 'return')], [204, 409, 204])
    assert.deepEqual(await sent(), ['a', 'a', 'a'])
    await app.close()
  })

  it('leaves out what others write and send meanwhile, which waits or is refused', async () => {
    const { app, database, dependencies, request, insert, orders, sent } = shop()
    database.exec('pragma busy_timeout = 600000')
    const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    app.post('/fails', { query, dependencies }, async ({ tx }) => {
      insert(tx, 'undone')
      begun.resolve()
      await goOn.promise
      throw new HttpError(409, 'No')
    })
    app.post('/plain', { query, callbacks: { ordered } }, async ({ callbacks }) => {
      await callbacks.ordered.send({ id: 'plain' })
    })
    const failing = request('/fails?callback_url=https://b.example')
    await begun.promise
    assert.throws(() => insert(database, 'raw'), /database is locked/)
    assert.deepEqual(orders(), [])
    const plain = request('/plain?callback_url=https://b.example/plain')
    await wait()
    goOn.resolve()
    assert.deepEqual([(await failing).status, (await plain).status], [409, 204])
    insert(database, 'later')
    assert.deepEqual([orders(), await sent()], [['later'], ['plain']])
    await app.close()
  })

  it('is begun only when the body has come: one that drips holds up nobody', async () => {
    const { app, order, dependencies, request, orders, insert } = shop(undefined, 500)
    const body = z.object({ id: z.string() })
    app.post('/slow', { body, dependencies }, async ({ body, tx }) => void insert(tx, body.id))
    let end = () => {}
    const dripping = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from('{"id":'))
        end = () => {
          controller.enqueue(Buffer.from('"slow"}'))
          controller.close()
        }
      },
    })
    const headers = { 'content-type': 'application/json' }
    const slow = request('/slow', { body: dripping, headers, duplex: 'half' } as RequestInit)
    await wait()
    assert.equal(await order('quick'), 204)
    end()
    assert.equal((await slow).status, 204)
    assert.deepEqual(orders(), ['quick', 'slow'])
    assert.equal((await request('/slow', { body: '{"id":7}', headers })).status, 422)
    await app.close()
  })

  it('waits while another process has the lock, and gives up after the time limit', async () => {
    const { app, database, order, orders } = shop(undefined, 40)
    const other = new DatabaseSync(database.location()!)
    other.exec('begin immediate')
    assert.equal(await order('a'), 503)
    other.exec('commit')
    assert.equal(await order('b'), 204)
    assert.deepEqual(orders(), ['b'])
    other.close()
    await app.close()
  })

  it('is refused where it is anything but a connection in a transaction, and nothing is written', async () => {
    const { app, database, request, sent } = shop()
    const other = new DatabaseSync(':memory:')
    other.exec('begin')
    const pool = { query: async () => ({ rows: [] }), connect: async () => database, totalCount: 1 }
    const errors: unknown[] = []
    app.post('/with', { query, callbacks: { ordered } }, async ({ callbacks }) => {
      for (const transaction of [pool, other, database, {}, 7, null])
        await callbacks.ordered.send({ id: 'x' }, { transaction }).catch((error: unknown) => errors.push(error))
    })
    assert.equal((await request('/with?callback_url=https://b.example')).status, 204)
    assert.deepEqual(
      errors.map(error => (error as { code?: unknown }).code),
      errors.map(() => 'ERR_NOT_IN_TRANSACTION'),
    )
    assert.deepEqual([errors.length, await sent()], [6, []])
    await app.close()
  })

  it('is the same for all stores of a database, and leaves its settings as they were', async () => {
    const { app, database, store, order, sent } = shop()
    database.exec('pragma busy_timeout = 1234')
    assert.equal(sqliteStore({ database }).transaction, store.transaction)
    assert.equal(await order('a'), 204)
    assert.equal(database.prepare('pragma busy_timeout').get()?.['timeout'], 1234)
    await app.close()
    assert.deepEqual(await sent(), ['a'])
  })

  it('is refused for a WebSocket, which may be open for long', () => {
    const { app, dependencies } = shop()
    assert.throws(() => app.websocket('/live', { dependencies }, async () => {}), {
      code: 'ERR_DEFINITION',
      message: /^"tx" of WebSocket \/live would hold a transaction/,
    })
  })
})
