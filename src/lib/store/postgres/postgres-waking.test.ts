import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import pg from 'pg'
import { startPostgres } from '../../../../test/support/postgres-server.ts'
import { accepted, claimIds, claimRequest, newDelivery } from '../conformance/rows.ts'
import { postgresStore } from './postgres-store.ts'

const server = await startPostgres()
const { connectionString } = server
const client = new pg.Client({ connectionString })
await client.connect()
after(async () => {
  await client.end()
  await server.stop()
})

const open = (schema: string) => postgresStore({ connectionString, schema, wake: 'listen', time: 'caller' })
type Store = ReturnType<typeof open>

/** What a worker of a store is told, one after the other. */
function watched(store: Store) {
  let told = Promise.withResolvers<void>()
  let count = 0
  const stop = store.watch!(() => {
    count++
    told.resolve()
    told = Promise.withResolvers()
  })
  return { stop, next: () => told.promise, count: () => count }
}

const waiters = async () => {
  const { rows } = await client.query(
    `select pid from pg_stat_activity where application_name = 'ringback waits' and datname = current_database()`,
  )
  return rows.map(({ pid }) => Number(pid))
}
const locks = async () => {
  const { rows } = await client.query(`select count(*)::int as n from pg_locks where locktype = 'advisory'
    and database = (select oid from pg_database where datname = current_database())`)
  return rows[0].n as number
}
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(resolve => setImmediate(resolve))
}

/** A store of a worker that waits because it has found nothing. */
async function waiting(schema: string) {
  const store = open(schema)
  const worker = watched(store)
  await until(() => worker.count() > 0)
  await claimIds(store, Date.now())
  await until(async () => (await locks()) > 0)
  return { store, worker }
}

describe('a worker that listens', () => {
  it('is told of what another process adds, also in a transaction, when that is committed', async () => {
    const { store, worker } = await waiting('told')
    const other = open('told')
    const now = Date.now()
    const told = worker.next()
    await other.add({ rows: [newDelivery('a')], now })
    await told
    assert.deepEqual(await claimIds(store, Date.now()), ['a'])
    await until(async () => (await locks()) > 0)
    await client.query('begin')
    const again = worker.next()
    await other.add({ rows: [newDelivery('b')], now, transaction: client })
    const before = worker.count()
    await client.query('select 1')
    assert.equal(worker.count(), before)
    await client.query('commit')
    await again
    worker.stop()
    await Promise.all([store.close(), other.close()])
    assert.equal(await locks(), 0)
  })

  it('says that it waits only while it could do more: nobody is told of anything otherwise', async () => {
    const { store, worker } = await waiting('busy')
    const other = open('busy')
    const rows = ['a', 'b', 'c'].map(id => newDelivery(id, { host: `${id}.example` }))
    const told = worker.next()
    await other.add({ rows, now: Date.now() })
    await told
    const { claimed } = await store.claim(claimRequest(Date.now(), { limit: 1 }))
    assert.equal(claimed.length, 1)
    await until(async () => (await locks()) === 0)
    const count = worker.count()
    await other.add({ rows: [newDelivery('d', { host: 'd.example' })], now: Date.now() })
    await store.endAttempts({ attempts: claimed.map(accepted), now: Date.now() })
    assert.equal(worker.count(), count)
    worker.stop()
    await Promise.all([store.close(), other.close()])
  })

  it('listens again after its connection was lost, and looks at once', async () => {
    const { store, worker } = await waiting('lost')
    const [pid] = await waiters()
    const told = worker.next()
    await client.query('select pg_terminate_backend($1)', [pid])
    await told
    assert.notDeepEqual(await waiters(), [pid])
    worker.stop()
    await until(async () => (await waiters()).length === 0)
    await store.close()
  })

  it('is not held up by a server that it cannot reach', async () => {
    const listenConnectionString = 'postgres://postgres:wrong@127.0.0.1:9/none'
    const store = postgresStore({ connectionString, schema: 'deaf', wake: 'listen', listenConnectionString })
    const worker = watched(store)
    await store.add({ rows: [newDelivery('a')], now: Date.now() })
    assert.deepEqual(await claimIds(store, Date.now()), ['a'])
    worker.stop()
    await store.close()
  })

  it('needs a connection of its own, and says so', () => {
    const pool = new pg.Pool({ connectionString })
    const refused = (options: object, message: RegExp) =>
      assert.throws(() => postgresStore({ pool, ...options }), { code: 'ERR_DEFINITION', message })
    refused({ wake: 'listen' }, /needs "listenConnectionString"/)
    refused({ wake: 'shout' }, /"wake" of "postgresStore" is "shout"/)
    refused({ listenConnectionString: 'postgres://a' }, /is for wake: "listen"/)
    refused({ wake: 'listen', listenConnectionString: 7 }, /is not a text/)
  })
})
