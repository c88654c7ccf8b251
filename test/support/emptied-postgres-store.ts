import type { Pool } from 'pg'
import { type PostgresStore, postgresStore } from '../../src/lib/store/postgres/postgres-store.ts'

const tables = ['origin', 'destination', 'arrival', 'message', 'delivery', 'queue', 'settled', 'attempt', 'held', 'key']
const ofWebhooks = ['endpoint', 'webhook_message', 'fanout', 'notice']
const emptied = [...tables, 'secret', 'replay', 'tally', ...ofWebhooks]

/** Makes stores of one schema that tell the time as they are told, each of them empty: it costs far less than tables of its own. */
export function emptiedPostgresStores(pool: Pool, schema: string): () => Promise<PostgresStore> {
  const empty = [
    ...emptied.map(table => `delete from "${schema}"."${table}"`),
    `update "${schema}".engine set latest_at = null, held_at = null, held_reason = null, held_by = null`,
    `update "${schema}".last_claim set at = null`,
  ].join('; ')
  let isMade = false
  return async () => {
    const store = postgresStore({ pool, schema, time: 'caller', preparedStatements: true })
    if (isMade) await pool.query(empty)
    else await store.migrate()
    isMade = true
    return store
  }
}
