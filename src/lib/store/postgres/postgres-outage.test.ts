import assert from 'node:assert/strict'
import { connect as connectTo, createServer, type Socket } from 'node:net'
import { after, test } from 'node:test'
import pg from 'pg'
import { startPostgres } from '../../../../test/support/postgres-server.ts'
import { claimIds, newDelivery, startMs } from '../conformance/rows.ts'
import { postgresStore } from './postgres-store.ts'

const server = await startPostgres()
const { port: serverPort } = new URL(server.connectionString)
after(() => server.stop())

const unavailable = { code: 'ERR_STORE_UNAVAILABLE' }
const unknown = { code: 'ERR_STORE_OUTCOME_UNKNOWN' }
let schemas = 0

/** A way to the server that can be cut, and that can hold back what the server answers to a commit. */
async function cuttable() {
  const state = { isCut: false, cutsCommits: false }
  const sockets = new Set<Socket>()
  const proxy = createServer(client => {
    if (state.isCut) return void client.destroy()
    const upstream = connectTo(Number(serverPort), '127.0.0.1')
    sockets.add(client)
    client.on('data', data => {
      upstream.write(data)
      if (state.cutsCommits && data.includes('commit\0')) client.destroy()
    })
    upstream.on('data', data => client.write(data))
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => {})
      one.on('close', () => other.end())
    }
  })
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  const { port } = proxy.address() as { port: number }
  return {
    state,
    connectionString: server.connectionString.replace(serverPort, String(port)),
    cut() {
      state.isCut = true
      for (const socket of sockets) socket.destroy()
    },
    close: () => proxy.close(),
  }
}

function open(connectionString: string, given: { readonly waitLimitMs?: number } = {}) {
  return postgresStore({ connectionString, schema: `outage_${++schemas}`, time: 'caller', ...given })
}

test('while the server is away new work is refused, and afterwards everything goes on', async t => {
  const way = await cuttable()
  const store = open(way.connectionString)
  t.after(async () => {
    await store.close()
    way.close()
  })
  await store.add({ rows: [newDelivery('before')], now: startMs })
  way.cut()
  await assert.rejects(store.add({ rows: [newDelivery('refused')], now: startMs }), unavailable)
  await assert.rejects(store.counts(), unavailable)
  way.state.isCut = false
  await store.add({ rows: [newDelivery('after')], now: startMs })
  assert.equal(await store.get('refused'), undefined)
  assert.equal((await store.counts()).scheduled, 2)
})

test('a connection that died while nobody used it is replaced without a word', async t => {
  const pool = new pg.Pool({ connectionString: server.connectionString })
  const store = open(server.connectionString)
  t.after(async () => {
    await store.close()
    await pool.end()
  })
  await store.add({ rows: [newDelivery('before')], now: startMs })
  await pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ringback' and datname = current_database()",
  )
  await store.add({ rows: [newDelivery('after')], now: startMs })
  assert.equal((await store.counts()).scheduled, 2)
})

test('a commit whose answer was lost is told to be unknown, and repeating it stores nothing twice', async t => {
  const way = await cuttable()
  const store = open(way.connectionString)
  t.after(async () => {
    await store.close()
    way.close()
  })
  await store.migrate()
  way.state.cutsCommits = true
  const rows = [newDelivery('one')]
  await assert.rejects(store.add({ rows, now: startMs }), unknown)
  way.state.cutsCommits = false
  await store.add({ rows, now: startMs })
  assert.deepEqual(await claimIds(store, startMs), ['one'])
  assert.equal((await store.counts()).attempting, 1)
})

test('a lock that somebody holds for too long makes calls fail in time, and nothing is left of them', async t => {
  const pool = new pg.Pool({ connectionString: server.connectionString })
  const store = open(server.connectionString, { waitLimitMs: 300 })
  const schema = `outage_${schemas}`
  t.after(async () => {
    await store.close()
    await pool.end()
  })
  await store.migrate()
  const client = await pool.connect()
  await client.query(`begin; lock table "${schema}".delivery in access exclusive mode`)
  await assert.rejects(store.add({ rows: [newDelivery('late')], now: startMs }), unavailable)
  await client.query('rollback')
  client.release()
  assert.equal(await store.get('late'), undefined)
  await store.add({ rows: [newDelivery('late')], now: startMs })
  assert.equal((await store.counts()).scheduled, 1)
})

test('who may not connect is told why, without the password', async () => {
  const store = postgresStore({ connectionString: server.connectionString.replace(':password@', ':s3cret@') })
  const error = await store.counts().catch(error => error)
  assert.equal(error.code, 'ERR_STORE_UNAVAILABLE')
  assert.equal(error.lasting, true)
  assert.match(error.message, /refuses the user or the password/)
  assert.doesNotMatch(error.message, /s3cret/)
  await store.close()
})

test('several processes make the tables at the same time, and newer tables are refused', async t => {
  const pool = new pg.Pool({ connectionString: server.connectionString, max: 6 })
  t.after(() => pool.end())
  const all = Array.from({ length: 4 }, () => postgresStore({ pool, schema: 'Made "together"', time: 'caller' }))
  await Promise.all(all.map((store, at) => store.add({ rows: [newDelivery(`d${at}`)], now: startMs })))
  assert.equal((await all[0]?.counts())?.scheduled, 4)
  await pool.query('update "Made ""together""".engine set version = version + 1')
  assert.equal((await all[0]?.counts())?.scheduled, 4)
  await pool.query('update "Made ""together""".engine set version = version + 1')
  await assert.rejects(all[1]!.counts(), { ...unavailable, lasting: true, message: /update Ringback/ })
})

test('a user who may only read and write the tables needs no other right once they are there', async t => {
  const pool = new pg.Pool({ connectionString: server.connectionString })
  t.after(() => pool.end())
  await postgresStore({ pool, schema: 'rights', time: 'caller' }).migrate()
  const writer = `writer_${process.pid}`
  await pool.query(`create role ${writer} login password 'writer'; grant usage on schema rights to ${writer};
    grant select, insert, update, delete on all tables in schema rights to ${writer}`)
  const connectionString = server.connectionString.replace('postgres:password@', `${writer}:writer@`)
  const store = postgresStore({ connectionString, schema: 'rights', time: 'caller' })
  assert.deepEqual(await store.useKeys({ ids: ['key'], adopt: false }), { known: true })
  await store.add({ rows: [newDelivery('one')], now: startMs })
  assert.deepEqual(await claimIds(store, startMs), ['one'])
  await store.close()
  const stranger = postgresStore({ connectionString, schema: 'elsewhere', time: 'caller' })
  await assert.rejects(stranger.counts(), { ...unavailable, lasting: true, message: /may not do this/ })
  await stranger.close()
})
