import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { inspect } from 'node:util'
import pg from 'pg'
import { callback, HttpError, Ringback } from 'ringback'
import { type PostgresStore, postgresStore } from 'ringback/postgres'
import { generateSecret } from 'ringback/signature'
import { z } from 'zod'
import { type PostgresServer, startPostgres } from './support/postgres-server.ts'

let server: PostgresServer
let pool: pg.Pool
before(async () => {
  server = await startPostgres()
  pool = new pg.Pool({ connectionString: server.connectionString, max: 6 })
  await pool.query('create table orders (id text primary key)')
})
after(async () => {
  await pool.end()
  await server.stop()
})

const signing = { masterSecret: generateSecret() }

/** An application whose handlers insert an order and send a callback in one transaction. */
function shop<Client extends pg.PoolClient>(store: PostgresStore<Client>) {
  const app = new Ringback({ title: 'Shop', version: '1.0.0', delivery: { store, signing, worker: false } })
  const ordered = callback.post('{$callback_url}/ordered', { body: z.object({ id: z.string() }) })
  app.post(
    '/orders/{id}',
    {
      query: z.object({ callback_url: z.url(), fail: z.stringbool().default(false) }),
      dependencies: { tx: store.transaction },
      callbacks: { ordered },
    },
    async function createOrder({ params, query, callbacks, tx }) {
      await tx.query('insert into orders (id) values ($1)', [params.id])
      await callbacks.ordered.send({ id: params.id }, { transaction: tx })
      if (query.fail) throw new HttpError(409, 'It is sold out')
    },
  )
  const order = async (id: string, more = '') =>
    (
      await app.fetch(
        new Request(`http://a.example/orders/${id}?callback_url=https://b.example${more}`, { method: 'POST' }),
      )
    ).status
  return { app, order }
}

const isOrdered = async (id: string) => (await pool.query('select 1 from orders where id = $1', [id])).rowCount === 1

describe('a handler with the transaction of its store', () => {
  it('stores its rows and its callbacks together, and neither where it throws or its row cannot be stored', async () => {
    const store = postgresStore({ pool, schema: 'together' })
    const { app, order } = shop(store)
    assert.equal(await order('a'), 204)
    assert.equal(await order('b', '&fail=true'), 409)
    assert.equal(await order('a'), 500)
    assert.deepEqual([await isOrdered('a'), await isOrdered('b')], [true, false])
    assert.equal((await store.counts()).scheduled, 1)
    await app.close()
  })

  it('goes on while more requests come than there are connections', async () => {
    const store = postgresStore({ pool, schema: 'together' })
    const { app, order } = shop(store)
    const before = (await store.counts()).scheduled
    const statuses = await Promise.all(Array.from({ length: 30 }, (_, at) => order(`many${at}`)))
    assert.ok(statuses.every(status => status === 204))
    assert.equal((await store.counts()).scheduled, before + 30)
    assert.equal(pool.idleCount, pool.totalCount)
    await app.close()
  })

  it('has connections of its own where the store was given no pool', async () => {
    const store = postgresStore({ connectionString: server.connectionString, schema: 'own', connections: 2 })
    const app = new Ringback({ title: 'Shop', version: '1.0.0', delivery: { store, signing, worker: false } })
    app.post('/orders/{id}', { dependencies: { tx: store.transaction } }, async function createOrder({ params, tx }) {
      const { rows } = await tx.query('insert into orders (id) values ($1) returning id', [params.id])
      assert.equal(rows[0]?.['id'], params.id)
    })
    const order = (id: string) => app.fetch(new Request(`http://a.example/orders/${id}`, { method: 'POST' }))
    const responses = await Promise.all(Array.from({ length: 8 }, (_, at) => order(`own${at}`)))
    assert.ok(responses.every(({ status }) => status === 204))
    assert.equal(await isOrdered('own7'), true)
    await app.close()
  })
})

describe('an application that names no store', () => {
  it('uses the database server that the environment names, and shows its password nowhere', async t => {
    const { RINGBACK_STORE, RINGBACK_SCHEMA } = process.env
    t.after(() => {
      for (const [name, value] of Object.entries({ RINGBACK_STORE, RINGBACK_SCHEMA }))
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
    })
    process.env['RINGBACK_SCHEMA'] = 'named'
    const lines: string[] = []
    const line = (text: string, fields?: object) => void lines.push(text, inspect(fields))
    const log = { debug: line, info: line, warn: line, error: line }
    const appIn = (url: string) => {
      process.env['RINGBACK_STORE'] = url
      const app = new Ringback({ title: 'T', version: '1', log, delivery: { signing, worker: false } })
      app.post('/send', { callbacks: { sent: callback.post('https://b.example/', {}) } }, async ({ callbacks }) => {
        await callbacks.sent.send()
      })
      return app
    }
    const app = appIn(server.connectionString)
    await app.start()
    assert.equal((await app.fetch(new Request('http://a.example/send', { method: 'POST' }))).status, 204)
    assert.equal((await pool.query('select * from named.queue')).rowCount, 1)
    await app.close()
    const wrong = appIn(server.connectionString.replace(':password@', ':guessed@'))
    await assert.rejects(wrong.start(), (error: Error) => {
      assert.match(error.message, /refuses the user or the password \(RINGBACK_STORE names PostgreSQL at 127\.0\.0\.1/)
      assert.doesNotMatch(inspect(error), /guessed/)
      return true
    })
    assert.doesNotMatch(lines.join('\n'), /password@|guessed/)
    const unsigned = new Ringback({ title: 'T', version: '1', log })
    await assert.rejects(unsigned.deliveries.counts(), {
      message: /^A store on a database server needs a master secret/,
    })
  })
})
