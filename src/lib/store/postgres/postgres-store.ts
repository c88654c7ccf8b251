import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import { endsWithin } from '../../ends-within.ts'
import type { DependencyNeeds } from '../../operation/dependency-definition.ts'
import type { Dependency } from '../../operation/dependency-set.ts'
import type { NoHeaders, NoQuery } from '../../operation/responses.ts'
import type { NoPart } from '../../schema/schema.ts'
import { queuedStore } from '../queue/queued-store.ts'
import { KnownLeases } from './attempts/known-leases.ts'
import { checkPostgresOptions } from './check-postgres-options.ts'
import { Committer } from './connection/committer.ts'
import { openPool } from './connection/open-pool.ts'
import type { OwnClient, OwnPool } from './connection/own-client.ts'
import type { PooledPostgresClient, PostgresPool } from './connection/postgres-client.ts'
import { serverName } from './connection/server-name.ts'
import { createStatements } from './connection/statement.ts'
import { userTransactions } from './connection/user-transaction.ts'
import { lineOf } from './line-of.ts'
import { transactionDependency } from './transaction-dependency.ts'
import { WaitingWorker } from './wake/waiting-worker.ts'
import { WakeSignal } from './wake/wake-signal.ts'

/** Which database, and how much may wait for it. */
export type PostgresStoreOptions<Pool extends PostgresPool = PostgresPool> = PostgresStoreLimits &
  (
    | {
        /**
         * Your own pool of `pg`, which you end. The store takes up to three of its connections at a time, beside those of
         * `transaction`.
         */
        readonly pool: Pool
        readonly connectionString?: never
        readonly connections?: never
      }
    | {
        /** Where the database is, `postgres://user:password@host:5432/database`; the store makes a pool of its own. */
        readonly connectionString: string
        /** Connections for `transaction` at most, beside the three that the store uses. Default: 10. */
        readonly connections?: number
        readonly pool?: never
      }
  )

/** Where the tables are, how statements are sent, and how much may wait; see {@link PostgresStoreOptions}. */
export interface PostgresStoreLimits {
  /** The schema of the tables, made where there is none: one of its own. Default: `ringback`. */
  readonly schema?: string
  /**
   * Has the server plan each statement once for a connection. Leave it out behind a pooler that gives a connection to one
   * transaction after the other and knows nothing of prepared statements (PgBouncer before 1.21). Default: false.
   */
  readonly preparedStatements?: boolean
  /**
   * How workers learn of what other processes have added: they look every 0.25 to 1 s, or also listen, which takes some
   * milliseconds. It needs a connection for each worker that is always the same: not through a pooler that gives one to
   * transaction after transaction. Whoever adds needs the same setting. Default: `poll`.
   */
  readonly wake?: 'poll' | 'listen'
  /** Where a worker connects to listen, if `connectionString` leads to such a pooler, or a `pool` was given. */
  readonly listenConnectionString?: string
  /**
   * Whose time holds: the server's, which is the same for all machines, or that which the caller tells, for tests with a
   * clock of their own. Default: `server`.
   */
  readonly time?: 'server' | 'caller'
  /** Operations that may wait; more are refused with `StoreUnavailableError`. Default: 10,000. */
  readonly queueLimit?: number
  /**
   * How long an operation may wait, from its call on, for the queue, a connection and the database. A commit that is not
   * answered by then is refused with `StoreOutcomeUnknownError`. Default: 5,000.
   */
  readonly waitLimitMs?: number
}

type Names<Union> = Union extends unknown ? keyof Union : never

const STORE_NAMES: Readonly<Record<Names<PostgresStoreOptions>, true>> = {
  pool: true,
  connectionString: true,
  connections: true,
  schema: true,
  preparedStatements: true,
  wake: true,
  listenConnectionString: true,
  time: true,
  queueLimit: true,
  waitLimitMs: true,
}

/** One for each line of operations. */
const ownConnections = 3
const defaultConnections = 10
const defaultWaitMs = 5_000

/** What a pool gives: that of `pg` can also be asked with a callback. */
export type ClientOf<Pool extends PostgresPool> = Pool extends {
  connect: { (): Promise<infer Client extends PooledPostgresClient>; (callback: never): unknown }
}
  ? Client
  : PooledPostgresClient

/** A store in PostgreSQL, and what is done with its database. */
export interface PostgresStore<Client extends PooledPostgresClient = OwnClient> extends DeliveryStore {
  /** Makes the tables, or brings them to this release's version, as the first use does otherwise. */
  migrate(): Promise<void>
  /**
   * A dependency: a client on which a transaction is open. It is committed when the handler has returned, before the
   * response goes out, and rolled back where the handler throws. `send(body, { transaction })` with this client stores in it.
   */
  readonly transaction: Dependency<Client, DependencyNeeds<NoPart<'params'>, NoQuery, NoHeaders, {}>>
}

/**
 * Keeps deliveries in PostgreSQL, 14 or later, in a schema of its own: any number of processes on any number of machines
 * may share it. The tables are made at the first use, under a lock. What is asked for at the same time is committed
 * together. A server that is away, or full, makes calls reject with `StoreUnavailableError`, and is recovered from without a
 * restart. It works through a pooler that gives connections to one transaction after the other, and takes `transaction`, a
 * client of `pg` on which you have begun one. The package `pg` is yours to install.
 *
 * @example
 * ```ts no-run
 * import { createDelivery } from 'ringback/delivery'
 * import { postgresStore } from 'ringback/postgres'
 * import { generateSecret } from 'ringback/signature'
 *
 * const store = postgresStore({ connectionString: 'postgres://app:password@127.0.0.1/app' })
 * const delivery = createDelivery({ store, signing: { masterSecret: generateSecret() } })
 * await delivery.start()
 * await delivery.close()
 * ```
 */
export function postgresStore<Pool extends PostgresPool = OwnPool>(
  options: PostgresStoreOptions<Pool>,
): PostgresStore<ClientOf<Pool>> {
  checkPostgresOptions(options, STORE_NAMES)
  const { schema = 'ringback', preparedStatements = false, time = 'server', waitLimitMs = defaultWaitMs } = options
  const own = ownPoolsOf(options, waitLimitMs)
  const statements = createStatements(schema, preparedStatements)
  const memory = {
    claimNotedAt: Number.NEGATIVE_INFINITY,
    foldedAt: Number.NEGATIVE_INFINITY,
    leases: new KnownLeases(),
  }
  const signal = options.wake === 'listen' ? new WakeSignal(schema) : undefined
  const parts = { statements, memory, time, schema, signal, pool: own?.store ?? options.pool! }
  const committer = new Committer(parts)
  const deadline = () => Date.now() + waitLimitMs
  const storeId = readOnce(() => committer.transact(async ({ engine }) => engine.id, deadline()))
  const store = queuedStore(
    {
      location: serverName(options.connectionString, schema),
      lineOf,
      commit: batch => committer.commit(batch),
      inTransaction: userTransactions({ ...parts, storeId }),
      close: async limitMs => {
        await endsWithin(Promise.all([own?.store.end(), own?.transactions.end()]), limitMs)
      },
    },
    options,
  )
  // With a connection string the clients are those of our own pool, which is what the type says then.
  const pool = (own?.transactions ?? options.pool!) as unknown as PostgresPool<ClientOf<Pool>>
  const transaction = transactionDependency({ pool, waitLimitMs, ready: storeId })
  const told = signal === undefined ? store : wokenStore(store, options, signal)
  return { ...told, transaction, migrate: () => committer.migrate(deadline()) }
}

/** The same store, which tells its worker of what others have added. */
function wokenStore(
  store: DeliveryStore,
  { connectionString, listenConnectionString = connectionString }: PostgresStoreOptions,
  signal: WakeSignal,
): DeliveryStore {
  const waiting = new WaitingWorker(listenConnectionString!, signal)
  return {
    ...store,
    watch: wake => waiting.watch(wake),
    async claim(request) {
      const result = await store.claim(request)
      waiting.claimed(request, result)
      return result
    },
  }
}

function ownPoolsOf({ connectionString, connections = defaultConnections }: PostgresStoreOptions, waitMs: number) {
  if (connectionString === undefined) return undefined
  const options = { connectionString, connectTimeoutMs: waitMs }
  return {
    store: openPool({ ...options, connections: ownConnections, pipeline: true }),
    transactions: openPool({ ...options, connections, pipeline: false }),
  }
}

/** What is read at the first call; again where that went wrong. */
function readOnce<T>(read: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined
  return () => {
    value ??= read().catch(error => {
      value = undefined
      throw error
    })
    return value
  }
}
