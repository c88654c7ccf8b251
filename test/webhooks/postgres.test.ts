import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import pg from 'pg'
import { emptiedPostgresStores } from '../support/emptied-postgres-store.ts'
import { startPostgres } from '../support/postgres-server.ts'
import { spellings, toldSecrets } from './told-secrets.ts'
import { webhookCases } from './webhook-cases.ts'

const server = await startPostgres()
const pool = new pg.Pool({ connectionString: server.connectionString, max: 5 })
after(async () => {
  await pool.end()
  await server.stop()
})

const makeStore = emptiedPostgresStores(pool, 'ringback')
for (const cases of webhookCases) cases('PostgreSQL', makeStore)

test('No secret and no value of a header is in any table of PostgreSQL', async t => {
  const { secrets, text } = await toldSecrets(t, makeStore)
  const { rows: tables } = await pool.query("select tablename from pg_tables where schemaname = 'ringback'")
  let dump = text
  for (const { tablename } of tables) {
    // Bytes are written in hexadecimal digits
    const { rows } = await pool.query(`select t::text as row from ringback."${tablename}" t`)
    dump += rows.map(({ row }) => row).join()
  }
  assert.ok(dump.includes('invoice.paid'))
  for (const secret of secrets)
    for (const spelling of spellings(secret))
      for (const written of [spelling.toString('utf8'), spelling.toString('hex')])
        assert.equal(dump.includes(written), false)
})
