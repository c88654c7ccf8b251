import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { callback, HttpError, Ringback } from 'ringback'
import { postgresStore } from 'ringback/postgres'
import { sqliteStore } from 'ringback/sqlite'
import { z } from 'zod'

/**
 * An application that handles invoices in the transaction of its store, several at a time, until it is killed. Every third
 * handler throws after it has written. It tells its parent before each commit and after each response.
 */
const [kind = '', database = '', masterSecret = '', round = ''] = process.argv.slice(2)
const LANES = 4
const created = callback.post('https://a.example/{id}', { params: z.object({ id: z.string() }) })
const options = { title: 'Invoices', version: '1.0.0' }
const delivery = { signing: { masterSecret }, worker: false }

function onSqlite(): Ringback {
  const connection = new DatabaseSync(database, { timeout: 5_000 })
  const store = sqliteStore({ database: connection })
  const app = new Ringback({ ...options, delivery: { ...delivery, store } })
  const dependencies = { tx: store.transaction }
  app.post('/{id}', { dependencies, callbacks: { created } }, async ({ params, callbacks, tx }) => {
    tx.prepare('insert into invoice (id) values (?)').run(params.id)
    await callbacks.created.send(undefined, { path: params, transaction: tx })
    end(params.id)
  })
  return app
}

function onPostgres(): Ringback {
  const store = postgresStore({ pool: new pg.Pool({ connectionString: database, max: LANES + 3 }) })
  const app = new Ringback({ ...options, delivery: { ...delivery, store } })
  const dependencies = { tx: store.transaction }
  app.post('/{id}', { dependencies, callbacks: { created } }, async ({ params, callbacks, tx }) => {
    await tx.query('insert into invoice (id) values ($1)', [params.id])
    await callbacks.created.send(undefined, { path: params, transaction: tx })
    end(params.id)
  })
  return app
}

function end(id: string): void {
  if (id.endsWith('undone')) throw new HttpError(409, 'It is undone')
  process.send?.({ committing: id })
}

const app = kind === 'sqlite' ? onSqlite() : onPostgres()

async function lane(number: number): Promise<never> {
  for (let at = 0; ; at++) {
    const id = `r${round}-${number}-${at}${at % 3 === 2 ? '-undone' : ''}`
    const { status } = await app.fetch(new Request(`http://localhost/${id}`, { method: 'POST' }))
    if (status === 204) process.send?.({ committed: id })
    else if (status !== 409) process.send?.({ failed: `${id}: ${status}` })
  }
}

await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)))
