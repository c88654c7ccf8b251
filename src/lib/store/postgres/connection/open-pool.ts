import { DefinitionError } from '../../../definition/definition-error.ts'
import { errorCode } from '../../../error-code.ts'
import { once } from '../../../once.ts'
import type { PooledPostgresClient, PostgresPool, PostgresQuery } from './postgres-client.ts'

/** A pool of the store's own. */
export interface OwnPool extends PostgresPool<OwnClient> {
  end(): Promise<void>
}

/** A connection of it, as far as programs use one within a transaction; it is a `PoolClient` of `pg`. */
export interface OwnClient extends PooledPostgresClient {
  query(query: PostgresQuery): Promise<OwnResult>
  query(text: string, values?: unknown[]): Promise<OwnResult>
}

/** What a statement gave. */
export interface OwnResult {
  readonly rows: readonly Record<string, unknown>[]
  readonly rowCount: number | null
}

/** What a pool of the store's own is made with. */
export interface OwnPoolOptions {
  readonly connectionString: string
  readonly connections: number
  readonly connectTimeoutMs: number
}

/** The part of `pg` that is used; the program installs it. */
interface Pg {
  readonly Pool: new (
    options: object,
  ) => {
    connect(): Promise<OwnClient>
    end(): Promise<void>
    on(event: 'error', listener: (error: Error) => void): unknown
  }
}

/** Opens a pool at its first use. */
export function openPool({ connectionString, connections, connectTimeoutMs }: OwnPoolOptions): OwnPool {
  let isOpen = false
  const pool = once(async () => {
    isOpen = true
    const { Pool } = await loadPg()
    const made = new Pool({
      connectionString,
      max: connections,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      application_name: 'ringback',
      allowExitOnIdle: true,
    })
    // A connection that breaks while nobody uses it is simply no longer there.
    made.on('error', () => {})
    return made
  })
  return {
    connect: async () => (await pool()).connect(),
    end: async () => {
      if (isOpen) await (await pool()).end()
    },
  }
}

async function loadPg(): Promise<Pg> {
  try {
    const { default: pg } = (await import('pg')) as unknown as { readonly default: Pg }
    return pg
  } catch (error) {
    if (errorCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new DefinitionError('"postgresStore" needs the package "pg": run npm install pg')
  }
}
