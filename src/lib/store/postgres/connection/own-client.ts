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
