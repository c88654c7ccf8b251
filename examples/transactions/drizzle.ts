import { type SQL, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { HttpError, Ringback } from 'ringback'
import { type PostgresTransaction, postgresStore } from 'ringback/postgres'
import { creation, type Settings } from './invoice.ts'

const invoice = pgTable('invoice', { id: text().primaryKey(), total: integer().notNull() })

/** A transaction of Drizzle as the store takes it: a statement becomes the parts that Drizzle puts together. */
const within = (tx: { execute(query: SQL): Promise<{ rows: object[] }> }): PostgresTransaction => ({
  query: (statement, values) => {
    const parts = statement.split(/\$(\d+)/)
    return tx.execute(sql.join(parts.map((part, at) => (at % 2 === 0 ? sql.raw(part) : sql.param(values[+part - 1])))))
  },
})

/** An invoice and its callback in one commit, with Drizzle on PostgreSQL. */
export function invoicesWithDrizzle({ database, masterSecret }: Settings): Ringback {
  const pool = new pg.Pool({ connectionString: database, max: 10 })
  const db = drizzle({ client: pool })
  const app = new Ringback({
    title: 'Invoices',
    version: '1.0.0',
    delivery: { store: postgresStore({ pool }), signing: { masterSecret }, worker: false },
    async *lifespan() {
      yield
      await pool.end()
    },
  })

  app.post('/invoices', creation, ({ body, callbacks }) =>
    db.transaction(async tx => {
      await tx.insert(invoice).values(body)
      await callbacks.invoiceCreated.send(body, { transaction: within(tx) })
      if (body.total < 0) throw new HttpError(409, 'A total is not negative')
    }),
  )
  return app
}
