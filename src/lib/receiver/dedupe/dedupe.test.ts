import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, it, test } from 'node:test'
import pg from 'pg'
import { startPostgres } from '../../../../test/support/postgres-server.ts'
import { ManualClock } from '../../manual-clock.ts'
import type { Dedupe, DedupeTimes } from './dedupe.ts'
import { memoryDedupe } from './memory-dedupe.ts'
import { postgresDedupe } from './postgres-dedupe.ts'
import { sqliteDedupe } from './sqlite-dedupe.ts'

const folder = await mkdtemp(join(tmpdir(), 'ringback-dedupe-'))
const server = await startPostgres()
const pool = new pg.Pool({ connectionString: server.connectionString, max: 8 })
after(async () => {
  await pool.end()
  await server.stop()
  await rm(folder, { recursive: true })
})

const path = join(folder, 'received.sqlite')
const clock = new ManualClock()
const response = { status: 201, headers: { 'content-type': 'application/json' }, body: '"\\u0000 ä"' }
const other = { status: 204, headers: {}, body: undefined }
const lost = { code: 'ERR_CLAIM_LOST' }

/** One of each, and how its time is moved. */
const forms: Readonly<Record<string, { make(times?: DedupeTimes): Dedupe; pass(seconds: number): Promise<unknown> }>> =
  {
    memory: { make: times => memoryDedupe({ ...times, clock }), pass: async seconds => clock.advance({ seconds }) },
    sqlite: {
      make: times => sqliteDedupe({ path, clock, ...times }),
      pass: async seconds => clock.advance({ seconds }),
    },
    postgres: {
      make: times => postgresDedupe({ pool, ...times }),
      pass: seconds => pool.query(`update ringback.received set until = until - $1 * interval '1 second'`, [seconds]),
    },
  }

async function claimed(dedupe: Dedupe, key: string): Promise<{ key: string; token: string }> {
  const claim = await dedupe.claim(key)
  assert.equal(claim.state, 'claimed')
  return { key, token: (claim as { token: string }).token }
}

for (const [name, { make, pass }] of Object.entries(forms))
  describe(`The dedupe in ${name}`, () => {
    const dedupe = make()

    it('gives a claim once, and then the response', async () => {
      const claim = await claimed(dedupe, 'once')
      const running = await dedupe.claim('once')
      assert.equal(running.state, 'running')
      assert.ok(running.state === 'running' && running.retryAfterMs > 50_000 && running.retryAfterMs <= 60_000)
      await dedupe.complete(claim, response)
      for (const _ of [1, 2]) assert.deepEqual(await dedupe.claim('once'), { state: 'handled', response })
      await assert.rejects(async () => dedupe.complete(claim, other), lost)
      await dedupe.release(claim)
      assert.deepEqual(await dedupe.claim('once'), { state: 'handled', response })
    })

    it('takes a claim back, and keeps a response without a body', async () => {
      await dedupe.release(await claimed(dedupe, 'back'))
      const claim = await claimed(dedupe, 'back')
      await dedupe.complete(claim, other)
      assert.deepEqual(await dedupe.claim('back'), { state: 'handled', response: other })
    })

    it('gives a claim to another when its lease is over, and the first has lost it', async () => {
      const first = await claimed(dedupe, 'lease')
      await pass(61)
      const second = await claimed(dedupe, 'lease')
      await assert.rejects(async () => dedupe.complete(first, other), lost)
      await dedupe.release(first)
      assert.equal((await dedupe.claim('lease')).state, 'running')
      await dedupe.complete(second, response)
    })

    it('lets one of many who claim at the same time have it', async () => {
      const others = name === 'memory' ? [dedupe] : [dedupe, make(), make()]
      const all = await Promise.all(
        Array.from({ length: 30 }, async (_, index) => others[index % others.length]!.claim('many')),
      )
      assert.equal(all.filter(({ state }) => state === 'claimed').length, 1)
      assert.equal(all.filter(({ state }) => state === 'running').length, 29)
    })

    it('forgets what is too old', async () => {
      const short = name === 'memory' ? make({ keepDays: 1 }) : make({ keepDays: 1 })
      await short.complete(await claimed(short, 'old'), response)
      await pass(86_300)
      assert.equal((await short.claim('old')).state, 'handled')
      await pass(200)
      assert.equal((await short.claim('old')).state, 'claimed')
    })
  })

test('an SQLite transaction decides whether a message was handled', async () => {
  const own = join(folder, 'own.sqlite')
  using database = new DatabaseSync(own)
  database.exec('create table payment (invoice text)')
  const dedupe = sqliteDedupe({ path: own })
  const claim = await claimed(dedupe, 'paid')
  for (const end of ['rollback', 'commit']) {
    database.exec('begin immediate')
    database.prepare('insert into payment values (?)').run(end)
    assert.equal(dedupe.complete(claim, response, database), undefined)
    database.exec(end)
  }
  assert.deepEqual(await dedupe.claim('paid'), { state: 'handled', response })
  assert.deepEqual(
    database
      .prepare('select invoice from payment')
      .all()
      .map(row => row['invoice']),
    ['commit'],
  )
  assert.equal(database.prepare('pragma journal_mode').get()?.['journal_mode'], 'delete')
  const refused = { code: 'ERR_NOT_IN_TRANSACTION' }
  using elsewhere = new DatabaseSync(join(folder, 'elsewhere.sqlite'))
  elsewhere.exec('create table t (a); begin')
  using memory = new DatabaseSync(':memory:')
  memory.exec('begin')
  for (const wrong of [database, elsewhere, memory, {}, null, 7])
    assert.throws(() => dedupe.complete(claim, response, wrong), refused)
  assert.throws(() => sqliteDedupe({ path: ':memory:' }), { code: 'ERR_DEFINITION' })
})

test('a PostgreSQL transaction decides whether a message was handled', async () => {
  await pool.query('create table payment (invoice text)')
  const dedupe = postgresDedupe({ pool, schema: 'odd \'name"' })
  const claim = await claimed(dedupe, 'paid')
  const client = await pool.connect()
  for (const end of ['rollback', 'commit']) {
    await client.query('begin')
    await client.query('insert into payment values ($1)', [end])
    await dedupe.complete(claim, response, client)
    await client.query(end)
  }
  assert.deepEqual(await dedupe.claim('paid'), { state: 'handled', response })
  assert.deepEqual((await pool.query('select invoice from payment')).rows, [{ invoice: 'commit' }])
  const refused = { code: 'ERR_NOT_IN_TRANSACTION' }
  for (const wrong of [client, pool, {}, null])
    await assert.rejects(async () => dedupe.complete(claim, response, wrong), refused)
  await client.query('begin')
  await assert.rejects(async () => dedupe.complete(claim, response, client), lost)
  assert.equal((await client.query('select 1 as one')).rows[0].one, 1)
  await client.query('rollback')
  client.release()
})

test('many who make the tables at the same time all find them', async () => {
  const all = Array.from({ length: 6 }, () => postgresDedupe({ pool, schema: 'raced' }))
  const claims = await Promise.all(all.map(async (dedupe, index) => dedupe.claim(String(index))))
  assert.ok(claims.every(({ state }) => state === 'claimed'))
})
