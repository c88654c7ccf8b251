import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import pg from 'pg'
import { startPostgres } from '../../../../test/support/postgres-server.ts'
import { claimIds, newDelivery, startMs } from '../conformance/rows.ts'
import { postgresStore } from './postgres-store.ts'

const server = await startPostgres()
const { connectionString } = server
const pool = new pg.Pool({ connectionString, max: 8 })
await pool.query('create table invoice (id text primary key)')
const store = postgresStore({ pool, time: 'caller' })
after(async () => {
  await pool.end()
  await server.stop()
})

const notInTransaction = { code: 'ERR_NOT_IN_TRANSACTION' }
const add = (id: string, transaction?: unknown) => store.add({ rows: [newDelivery(id)], now: startMs, transaction })
const isInvoice = async (id: string) => (await pool.query('select 1 from invoice where id = $1', [id])).rowCount === 1

async function withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    return await work(client)
  } finally {
    client.release()
  }
}

test('what is sent in a transaction is stored with the rows of the transaction, or with them it is not', async () => {
  for (const end of ['commit', 'rollback'])
    await withClient(async client => {
      await client.query('begin')
      await client.query('insert into invoice values ($1)', [end])
      assert.deepEqual(await add(end, client), { added: [{ id: end, repeated: false }] })
      assert.equal(await store.get(end), undefined)
      await client.query(end)
      assert.equal((await store.get(end)) !== undefined, end === 'commit')
      assert.equal(await isInvoice(end), end === 'commit')
    })
  assert.equal((await store.counts()).scheduled, 1)
  assert.deepEqual(await claimIds(store, startMs), ['commit'])
})

test('a pool, a client without a transaction, one whose transaction has failed, and no client are refused', async () => {
  await assert.rejects(add('pool', pool), notInTransaction)
  await withClient(async client => {
    await assert.rejects(add('none', client), notInTransaction)
    await client.query('begin')
    await assert.rejects(client.query('select 1/0'))
    await assert.rejects(add('failed', client), notInTransaction)
    await client.query('rollback')
  })
  for (const other of [{}, 7, 'begin', { query: 'no function' }])
    await assert.rejects(add('other', other), notInTransaction)
  for (const id of ['pool', 'none', 'failed', 'other']) assert.equal(await store.get(id), undefined)
})

test('a pool is refused even where its next connection happens to have a transaction', async () => {
  const leaking = new pg.Pool({ connectionString, max: 1 })
  await leaking.query('begin')
  await leaking.query('savepoint there_is_one')
  await assert.rejects(add('leaked', leaking), { ...notInTransaction, message: /it is a pool/ })
  await leaking.query('commit')
  await leaking.end()
  assert.equal(await store.get('leaked'), undefined)
})

test('the transaction of another library is taken by what sends a statement in it, however it reads types', async () => {
  await withClient(async client => {
    const values = {
      16: (text: string) => text === 't',
      17: (text: string) => new Uint8Array(Buffer.from(text.slice(2), 'hex')),
    }
    const getTypeParser = (oid: number) => ({ ...values, 20: BigInt, 23: Number })[oid] ?? String
    const transaction = {
      async query(text: string, given: readonly unknown[]) {
        try {
          return await client.query({ text, values: [...given], types: { getTypeParser } as never })
        } catch (cause) {
          throw new Error('The library failed', { cause })
        }
      },
    }
    await assert.rejects(add('too early', transaction), notInTransaction)
    await client.query('begin')
    const keyed = { idempotencyKey: 'library', digest: 'same' }
    const held = { rows: [newDelivery('library', keyed)], now: startMs, heldUntil: startMs + 60_000 }
    await store.add(held)
    const again = await store.add({ rows: [newDelivery('again', keyed)], now: startMs, transaction })
    assert.deepEqual(again, { added: [{ id: 'library', repeated: true, released: true }] })
    await add('by library', transaction)
    await client.query('commit')
  })
  assert.notEqual(await store.get('by library'), undefined)
  assert.equal(await store.get('too early'), undefined)
})

test('the transaction of a library that rounds large numbers is refused in words', async () => {
  await withClient(async client => {
    const transaction = {
      query: (text: string, values: readonly unknown[]) =>
        client.query({ text, values: [...values], types: { getTypeParser: () => () => 2 ** 60 } as never }),
    }
    await client.query('begin')
    await assert.rejects(add('rounded', transaction), { code: 'ERR_STORE_UNAVAILABLE', message: /which is not exact/ })
    await client.query('commit')
  })
  assert.equal(await store.get('rounded'), undefined)
})

test('a client of another database is refused, and its transaction goes on', async () => {
  const other = await startPostgres()
  const elsewhere = new pg.Pool({ connectionString: other.connectionString })
  // Its server ends connections that the pool is still closing.
  elsewhere.on('error', () => {})
  const theirs = postgresStore({ pool: elsewhere, schema: 'other', time: 'caller' })
  await theirs.migrate()
  const client = await elsewhere.connect()
  await client.query('begin')
  await assert.rejects(add('elsewhere', client), { ...notInTransaction, message: /another database/ })
  const alike = postgresStore({ pool, schema: 'other', time: 'caller' })
  const added = alike.add({ rows: [newDelivery('alike')], now: startMs, transaction: client })
  await assert.rejects(added, { ...notInTransaction, message: /another database/ })
  assert.equal((await client.query('select 1 as one')).rows[0].one, 1)
  await client.query('commit')
  client.release()
  await elsewhere.end()
  await other.stop()
})

test('what cannot be stored leaves the transaction as it was', async () => {
  await withClient(async client => {
    await client.query('begin')
    await client.query("insert into invoice values ('kept')")
    const rows = [newDelivery('one', { idempotencyKey: 'key', digest: 'one' })]
    await store.add({ rows, now: startMs, transaction: client })
    const other = [newDelivery('two', { idempotencyKey: 'key', digest: 'two' }), newDelivery('three')]
    const result = await store.add({ rows: other, now: startMs, transaction: client })
    assert.deepEqual(result, { conflict: { index: 0, id: 'one' } })
    const tooLarge = [newDelivery('large', { timeoutMs: 2 ** 40 })]
    const refused = store.add({ rows: tooLarge, now: startMs, transaction: client })
    await assert.rejects(refused, { code: 'ERR_STORE_UNAVAILABLE' })
    await client.query('commit')
  })
  assert.equal(await isInvoice('kept'), true)
  assert.deepEqual([await store.get('three'), await store.get('large')], [undefined, undefined])
})

test('a key that another transaction stored meanwhile stands for what that stored', async () => {
  const keyed = (id: string) => ({ rows: [newDelivery(id, { idempotencyKey: 'raced', digest: 'same' })], now: startMs })
  await withClient(async first => {
    await first.query('begin')
    await store.add({ ...keyed('first'), transaction: first })
    const second = store.add(keyed('second'))
    await first.query('commit')
    assert.deepEqual(await second, { added: [{ id: 'first', repeated: true }] })
  })
})
