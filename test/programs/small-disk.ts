// A program whose database has at most as many pages as messages say. At the limit, SQLite behaves as on a full disk.
import { DatabaseSync } from 'node:sqlite'
import { serve } from 'ringback/node'
import { sqliteStore } from 'ringback/sqlite'
import { shortLeaseApp } from './short-lease-app.ts'

const database = new DatabaseSync(process.env['TEST_STORE'] ?? '')
database.exec('pragma journal_mode = wal; pragma synchronous = full')
const store = sqliteStore({ database })
process.on('message', (pages: number) => {
  database.exec(`pragma max_page_count = ${pages}`)
  process.send?.('limited')
})

const server = await serve(shortLeaseApp({ store }), { port: 0, host: '127.0.0.1', allowLoopback: true })
process.send?.({ url: server.url })
