import { after } from 'node:test'
import pg from 'pg'
import { emptiedPostgresStores } from '../support/emptied-postgres-store.ts'
import { startPostgres } from '../support/postgres-server.ts'
import { webhookCases } from './webhook-cases.ts'

const server = await startPostgres()
const pool = new pg.Pool({ connectionString: server.connectionString, max: 5 })
after(async () => {
  await pool.end()
  await server.stop()
})

const makeStore = emptiedPostgresStores(pool, 'ringback')
for (const cases of webhookCases) cases('PostgreSQL', makeStore)
