export type { OwnClient, OwnPool, OwnResult } from './lib/store/postgres/connection/open-pool.ts'
export type {
  PooledPostgresClient,
  PostgresClient,
  PostgresPool,
  PostgresQuery,
} from './lib/store/postgres/connection/postgres-client.ts'
export {
  type ClientOf,
  type PostgresStore,
  type PostgresStoreLimits,
  type PostgresStoreOptions,
  postgresStore,
} from './lib/store/postgres/postgres-store.ts'
