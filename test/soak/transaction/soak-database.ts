import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { startPostgres } from '../../support/postgres-server.ts'

export type SoakStore = 'sqlite' | 'postgres'

/** A database with a table of invoices, which the killed program uses. */
export interface SoakDatabase extends AsyncDisposable {
  /** What the program is told. */
  readonly address: string
  invoices(): Promise<Set<string>>
  deliveries(): Promise<Set<string>>
}

const table = 'create table invoice (id text primary key)'

export const openSoakDatabase = (store: SoakStore): Promise<SoakDatabase> =>
  store === 'sqlite' ? openSqlite() : openPostgres()

async function openSqlite(): Promise<SoakDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-transactions-'))
  const address = join(folder, 'invoices.sqlite')
  const database = new DatabaseSync(address, { timeout: 5_000 })
  database.exec(`pragma journal_mode = wal; ${table}`)
  const read = async (sql: string) =>
    new Set(
      database
        .prepare(sql)
        .all()
        .map(({ id }) => String(id)),
    )
  return {
    address,
    invoices: () => read('select id from invoice'),
    deliveries: () => read("select replace(url, 'https://a.example/', '') as id from ringback_delivery"),
    async [Symbol.asyncDispose]() {
      database.close()
      rmSync(folder, { recursive: true })
    },
  }
}

async function openPostgres(): Promise<SoakDatabase> {
  const { connectionString: address, stop } = await startPostgres()
  const client = new pg.Client({ connectionString: address })
  await client.connect()
  await client.query(table)
  const read = async (sql: string) => new Set((await client.query(sql)).rows.map(({ id }) => String(id)))
  // The server may still be busy with the last statement of a process that was killed.
  const settled = async () => {
    const others = `select pid as id from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`
    while ((await read(others)).size > 0);
  }
  return {
    address,
    async invoices() {
      await settled()
      return read('select id from invoice')
    },
    deliveries: () => read("select replace(url, 'https://a.example/', '') as id from ringback.delivery"),
    async [Symbol.asyncDispose]() {
      await client.end()
      await stop()
    },
  }
}
