/** A statement as `pg` takes it. */
export interface PostgresQuery {
  readonly text: string
  readonly values?: unknown[]
  readonly name?: string
  readonly types?: { getTypeParser(oid: number, format?: string): (value: string) => unknown }
}

/** A connection of `pg`, as far as a store needs one: a `Client`, or what `pool.connect()` gives. */
export interface PostgresClient {
  query(query: PostgresQuery): Promise<{ readonly rows: readonly unknown[] }>
  /** Whether it sends what it is asked before it was answered, as `pg` does from 8.23 on where its options say so. */
  pipeline?: boolean
}

/** A connection that goes back to its pool; with `true` it is closed instead. */
export interface PooledPostgresClient extends PostgresClient {
  on(event: 'error', listener: (error: Error) => void): unknown
  off(event: 'error', listener: (error: Error) => void): unknown
  release(destroy?: boolean): void
}

/** A pool of `pg`, as far as a store needs one. */
export interface PostgresPool<Client extends PooledPostgresClient = PooledPostgresClient> {
  connect(): Promise<Client>
}
