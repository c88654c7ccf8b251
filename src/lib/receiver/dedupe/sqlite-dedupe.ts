import { randomUUID } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { type Clock, systemClock } from '../../clock.ts'
import { DefinitionError } from '../../definition/definition-error.ts'
import { NotInTransactionError } from '../../delivery/not-in-transaction-error.ts'
import { ClaimLostError } from './claim-lost-error.ts'
import type { ClaimedMessage, Dedupe, DedupeClaim, DedupeTimes, StoredResponse } from './dedupe.ts'
import { dedupeTimesMs } from './dedupe-times.ts'

/** The options of `sqliteDedupe`. */
export interface SqliteDedupeOptions extends DedupeTimes {
  /**
   * The database file, made if there is none. For rows that commit together with what was handled, name your own
   * database: it gets the table `ringback_received`.
   */
  readonly path: string
  readonly clock?: Clock
}

const OPTION_NAMES: Readonly<Record<keyof SqliteDedupeOptions, true>> = {
  leaseSeconds: true,
  keepDays: true,
  path: true,
  clock: true,
}

/** Every so many claims, what is too old is removed. */
const claimsToPurge = 256

const claimText = `insert into ringback_received (key, token, until) values (?, ?, ?)
on conflict (key) do update set token = excluded.token, until = excluded.until, status = null, headers = null, body = null
where until <= ? returning 1`

const completeText = `update ringback_received set status = ?, headers = ?, body = ?, until = ?
where key = ? and token = ? and status is null`

/**
 * Remembers handled messages in an SQLite database that the processes of one machine share.
 *
 * To handle a message exactly once, let the handler write its own rows in the same file, by a connection of its own, and
 * call `handled(response, { transaction: database })` before it commits: the rows and the fact that the message was
 * handled are there together or not at all. Begin with `begin immediate`, and wait for nothing in between, as one
 * connection has one transaction.
 *
 * @example
 * ```ts
 * import { DatabaseSync } from 'node:sqlite'
 * import { callback } from 'ringback'
 * import { receive, sqliteDedupe } from 'ringback/receiver'
 * import { generateSecret } from 'ringback/signature'
 * import { z } from 'zod'
 *
 * const path = 'payments.sqlite'
 * const database = new DatabaseSync(path)
 * database.exec('create table if not exists payment (invoice text)')
 * const paid = callback.post('{$callback_url}/paid', { body: z.object({ invoice: z.string() }) })
 * const options = { secrets: [generateSecret()], dedupe: sqliteDedupe({ path }) }
 *
 * export const handler = receive(paid, options, ({ body, handled }) => {
 *   database.exec('begin immediate')
 *   try {
 *     database.prepare('insert into payment values (?)').run(body.invoice)
 *     const response = handled(undefined, { transaction: database })
 *     database.exec('commit')
 *     return response
 *   } catch (error) {
 *     database.exec('rollback')
 *     throw error
 *   }
 * })
 * ```
 */
export function sqliteDedupe(options: SqliteDedupeOptions): Dedupe {
  const times = dedupeTimesMs(options, OPTION_NAMES, 'sqliteDedupe')
  const { path, clock = systemClock } = options
  if (typeof path !== 'string' || path === '' || path === ':memory:')
    throw new DefinitionError('"path" of "sqliteDedupe" is not a file: give one, such as "received.sqlite"')
  return new SqliteDedupe(path, times, clock)
}

class SqliteDedupe implements Dedupe {
  readonly #path: string
  readonly #times: { readonly leaseMs: number; readonly keepMs: number }
  readonly #clock: Clock
  #database: DatabaseSync | undefined
  #claims = 0

  constructor(path: string, times: { readonly leaseMs: number; readonly keepMs: number }, clock: Clock) {
    this.#path = path
    this.#times = times
    this.#clock = clock
  }

  async claim(key: string): Promise<DedupeClaim> {
    // Where no SQLite is used, none is loaded
    const { openReceivedDatabase } = await import('./open-received-database.ts')
    this.#database ??= openReceivedDatabase(resolve(this.#path))
    const now = this.#clock.now()
    if (this.#claims++ % claimsToPurge === 0) purge(this.#database, now)
    const token = randomUUID()
    // One statement, so that of several processes one has it
    const claimed = this.#database.prepare(claimText).get(key, token, now + this.#times.leaseMs, now)
    return claimed === undefined ? known(this.#database, key, now) : { state: 'claimed', token }
  }

  complete({ key, token }: ClaimedMessage, { status, headers, body }: StoredResponse, transaction?: unknown): void {
    const connection = transaction === undefined ? this.#database! : inTransaction(transaction, this.#path)
    const until = this.#clock.now() + this.#times.keepMs
    const values = [status, JSON.stringify(headers), body ?? null, until, key, token]
    if (connection.prepare(completeText).run(...values).changes !== 1) throw new ClaimLostError()
  }

  release({ key, token }: ClaimedMessage): void {
    const text = 'delete from ringback_received where key = ? and token = ? and status is null'
    this.#database!.prepare(text).run(key, token)
  }
}

/** A message that somebody has claimed or handled. */
function known(database: DatabaseSync, key: string, now: number): DedupeClaim {
  const row = database.prepare('select until, status, headers, body from ringback_received where key = ?').get(key)
  // It was released just now
  if (row === undefined) return { state: 'running', retryAfterMs: 1_000 }
  if (row['status'] === null) return { state: 'running', retryAfterMs: Math.max(1, Number(row['until']) - now) }
  return { state: 'handled', response: storedResponse(row) }
}

function storedResponse({ status, headers, body }: Readonly<Record<string, unknown>>): StoredResponse {
  return {
    status: Number(status),
    headers: JSON.parse(String(headers)) as Record<string, string>,
    body: typeof body === 'string' ? body : undefined,
  }
}

function purge(database: DatabaseSync, now: number): void {
  const old = 'select key from ringback_received where until <= ? limit 1000'
  database.prepare(`delete from ringback_received where key in (${old})`).run(now)
}

function inTransaction(transaction: unknown, path: string): DatabaseSync {
  const connection = transaction as Partial<DatabaseSync> | null
  if (typeof connection?.prepare !== 'function' || typeof connection.location !== 'function')
    throw new NotInTransactionError('it is not a connection of "node:sqlite"')
  if (connection.isTransaction !== true) throw new NotInTransactionError('no transaction is open on it')
  const location = connection.location()
  if (location === null || realpathSync(location) !== realpathSync(resolve(path)))
    throw new NotInTransactionError('it is a connection to another database')
  return transaction as DatabaseSync
}
