import type { DeliveryStore } from '../delivery/delivery-store.ts'
import { lateStore } from './late-store.ts'
import { serverName } from './postgres/connection/server-name.ts'
import { isPostgresUrl } from './postgres-url.ts'

/**
 * The store on the database server that `RINGBACK_STORE` names, in the schema that `RINGBACK_SCHEMA` names; undefined where
 * it names none. Nothing of it is loaded before its first use.
 */
export function environmentPostgresStore(): DeliveryStore | undefined {
  const connectionString = process.env['RINGBACK_STORE'] ?? ''
  if (!isPostgresUrl(connectionString)) return undefined
  const schema = process.env['RINGBACK_SCHEMA'] || 'ringback'
  return lateStore(serverName(connectionString, schema), async () => {
    const { postgresStore } = await import('./postgres/postgres-store.ts')
    return postgresStore({ connectionString, schema })
  })
}
