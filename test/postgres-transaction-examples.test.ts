import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { Ringback } from 'ringback'
import { generateSecret } from 'ringback/signature'
import { invoicesWithDrizzle } from '../examples/transactions/drizzle.ts'
import type { Settings } from '../examples/transactions/invoice.ts'
import { invoicesWithKysely } from '../examples/transactions/kysely.ts'
import { invoicesWithKyselyOnSqlite } from '../examples/transactions/kysely-sqlite.ts'
import { invoicesWithPg } from '../examples/transactions/pg.ts'
import { type PostgresServer, startPostgres } from './support/postgres-server.ts'

const masterSecret = generateSecret()
const folder = mkdtempSync(join(tmpdir(), 'ringback-transactions-'))
const file = join(folder, 'invoices.sqlite')
const table = 'create table invoice (id text primary key, total integer not null)'
let server: PostgresServer
let client: pg.Client

before(async () => {
  server = await startPostgres()
  client = new pg.Client({ connectionString: server.connectionString })
  await client.connect()
  await client.query(table)
  using database = new DatabaseSync(file)
  database.exec(table)
})
after(async () => {
  await client.end()
  await server.stop()
  rmSync(folder, { recursive: true })
})

const inPostgres = async () => (await client.query('select id from invoice')).rows.map(({ id }) => String(id))
const inSqlite = () => {
  using database = new DatabaseSync(file)
  return database
    .prepare('select id from invoice')
    .all()
    .map(({ id }) => String(id))
}

const examples: readonly (readonly [name: string, create: (settings: Settings) => Ringback, path: string])[] = [
  ['pg', invoicesWithPg, '/invoices'],
  ['pg by hand', invoicesWithPg, '/by-hand'],
  ['Kysely', invoicesWithKysely, '/invoices'],
  ['Drizzle', invoicesWithDrizzle, '/invoices'],
  ['Kysely on SQLite', invoicesWithKyselyOnSqlite, '/invoices'],
]

for (const [name, create, path] of examples)
  test(`with ${name} an invoice and its delivery are committed together, and rolled back together`, async () => {
    const isSqlite = name.endsWith('SQLite')
    const app = create({ database: isSqlite ? file : server.connectionString, masterSecret })
    await app.start()
    const id = name.replaceAll(' ', '-')
    const order = async (id: string, total: number) => {
      const url = `http://a.example${path}?callback_url=https://b.example`
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify({ id, total })
      return (await app.fetch(new Request(url, { method: 'POST', headers, body }))).status
    }
    const orders = [order(id, 7), order(`${id}-undone`, -7), order(`${id}-2`, 8), order(`${id}-undone-2`, -8)]
    assert.deepEqual(await Promise.all(orders), [204, 409, 204, 409])
    const invoices = isSqlite ? inSqlite() : await inPostgres()
    const isOwn = (other: string) => other.startsWith(id) && !(name === 'pg' && other.startsWith('pg-by'))
    assert.deepEqual(invoices.filter(isOwn).sort(), [id, `${id}-2`])
    const { items } = await app.deliveries.list({ url: `https://b.example/invoices/${id}` })
    const delivered = items.map(({ url }) => decodeURIComponent(url.split('/').at(-1)!))
    assert.deepEqual(delivered.filter(isOwn).sort(), [id, `${id}-2`])
    await app.close()
  })
