export type { OwnClient, OwnPool, OwnResult } from './lib/store/postgres/connection/own-client.ts'
export type {
  PooledPostgresClient,
  PostgresClient,
  PostgresPool,
  PostgresQuery,
} from './lib/store/postgres/connection/postgres-client.ts'
export type { PostgresTransaction } from './lib/store/postgres/connection/transaction-client.ts'
export {
  type ClientOf,
  type PostgresStore,
  type PostgresStoreLimits,
  type PostgresStoreOptions,
  postgresStore,
} from './lib/store/postgres/postgres-store.ts'
