import { after } from 'node:test'
import pg from 'pg'
import { emptiedPostgresStores } from '../../../../test/support/emptied-postgres-store.ts'
import { startPostgres } from '../../../../test/support/postgres-server.ts'
import { storeConformance } from '../conformance/store-conformance.ts'

const server = await startPostgres()
const pool = new pg.Pool({ connectionString: server.connectionString, max: 5, pipeline: true })
after(async () => {
  await pool.end()
  await server.stop()
})

storeConformance({ name: 'postgresStore', create: emptiedPostgresStores(pool, 'ringback') })
