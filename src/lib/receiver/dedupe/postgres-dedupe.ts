import { createHash, randomUUID } from 'node:crypto'
import { DefinitionError } from '../../definition/definition-error.ts'
import { quoted } from '../../definition/quoted.ts'
import { NotInTransactionError } from '../../delivery/not-in-transaction-error.ts'
import { ClaimLostError } from './claim-lost-error.ts'
import type { ClaimedMessage, Dedupe, DedupeClaim, DedupeTimes, StoredResponse } from './dedupe.ts'
import { dedupeTimesMs } from './dedupe-times.ts'

/** A connection of `pg`, as far as it is needed here. */
interface Client {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>
}

/** A pool of `pg`, as far as it is needed here. */
export interface DedupePool {
  /** Runs one statement on any connection. */
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>
}

/** The options of `postgresDedupe`. */
export interface PostgresDedupeOptions extends DedupeTimes {
  /** A pool of `pg`. */
  readonly pool: DedupePool
  /** The schema of the table `received`; both are made where they are missing. Default: `ringback`. */
  readonly schema?: string
}

const OPTION_NAMES: Readonly<Record<keyof PostgresDedupeOptions, true>> = {
  leaseSeconds: true,
  keepDays: true,
  pool: true,
  schema: true,
}

const claimsToPurge = 256
const mostTries = 3

/**
 * Remembers handled messages in PostgreSQL, for receivers on any number of machines. Time is the server's.
 *
 * To handle a message exactly once, let the handler write its own rows in a transaction, and call
 * `handled(response, { transaction: client })` before it commits: the rows and the fact that the message was handled are
 * there together or not at all.
 *
 * @example
 * ```ts no-run
 * import { Pool } from 'pg'
 * import { callback } from 'ringback'
 * import { postgresDedupe, receive } from 'ringback/receiver'
 * import { z } from 'zod'
 *
 * const pool = new Pool({ connectionString: process.env.DATABASE_URL })
 * const paid = callback.post('{$callback_url}/paid', { body: z.object({ invoice: z.string() }) })
 * const options = { keysUrl: 'https://api.example.com/.well-known/jwks.json', dedupe: postgresDedupe({ pool }) }
 *
 * export const handler = receive(paid, options, async ({ body, handled }) => {
 *   const client = await pool.connect()
 *   try {
 *     await client.query('begin')
 *     await client.query('insert into payment values ($1)', [body.invoice])
 *     const response = await handled(undefined, { transaction: client })
 *     await client.query('commit')
 *     return response
 *   } catch (error) {
 *     await client.query('rollback')
 *     throw error
 *   } finally {
 *     client.release()
 *   }
 * })
 * ```
 */
export function postgresDedupe(options: PostgresDedupeOptions): Dedupe {
  const times = dedupeTimesMs(options, OPTION_NAMES, 'postgresDedupe')
  const { pool, schema = 'ringback' } = options
  if (typeof pool?.query !== 'function')
    throw new DefinitionError(`"pool" of "postgresDedupe" is ${quoted(pool)}: give a pool, new Pool(…) of "pg"`)
  if (typeof schema !== 'string' || !/^(?!pg_)[^\0$]{1,63}$/.test(schema))
    throw new DefinitionError(`"schema" of "postgresDedupe" is ${quoted(schema)}: give the name of a schema`)
  return new PostgresDedupe(pool, schema, times)
}

class PostgresDedupe implements Dedupe {
  readonly #pool: DedupePool
  readonly #schema: string
  readonly #table: string
  readonly #times: { readonly leaseMs: number; readonly keepMs: number }
  #ready: Promise<unknown> | undefined
  #claims = 0

  constructor(pool: DedupePool, schema: string, times: { readonly leaseMs: number; readonly keepMs: number }) {
    this.#pool = pool
    this.#schema = quotedName(schema)
    this.#table = `${this.#schema}.received`
    this.#times = times
  }

  async claim(key: string): Promise<DedupeClaim> {
    await this.#made()
    if (this.#claims++ % claimsToPurge === 0) await this.#purge()
    const token = randomUUID()
    const claimed = await this.#pool.query(
      `insert into ${this.#table} as known (key, token, until) values ($1, $2, clock_timestamp() + ${interval('$3')})
       on conflict (key) do update set token = excluded.token, until = excluded.until, status = null, headers = null, body = null
       where known.until <= clock_timestamp() returning 1`,
      [key, token, this.#times.leaseMs],
    )
    return claimed.rows.length === 1 ? { state: 'claimed', token } : this.#known(key)
  }

  async #known(key: string): Promise<DedupeClaim> {
    const { rows } = await this.#pool.query(
      `select status, headers, body, extract(epoch from until - clock_timestamp())::float8 * 1000 as "leftMs"
       from ${this.#table} where key = $1`,
      [key],
    )
    const [row] = rows as Readonly<Record<string, unknown>>[]
    // It was released just now
    if (row === undefined) return { state: 'running', retryAfterMs: 1_000 }
    if (row['status'] === null) return { state: 'running', retryAfterMs: Math.max(1, Number(row['leftMs'])) }
    return { state: 'handled', response: storedResponse(row) }
  }

  async complete(claim: ClaimedMessage, response: StoredResponse, transaction?: unknown): Promise<void> {
    if (transaction === undefined) return this.#completeOn(this.#pool, claim, response)
    const client = clientOf(transaction)
    await savepoint(client)
    try {
      await this.#completeOn(client, claim, response)
      await client.query('release savepoint ringback_received')
    } catch (error) {
      await client.query('rollback to savepoint ringback_received')
      // No such table or schema
      if (['42P01', '3F000'].includes((error as { readonly code?: string }).code ?? ''))
        throw new NotInTransactionError('it is a connection to another database')
      throw error
    }
  }

  async #completeOn(client: Client, { key, token }: ClaimedMessage, response: StoredResponse): Promise<void> {
    const { status, headers, body } = response
    const { rows } = await client.query(
      `update ${this.#table} set status = $3, headers = $4, body = $5, until = clock_timestamp() + ${interval('$6')}
       where key = $1 and token = $2 and status is null returning 1`,
      [key, token, status, JSON.stringify(headers), body === undefined ? null : Buffer.from(body), this.#times.keepMs],
    )
    if (rows.length !== 1) throw new ClaimLostError()
  }

  async release({ key, token }: ClaimedMessage): Promise<void> {
    await this.#pool.query(`delete from ${this.#table} where key = $1 and token = $2 and status is null`, [key, token])
  }

  async #purge(): Promise<void> {
    const old = `select key from ${this.#table} where until <= clock_timestamp() limit 1000 for update skip locked`
    await this.#pool.query(`delete from ${this.#table} where key in (${old})`)
  }

  #made(): Promise<unknown> {
    this.#ready ??= this.#make().catch((error: unknown) => {
      this.#ready = undefined
      throw error
    })
    return this.#ready
  }

  /** Several processes may start at once, and who may not make tables can use those that were made for him. */
  async #make(tries = mostTries): Promise<void> {
    const { rows } = await this.#pool.query('select to_regclass($1) is not null as made', [this.#table])
    if ((rows[0] as { readonly made: boolean }).made) return
    try {
      await this.#makeTable()
    } catch (error) {
      // Others of them may have been quicker in a way that no lock prevents
      if (tries === 1) throw error
      await this.#make(tries - 1)
    }
  }

  /** All in one exchange, so in one transaction. */
  async #makeTable(): Promise<void> {
    await this.#pool.query(
      `select pg_advisory_xact_lock(${lockOf(this.#table)});
       do $$ begin if to_regnamespace(${literal(this.#schema)}) is null then create schema ${this.#schema}; end if; end $$;
       create table if not exists ${this.#table} (
         key text primary key, token text not null, until timestamptz not null, status smallint, headers text, body bytea);
       create index if not exists received_until on ${this.#table} (until)`,
    )
  }
}

const interval = (milliseconds: string): string => `${milliseconds}::float8 * interval '1 millisecond'`

const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

const lockOf = (table: string): bigint => createHash('sha256').update(`ringback ${table}`).digest().readBigInt64BE()

/** A body is kept as bytes, since text in PostgreSQL takes no NUL. */
function storedResponse({ status, headers, body }: Readonly<Record<string, unknown>>): StoredResponse {
  return {
    status: Number(status),
    headers: JSON.parse(String(headers)) as Record<string, string>,
    body: body instanceof Uint8Array ? Buffer.from(body).toString() : undefined,
  }
}

function clientOf(transaction: unknown): Client {
  if (typeof transaction === 'object' && transaction !== null && 'query' in transaction)
    if (typeof transaction.query === 'function') return transaction as Client
  throw new NotInTransactionError('it is not a client of "pg"')
}

/** A pool, or a client without a transaction, cannot have one. */
async function savepoint(client: Client): Promise<void> {
  try {
    await client.query('savepoint ringback_received')
  } catch (error) {
    const { code } = error as { readonly code?: string }
    if (code !== undefined && /^(?:25|3B)/.test(code))
      throw new NotInTransactionError('no transaction is open on it, or it has failed already')
    throw error
  }
}
