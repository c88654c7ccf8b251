import { CompiledQuery, Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import { HttpError, Ringback } from 'ringback'
import { type PostgresTransaction, postgresStore } from 'ringback/postgres'
import { creation, type Settings } from './invoice.ts'

interface Tables {
  readonly invoice: { readonly id: string; readonly total: number }
}

/** A transaction of Kysely as the store takes it. */
const within = (trx: Transaction<Tables>): PostgresTransaction => ({
  query: (text, values) => trx.executeQuery<object>(CompiledQuery.raw(text, [...values])),
})

/** An invoice and its callback in one commit, with Kysely on PostgreSQL. */
export function invoicesWithKysely({ database, masterSecret }: Settings): Ringback {
  const pool = new pg.Pool({ connectionString: database, max: 10 })
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const app = new Ringback({
    title: 'Invoices',
    version: '1.0.0',
    delivery: { store: postgresStore({ pool }), signing: { masterSecret }, worker: false },
    async *lifespan() {
      yield
      await db.destroy()
    },
  })

  app.post('/invoices', creation, ({ body, callbacks }) =>
    db.transaction().execute(async trx => {
      await trx.insertInto('invoice').values(body).execute()
      await callbacks.invoiceCreated.send(body, { transaction: within(trx) })
      if (body.total < 0) throw new HttpError(409, 'A total is not negative')
    }),
  )
  return app
}
